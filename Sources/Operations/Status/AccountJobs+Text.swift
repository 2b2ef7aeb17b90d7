import Storage

extension AccountJobs {
    /// For jobs whose account the daemon does not use.
    var missingText: String {
        "\(endpoint): \(HumanText.count(jobs, "job names", "jobs name")) the account \(account), which the daemon does not use. Try: configure the account and restart the daemon, or run asinqd cancel --\(endpoint) --account \(account)"
    }
}
