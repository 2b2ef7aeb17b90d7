package import Planning
internal import Providers
package import Storage

/// How `run --until-empty` ended: a line for each reason, and the exit code.
///
/// A reason that needs a person (1) takes precedence over one that time may resolve (75).
package struct RunEnding {
    package private(set) var lines: [String] = []
    package private(set) var code: OperationError.Kind?

    /// How many jobs are named one by one, and how many labels.
    private static let fewJobs = 5
    private static let fewLabels = 3

    /// - Parameters:
    ///   - calls: The calls that were made before the daemon started.
    ///   - waited: How long it waited for an answer, if it gave up.
    package init(
        _ settings: Settings, _ store: Store, after calls: EarlierCalls, waited: Duration?,
        at now: Timestamp
    ) throws {
        let counts = try store.jobCounts(at: now)
        let deadLetters = try store.deadLetters(after: calls)
        let accounts = Accounts(settings)
        var halted: [Endpoint] = []
        for account in settings.accounts {
            halted += try store.haltedEndpoints(among: account.endpoints, at: now)
        }
        // Several accounts have the same endpoints, whose jobs are counted once.
        var seen: Set<String> = []
        for endpoint in settings.accounts.flatMap(\.endpoints)
        where seen.insert(endpoint.name).inserted {
            let name = endpoint.name
            if let count = deadLetters[name] { addDeadLetters(count, name) }
            guard let jobs = counts[name], jobs.open > 0 else { continue }
            guard accounts.exists(for: name) else {
                addUnserved(jobs, name)
                continue
            }
            let isPaused = try store.isLanePaused(endpoint)
            if isPaused || jobs.paused > 0 {
                try addPaused(jobs, name, isLanePaused: isPaused, store)
            }
            if let waited, !isPaused, !halted.contains(endpoint) {
                try addLeft(jobs, name, waited, store)
            }
        }
        for endpoint in halted { try addHalted(endpoint, store) }
        for jobs in try settings.jobsOfMissingAccounts(in: store) {
            add(.failed, jobs.missingText + ".")
        }
    }

    private mutating func add(_ code: OperationError.Kind?, _ line: String) {
        lines.append(line)
        if let code, self.code != .failed { self.code = code }
    }

    private mutating func addDeadLetters(_ count: Int, _ endpoint: String) {
        add(
            .failed,
            "\(endpoint): \(HumanText.count(count, "new dead letter", "new dead letters")). Try: run asinqd status for the errors, then asinqd retry --\(endpoint) to ask again."
        )
    }

    private mutating func addHalted(_ endpoint: Endpoint, _ store: Store) throws {
        let last = try store.lastError(at: endpoint)
        let reason =
            last?.entry.outcome == .rejected
            ? "The provider rejected \(Planner.rejectionsMax) products in a row, and jobs are still queued."
            : "The provider rejected the key or the address, and jobs are still queued."
        let status = last?.httpStatus.map { "\($0): " } ?? ""
        let message = TerminalText.excerpt(last?.message ?? "no message", 300)
        add(
            .failed,
            "\(endpoint.name): \(reason) It said: \(status)\(message). Try: run asinqd status to see what to change, then asinqd resume --\(endpoint.name)."
        )
    }

    private mutating func addUnserved(_ jobs: JobCounts, _ endpoint: String) {
        let count = jobs.open
        add(
            .failed,
            "\(endpoint): \(HumanText.count(count, "job", "jobs")) left, \(Accounts.missing(for: endpoint))."
        )
    }

    private mutating func addPaused(
        _ jobs: JobCounts, _ endpoint: String, isLanePaused: Bool, _ store: Store
    ) throws {
        var commands: [String] = []
        if isLanePaused { commands.append("asinqd resume --\(endpoint)") }
        if jobs.paused > 0 {
            let labels = try store.pausedLabels(at: endpoint, limit: Self.fewLabels)
            commands += labels.map { label in
                label.map {
                    "asinqd resume --\(endpoint) --label '\(TerminalText.excerpt($0, 100))'"
                } ?? "asinqd resume --\(endpoint) with the products"
            }
        }
        let count = jobs.paused + (isLanePaused ? jobs.waiting : 0)
        add(
            nil,
            "\(endpoint): \(HumanText.count(count, "paused job", "paused jobs")) left. Try: run \(commands.joined(separator: ", "))."
        )
    }

    private mutating func addLeft(
        _ jobs: JobCounts, _ endpoint: String, _ waited: Duration, _ store: Store
    ) throws {
        let count = jobs.unpaused
        guard count > 0 else { return }
        var line =
            "\(endpoint): \(HumanText.count(count, "job", "jobs")) left, no call answered for \(HumanText.span(waited))"
        if count <= Self.fewJobs {
            let jobs = try store.leftJobs(at: endpoint, limit: Self.fewJobs).map { job in
                TerminalText.excerpt(job.product, 60)
                    + (job.error.map { " (\(TerminalText.excerpt($0, 160)))" } ?? "")
            }
            line += ": " + jobs.joined(separator: ", ")
        }
        add(
            .tryLater,
            line + ". Try: run it again later; asinqd status shows what the lane waits for.")
    }
}

extension Store {
    /// Endpoints with waiting jobs that only a person can restart.
    ///
    /// - Parameter endpoints: All of one account.
    package func haltedEndpoints(among endpoints: [Endpoint], at now: Timestamp) throws
        -> [Endpoint]
    {
        try endpoints.filter { endpoint in
            let snapshot = try snapshot(endpoint, among: endpoints, at: now)
            return Planner.decide(snapshot, at: now) == .hold(.halted, until: nil)
                && !snapshot.ready.isEmpty
        }
    }
}
