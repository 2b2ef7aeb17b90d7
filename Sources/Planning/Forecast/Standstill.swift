/// Why jobs at an endpoint never finish by themselves. The raw values are part of `plan --json`.
package enum Standstill: String, Equatable, Sendable {
    case paused
    case halted
    /// There is no key for the provider, or no plan that needs none.
    case noAccount = "no_account"
    /// Jobs name an account that the daemon does not work.
    case missingAccount = "missing_account"
    /// No call can be recorded.
    case diskFull = "disk_full"

    init?(_ hold: Hold) {
        switch hold {
        case .paused: self = .paused
        case .halted: self = .halted
        default: return nil
        }
    }
}
