import Foundation
import Planning
import Providers
import Scheduling
import Storage

/// All that `status` says, as data. Its JSON is a contract: fields are added, never renamed.
struct StatusReport: Encodable {
    struct Jobs: Encodable {
        var ready: Int
        var later: Int
        var paused: Int
        var running: Int
        var completed: Int
        var discarded: Int
        var cancelled: Int
    }

    struct Lane: Encodable {
        /// `calling`, `ready`, or why it holds: the words of `Hold`, `no_account` or `disk_full`.
        var state: String
        var until: String?
        var text: String
    }

    struct Limit: Encodable {
        var kind: String
        var availableTokens: Int
        var capacityTokens: Int
        /// How long a window is; null for a bucket.
        var seconds: Double?
    }

    struct Trouble: Encodable {
        var callID: Int64
        var at: String
        var outcome: String
        var httpStatus: Int?
        var message: String?
    }

    struct DeadLetter: Encodable {
        var product: String
        var error: String
        var at: String
    }

    /// What an account's lanes do at an endpoint. Of an endpoint with several accounts, each has the jobs of
    /// all.
    struct Endpoint: Encodable {
        var endpoint: String
        var account: String
        /// Whether it is the first account that the report has of the endpoint.
        var isFirst: Bool
        var jobs: Jobs
        var lane: Lane
        /// Whether there is an account that its jobs are worked with.
        var hasAccount: Bool
        /// When its jobs are done; null when nothing waits, or when it has no end.
        var finishesAt: NullableInstant
        var limits: [Limit]
        var lastTrouble: Trouble?
        /// The latest few; `jobs.discarded` counts all.
        var deadLetters: [DeadLetter]
    }

    var database: String
    var at: String
    var isDaemonRunning: Bool
    /// Free on the database's disk; null where the system doesn't say.
    var freeBytes: Int?
    /// The length of SQLite's log beside the database.
    var logBytes: Int
    /// When all is done; null when nothing waits, or when a part of it has no end.
    var finishesAt: NullableInstant
    var pools: [PoolReport]
    /// Of providers whose replies told the time.
    var clocks: [ClockReport]
    var endpoints: [Endpoint]
    var labels: [LabelForecast]
    /// Labels of jobs that wait which are not in `labels`.
    var labelsLeftOut: Int
    /// What the report's text is made from.
    let forecast: Forecast
    /// What to do about a log that is too long.
    let logAdvice: String?
    /// The folder of the database, where its disk is full.
    let fullDisk: String?

    private enum CodingKeys: CodingKey {
        case database, at, isDaemonRunning, freeBytes, logBytes, finishesAt, pools, clocks
        case endpoints, labels, labelsLeftOut
    }
}

extension StatusReport {
    static let deadLettersShown = 3

    /// - Throws: `StoreError`
    init(_ settings: Settings, _ store: Store, at now: Timestamp) throws {
        let isRunning = DaemonLock.isHeld(database: store.path)
        let counts = try store.jobCounts(at: now)
        forecast = try Forecast(settings, store, at: now, nextCalls: 0)
        let forecast = forecast
        let accounts = Accounts(settings)
        finishesAt = NullableInstant(instant: forecast.finishesAt)
        labels = LabelForecast.all(forecast)
        labelsLeftOut = forecast.labelsLeftOut
        database = store.path
        at = HumanText.iso(now)
        isDaemonRunning = isRunning
        let room = DiskRoom(database: store.path)
        freeBytes = room?.bytes
        let isDiskFull = room?.isFull ?? false
        fullDisk = isDiskFull ? room?.folder : nil
        logBytes = store.logBytes
        logAdvice = logBytes > LogKeeper.longBytes ? LogKeeper.advice(store) : nil
        pools = forecast.pools.map(PoolReport.init)
        endpoints = []
        clocks = []
        for account in try settings.reported(in: store) {
            for endpoint in account.endpoints {
                let snapshot = try store.snapshot(endpoint, among: account.endpoints, at: now)
                if endpoint == account.endpoints.first,
                    let clock = ClockReport(account.name, snapshot.ledger)
                {
                    clocks.append(clock)
                }
                // What a later call got over is in the ledger alone.
                let lastCall = snapshot.ledger.lastSettled(at: endpoint.name)
                let trouble = try store.lastTrouble(at: endpoint)
                    .flatMap { $0.entry.id == lastCall?.id ? $0 : nil }
                let jobs = counts[endpoint.name] ?? JobCounts()
                let hasAccount = accounts.exists(for: endpoint.name)
                endpoints.append(
                    Endpoint(
                        endpoint: endpoint.name, account: account.name,
                        isFirst: !endpoints.contains { $0.endpoint == endpoint.name },
                        jobs: Jobs(jobs, snapshot),
                        lane: !hasAccount && jobs.isOpen
                            ? Lane(withoutAccountAt: endpoint.name)
                            : Lane(
                                snapshot, lastStatus: trouble?.httpStatus,
                                isDaemonRunning: isRunning, isDiskFull: isDiskFull, at: now),
                        hasAccount: hasAccount,
                        finishesAt: NullableInstant(instant: forecast[endpoint.name]?.finishesAt),
                        limits: endpoint.limits.map {
                            Limit($0, endpoint.name, snapshot.ledger, at: now)
                        },
                        lastTrouble: trouble.map(Trouble.init),
                        deadLetters: try store.deadLetters(
                            at: endpoint.name, limit: Self.deadLettersShown
                        ).map(DeadLetter.init)))
            }
        }
    }
}

extension JobCounts {
    /// Whether any of them is still to be done.
    var isOpen: Bool { ready + later + paused + running > 0 }
}

extension StatusReport.Jobs {
    /// Ready jobs of an endpoint that is paused or halted wait for `asinqd resume` like paused ones.
    init(_ counts: JobCounts, _ snapshot: Snapshot) {
        let isStanding =
            snapshot.isPaused
            || snapshot.ledger.isHalted(
                snapshot.endpoint.name, resumedAfter: snapshot.resumedAfter)
        self.init(
            ready: isStanding ? 0 : counts.ready, later: counts.later,
            paused: counts.paused + (isStanding ? counts.ready : 0),
            running: counts.running, completed: counts.completed, discarded: counts.discarded,
            cancelled: counts.cancelled)
    }
}

extension StatusReport.Limit {
    init(_ limit: RateLimit, _ endpoint: String, _ ledger: Ledger, at now: Timestamp) {
        switch limit {
        case .slidingWindow(let window):
            self.init(
                kind: Hold.slidingWindow.rawValue,
                availableTokens: max(
                    0, window.available(window.calls(ledger, at: endpoint), at: now)),
                capacityTokens: window.capacityTokens,
                seconds: Double(window.period.milliseconds) / 1_000)
        case .tokenBucket(let bucket):
            self.init(
                kind: Hold.tokenBucket.rawValue,
                availableTokens: bucket.available(fullAt: ledger.fullAt(at: endpoint), at: now),
                capacityTokens: bucket.capacityTokens)
        }
    }
}

extension StatusReport.DeadLetter {
    init(_ letter: DeadLetter) {
        self.init(
            product: letter.product, error: letter.error, at: HumanText.iso(letter.discardedAt))
    }
}

extension StatusReport.Trouble {
    init(_ line: LedgerLine) {
        self.init(
            callID: line.entry.id,
            at: HumanText.iso(line.entry.settledAt ?? line.entry.startedAt),
            outcome: line.entry.outcome?.rawValue ?? "", httpStatus: line.httpStatus,
            message: line.message)
    }
}
