internal import Planning
internal import Providers
internal import Storage

/// Whether waiting jobs make progress: halted lanes, lanes without progress, and dead letters.
struct LaneChecks {
    let settings: Settings
    let store: Store
    let now: Timestamp
    /// How long a lane may make no call although jobs may run.
    var idleMax = Self.idleMax

    /// A daemon takes a job within milliseconds, and reads the queue at least every 30 s.
    static let idleMax = Duration.seconds(180)
    /// After failures a lane pauses for five minutes at the most: by then several calls were made.
    static let unansweredMax = Duration.seconds(900)
    static let unansweredCalls = 3

    var findings: [Finding] {
        do {
            return try all()
        } catch {
            return [Finding(.problem, error, about: "lane")]
        }
    }

    private func all() throws -> [Finding] {
        let counts = try store.jobCounts(at: now)
        let isRunning = try store.isWorked
        var findings: [Finding] = []
        var seen: Set<String> = []
        for account in try settings.reported(in: store) {
            for endpoint in account.endpoints {
                let jobs = counts[endpoint.name] ?? JobCounts()
                if jobs.waiting > 0 {
                    let snapshot = try store.snapshot(
                        endpoint, among: account.endpoints, at: now)
                    findings += try lane(snapshot, of: account, jobs, isRunning: isRunning)
                }
                if seen.insert(endpoint.name).inserted {
                    findings += try deadLetters(endpoint.name, jobs)
                }
            }
        }
        findings += try settings.jobsOfMissingAccounts(in: store).map {
            Finding(.problem, "jobs", $0.missingText)
        }
        let waiting = counts.values.reduce(0) { $0 + $1.waiting }
        if !isRunning && waiting > 0 {
            findings.append(
                Finding(
                    .warning, "daemon",
                    "none is running, and \(Self.wait(waiting)). Try: start it with asinqd run or systemctl start asinqd"
                ))
        }
        return findings.contains { $0.subject == "lane" }
            ? findings : [Finding(.ok, "lane", "none is halted or makes no progress")] + findings
    }

    private func lane(
        _ snapshot: Snapshot, of account: ProviderAccount, _ jobs: JobCounts, isRunning: Bool
    ) throws -> [Finding] {
        let name = snapshot.endpoint.name
        let waiting = Self.wait(jobs.waiting)
        let decision = Planner.decide(snapshot, at: now)
        switch decision {
        case .hold(.halted, _):
            let lastError = try store.lastError(at: snapshot.endpoint)
            let lane = StatusReport.Lane(
                snapshot, of: account, lastStatus: lastError?.httpStatus,
                isDaemonRunning: isRunning,
                at: now)
            let said = lastError.map { " (\(Self.words($0)))" } ?? ""
            return [
                Finding(
                    .problem, "lane",
                    "\(name): \(waiting), and the lane is \(lane.text)\(said). Try: correct the key and the address in the settings, then run asinqd resume --\(name)"
                )
            ]
        case .hold(.paused, _):
            return [
                Finding(
                    .note, "lane",
                    "\(name): \(waiting), and the lane is paused. Try: run asinqd resume --\(name)")
            ]
        default: break
        }
        guard isRunning else { return [] }
        let progress = try store.progress(at: snapshot.endpoint)
        if let since = progress.unansweredSince, now - since >= Self.unansweredMax,
            progress.unansweredCalls >= Self.unansweredCalls
        {
            let last =
                try store.lastError(at: snapshot.endpoint).map { ": \(Self.words($0))" } ?? ""
            return [
                Finding(
                    .problem, "lane",
                    "\(name): \(waiting), and no call has succeeded for \(HumanText.span(now - since)), in \(HumanText.count(progress.unansweredCalls, "call", "calls"))\(last). Try: run asinqd ledger --limit 20, and check the network and the provider"
                )
            ]
        }
        guard let dueAt = dueAt(decision, snapshot),
            now - max(dueAt, progress.lastActivityAt ?? dueAt) >= idleMax
        else { return [] }
        let idle = HumanText.span(now - max(dueAt, progress.lastActivityAt ?? dueAt))
        return [
            Finding(
                .problem, "lane",
                "\(name): \(waiting) and may run, the daemon is running, and it has made no call for \(idle). Try: read its log, check that it was started with a key and with the limits of these settings, then restart it"
            )
        ]
    }

    /// Since when the daemon has something to do at the lane; nil where it has not.
    private func dueAt(_ decision: Decision<CallPlan>, _ snapshot: Snapshot) -> Timestamp? {
        switch decision {
        case .call(let plan): plan.jobs.map(\.enqueuedAt).min()
        case .expire(let callID):
            snapshot.ledger.entries.first { $0.id == callID }?.leaseUntil
        case .hold(.notDue, let until?) where until <= now: until
        case .hold: nil
        }
    }

    private func deadLetters(_ endpoint: String, _ jobs: JobCounts) throws -> [Finding] {
        guard jobs.discarded > 0 else { return [] }
        let latest = try store.deadLetters(at: endpoint, limit: 1).first
        let words = latest.map {
            ", the latest \(TerminalText.excerpt($0.product, 60)): \(TerminalText.excerpt($0.error, 160))"
        }
        return [
            Finding(
                .warning, "jobs",
                "\(endpoint): \(HumanText.count(jobs.discarded, "dead letter", "dead letters"))\(words ?? ""). Try: run asinqd status, which lists the latest, then asinqd retry --\(endpoint)"
            )
        ]
    }

    private static func wait(_ count: Int) -> String {
        HumanText.count(count, "job waits", "jobs wait")
    }

    private static func words(_ call: LedgerLine) -> String {
        let status = call.httpStatus.map { " \($0)" } ?? ""
        return
            "call \(call.entry.id), \(call.entry.outcome?.rawValue ?? "open")\(status): \(TerminalText.excerpt(call.message ?? "", 160))"
    }
}
