internal import Planning
internal import Providers
internal import Storage

/// A reason why a job waits.
package struct JobHold: Encodable, Equatable {
    /// `job_paused`, `not_due`, `jobs_before`, `no_daemon`, `missing_account`, `no_account`, `disk_full`, or
    /// why a lane that could take it makes no call: a case of `Hold`.
    package var code: String
    /// For people.
    package var text: String

    /// The code for other jobs of the endpoint that go first.
    package static let jobsBefore = "jobs_before"

    static func all(
        of job: JobLine, _ place: JobPlace?, _ settings: Settings, _ store: Store,
        at now: Timestamp
    ) throws -> [JobHold] {
        var holds: [JobHold] = []
        func add(_ code: String, _ text: String) { holds.append(JobHold(code: code, text: text)) }
        if job.state == .paused { add("job_paused", "paused until `asinqd resume`") }
        if job.state == .later, let notBefore = job.notBefore {
            add(Hold.notDue.rawValue, "scheduled for \(HumanText.instant(notBefore))")
        }
        let isRunning = try store.isWorked
        if !isRunning { add("no_daemon", "no daemon runs: start one with `asinqd run`") }
        let isDiskFull = DiskSpace(database: store.path)?.isFull ?? false
        if isDiskFull { add(Standstill.diskFull.rawValue, "waits for free disk space") }
        let reported = try settings.reported(in: store)
        let taking = reported.filter { account in
            account.endpoints.contains { $0.name == job.endpoint }
                && (job.account.map { $0 == account.name } ?? account.isShared)
        }
        if !Accounts(settings).exists(for: job.endpoint) {
            add(Standstill.noAccount.rawValue, Accounts.missing(for: job.endpoint))
            return holds
        }
        if taking.isEmpty {
            add(
                Standstill.missingAccount.rawValue,
                job.account.map {
                    "names the account \($0), which the daemon does not use"
                } ?? "no account takes jobs that name none")
        }
        for account in taking {
            guard let lane = try lane(of: account, job, store, isRunning: isRunning, at: now)
            else { continue }
            add(lane.state, (taking.count > 1 ? "\(account.name): " : "") + lane.text)
        }
        if let place, place.ahead != 0 {
            let count =
                place.ahead.map { HumanText.count($0, "job goes", "jobs go") }
                ?? "more than \(HumanText.number(Store.aheadMax)) jobs go"
            add(jobsBefore, "\(count) first")
        }
        return holds
    }

    /// The state of an account's lane; nil where it makes a call, or has nothing to do at all.
    private static func lane(
        of account: ProviderAccount, _ job: JobLine, _ store: Store, isRunning: Bool,
        at now: Timestamp
    ) throws -> StatusReport.Lane? {
        guard let endpoint = account.endpoints.first(where: { $0.name == job.endpoint }) else {
            return nil
        }
        let snapshot = try store.snapshot(endpoint, among: account.endpoints, at: now)
        let lastError = try store.lastError(at: endpoint, asOf: snapshot.ledger)
        let lane = StatusReport.Lane(
            snapshot, of: account, lastStatus: lastError?.httpStatus, isDaemonRunning: isRunning,
            at: now)
        let silent = ["ready", Hold.idle.rawValue, Hold.notDue.rawValue]
        return silent.contains(lane.state) ? nil : lane
    }
}
