internal import Foundation
package import Planning
internal import Providers
package import Storage

/// The data of `status`. Its JSON is a contract: fields are added, never renamed.
package struct StatusReport: Encodable, Sendable {
    package struct Jobs: Encodable, Sendable {
        package var ready: Int
        package var later: Int
        package var paused: Int
        package var running: Int
        package var completed: Int
        package var discarded: Int
        package var cancelled: Int
    }

    package struct Lane: Encodable, Sendable {
        /// `calling`, `ready`, or why it holds: the words of `Hold`, `no_account` or `disk_full`.
        package var state: String
        package var until: String?
        package var text: String
    }

    package struct Limit: Encodable, Sendable {
        package var kind: String
        package var availableTokens: Int
        package var capacityTokens: Int
        /// How long a window is; null for a bucket.
        package var seconds: Double?
    }

    package struct LastError: Encodable, Sendable {
        package var callID: Int64
        package var at: String
        package var outcome: String
        package var httpStatus: Int?
        package var message: String?
    }

    package struct DeadLetter: Encodable, Sendable {
        package var product: String
        package var error: String
        package var at: String
    }

    /// The lanes of an account at an endpoint. If an endpoint has several accounts, each entry has the jobs of
    /// all.
    package struct Endpoint: Encodable, Sendable {
        package var endpoint: String
        package var account: String
        /// Whether it is the first account that the report has of the endpoint.
        package var isFirst: Bool
        package var jobs: Jobs
        package var lane: Lane
        /// Whether an account can work its jobs.
        package var hasAccount: Bool
        /// Whether the account was chosen in the settings, or the provider has jobs. People see these only.
        package var isInUse: Bool
        /// When its jobs are done; null when nothing waits, or when it has no end.
        package var finishesAt: NullableInstant
        package var limits: [Limit]
        package var lastTrouble: LastError?
        /// The latest few; `jobs.discarded` counts all.
        package var deadLetters: [DeadLetter]
    }

    package struct MissingAccount: Encodable, Sendable {
        package var account: String
        package var endpoint: String
        package var jobs: Int
        /// For people, with what to do.
        package var text: String

        private enum CodingKeys: CodingKey { case account, endpoint, jobs }
    }

    package var database: String
    package var at: String
    package var isDaemonRunning: Bool
    /// The daemon's; null if none runs.
    package var processID: Int?
    /// The daemons of a server's database; empty for a file.
    package var hosts: [HostReport]
    package var rate: DaemonActivity.Rate
    /// Free on the database's disk; null where the system doesn't say.
    package var freeBytes: Int?
    /// The length of SQLite's log next to the database.
    package var logBytes: Int
    /// When all is done; null when nothing waits, or when a part of it has no end.
    package var finishesAt: NullableInstant
    package var pools: [PoolReport]
    /// The clocks of providers whose replies are dated.
    package var clocks: [ClockReport]
    package var endpoints: [Endpoint]
    /// Jobs that name an account which the daemon does not use: they wait until it does.
    package var missingAccounts: [MissingAccount]
    package var labels: [LabelForecast]
    /// Labels of jobs that wait which are not in `labels`.
    package var labelsLeftOut: Int
    package var schedules: [ScheduleReport]
    /// Jobs by endpoint, whatever their lanes are.
    package let counts: [String: JobCounts]
    /// The source of the report's text.
    package var forecast: Forecast
    /// The advice for a log that is too long.
    package var logAdvice: String?
    /// The folder of the database, where its disk is full.
    package var fullDisk: String?

    private enum CodingKeys: CodingKey {
        case database, at, isDaemonRunning, processID, hosts, rate, freeBytes, logBytes, finishesAt,
            pools
        case clocks, endpoints, missingAccounts, labels, labelsLeftOut, schedules
    }
}

extension StatusReport {
    package static let deadLettersShown = 3

    /// All of it as it was at one moment.
    ///
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, at now: Timestamp
    ) throws -> StatusReport {
        try store.reading { try StatusReport(settings, store, at: now) }
    }

    private init(_ settings: Settings, _ store: Store, at now: Timestamp) throws {
        let activity = try DaemonActivity.read(store, at: now)
        counts = try store.jobCounts(at: now)
        let counts = counts
        forecast = try Forecast.read(settings, store, at: now, nextCalls: 0)
        let forecast = forecast
        let accounts = Accounts(settings)
        finishesAt = NullableInstant(instant: forecast.finishesAt)
        labels = LabelForecast.all(forecast)
        labelsLeftOut = forecast.labelsLeftOut
        schedules = try ScheduleReport.all(settings, store, at: now)
        database = store.path
        at = HumanText.iso(now)
        isDaemonRunning = activity.isRunning
        processID = activity.processID
        hosts = try store.hostRuns().map(HostReport.init)
        rate = activity.rate
        let space = DiskSpace(database: store.path)
        freeBytes = space?.bytes
        let isDiskFull = space?.isFull ?? false
        fullDisk = isDiskFull ? space?.folder : nil
        logBytes = store.walBytes
        logAdvice = logBytes > Store.longWALBytes ? store.longWALAdvice : nil
        pools = forecast.pools.map(PoolReport.init)
        missingAccounts = try settings.jobsOfMissingAccounts(in: store).map {
            MissingAccount(
                account: $0.account, endpoint: $0.endpoint, jobs: $0.jobs, text: $0.missingText)
        }
        endpoints = []
        clocks = []
        let chosen = Set(settings.accounts.filter(\.isChosen).map(\.name))
        for account in try settings.reported(in: store) {
            let isInUse =
                chosen.contains(account.name)
                || account.endpoints.contains { counts[$0.name].map { $0.total > 0 } ?? false }
            for endpoint in account.endpoints {
                let snapshot = try store.snapshot(endpoint, among: account.endpoints, at: now)
                if endpoint == account.endpoints.first,
                    let clock = ClockReport(account.name, snapshot.ledger)
                {
                    clocks.append(clock)
                }
                let lastError = try store.lastError(at: endpoint, asOf: snapshot.ledger)
                let jobs = counts[endpoint.name] ?? JobCounts()
                let hasAccount = accounts.exists(for: endpoint.name)
                endpoints.append(
                    Endpoint(
                        endpoint: endpoint.name, account: account.name,
                        isFirst: !endpoints.contains { $0.endpoint == endpoint.name },
                        jobs: Jobs(jobs, snapshot),
                        lane: !hasAccount && jobs.open > 0
                            ? Lane(withoutAccountAt: endpoint.name)
                            : Lane(
                                snapshot, of: account, lastStatus: lastError?.httpStatus,
                                isDaemonRunning: activity.isRunning, isDiskFull: isDiskFull, at: now
                            ),
                        hasAccount: hasAccount, isInUse: isInUse,
                        finishesAt: NullableInstant(instant: forecast[endpoint.name]?.finishesAt),
                        limits: endpoint.limits.map {
                            Limit($0, endpoint.name, snapshot.ledger, at: now)
                        },
                        lastTrouble: lastError.map(LastError.init),
                        deadLetters: try store.deadLetters(
                            at: endpoint.name, limit: Self.deadLettersShown
                        ).map(DeadLetter.init)))
            }
        }
        // Of an empty queue without settings, all.
        if !endpoints.contains(where: \.isInUse) {
            for index in endpoints.indices { endpoints[index].isInUse = true }
        }
    }
}

extension StatusReport.Jobs {
    package var total: Int {
        ready + later + paused + running + completed + discarded + cancelled
    }

    /// Ready jobs of an endpoint that is paused or halted wait for `asinqd resume` like paused ones.
    package init(_ counts: JobCounts, _ snapshot: Snapshot) {
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
    package init(_ limit: RateLimit, _ endpoint: String, _ ledger: Ledger, at now: Timestamp) {
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
    package init(_ letter: DeadLetter) {
        self.init(
            product: letter.product, error: letter.error, at: HumanText.iso(letter.discardedAt))
    }
}

extension StatusReport.LastError {
    package init(_ line: LedgerLine) {
        self.init(
            callID: line.entry.id,
            at: HumanText.iso(line.entry.settledAt ?? line.entry.startedAt),
            outcome: line.entry.outcome?.rawValue ?? "", httpStatus: line.httpStatus,
            message: line.message)
    }
}
