internal import Logging
internal import Operations
internal import Planning
internal import Providers
internal import Storage

/// The lanes from their start to their end, with constant settings. A reload ends one group and begins the
/// next.
struct LaneGroup: Sendable {
    let settings: DaemonSettings
    let store: Store
    let database: DatabaseThread
    let lock: any WorkRight
    let transport: HTTPTransport
    let report: ServiceReport
    let giveUp: GiveUp?
    let clock: DaemonClock
    let signals: LaneSignals
    /// Whether the lanes enqueue products of schedules. Lanes that end when no work is left do not: these have
    /// no end.
    let worksSchedules: Bool

    /// - Parameter untilEmpty: Whether the lanes end once none of them has work left.
    init(
        _ settings: DaemonSettings, _ store: Store, _ database: DatabaseThread,
        _ lock: any WorkRight,
        _ report: ServiceReport, _ giveUp: GiveUp?, untilEmpty: Bool, _ clock: DaemonClock
    ) {
        self.settings = settings
        self.store = store
        self.database = database
        self.lock = lock
        self.report = report
        self.giveUp = giveUp
        self.clock = clock
        worksSchedules = !untilEmpty
        transport = HTTPTransport(settings.network, clock)
        signals = LaneSignals(
            settings.endpoints.flatMap(\.lanes), endsWhenIdle: untilEmpty)
    }

    /// Stores the limits that its lanes work with, and settles the calls that the last lanes left open: also
    /// for accounts and endpoints that are no longer among the settings.
    func recover() async throws {
        let now = clock.now()
        let limits = settings.accounts.map { account in
            let account = account.provider
            return (
                account: StoredAccount(
                    name: account.name, provider: account.definition.name,
                    isShared: account.isShared), figures: account.figures.json
            )
        }
        try await database.run { [store] in try store.setLimits(limits, now: now) }
        for account in settings.accounts {
            let recovered = try await database.run { [store] in
                try store.recover(account.provider.endpoints, now: now) {
                    Planner.resolve(
                        .expired, of: $0, jobs: $2, endpoint: $1, ledger: $3, at: $4)
                }
            }
            recovered.expired.forEach(logExpired)
            if recovered.orphans > 0 {
                settings.logger.warning(
                    "orphans_released", metadata: ["jobs": "\(recovered.orphans)"])
            }
        }
        let left = Dictionary(
            grouping: try await database.run { [store] in try store.openCalls() }, by: \.account)
        for (account, calls) in left.sorted(by: { $0.key < $1.key }) {
            let expired = try await database.run { [store, catalog = Catalog.current] in
                try store.settleLost(
                    at: store.formerEndpoints(of: account, for: calls, in: catalog), now: now
                ) {
                    Planner.resolve(
                        .expired, of: $0, jobs: $2, endpoint: $1, ledger: $3, at: $4)
                }
            }
            expired.forEach(logExpired)
        }
    }

    private func logExpired(_ call: LedgerEntry) {
        settings.logger.warning(
            "call_expired",
            metadata: [
                "account": "\(call.account)", "call": "\(call.id)",
                "endpoint": "\(call.endpoint)",
            ])
    }

    /// Returns when all lanes have ended.
    func run() async throws {
        let ended = await withTaskGroup(of: Result<Void, any Error>.self) { group in
            let pruning = DailyPruning(store, database, settings, clock)
            group.addTask {
                let ended = await Result { try await pruning.run() }
                if case .failure = ended { signals.stopAll() }
                return ended
            }
            if let giveUp {
                group.addTask {
                    if await giveUp.isDueInTime() { signals.stopAll() }
                    return .success(())
                }
            }
            let lanes = await runLanes()
            group.cancelAll()
            return await group.reduce(into: [lanes]) { $0.append($1) }
        }
        let shutdown = await Result { try await transport.shutdown() }
        for result in ended { try result.get() }
        try shutdown.get()
    }

    private func runLanes() async -> Result<Void, any Error> {
        await withTaskGroup(of: Result<Void, any Error>.self) { group in
            for account in settings.accounts {
                for endpoint in account.provider.endpoints {
                    for id in endpoint.lanes {
                        let lane = Lane(id, endpoint, account, self)
                        group.addTask { await lane.run() }
                    }
                }
            }
            var first = Result<Void, any Error>.success(())
            for await ended in group {
                guard case .failure = ended, case .success = first else { continue }
                first = ended
                // The others finish their calls in flight.
                signals.stopAll()
            }
            return first
        }
    }

    /// Whether jobs wait at an endpoint that only a person can resume.
    func isHalted() async throws -> Bool {
        let now = clock.now()
        return try await database.run { [store, settings] in
            try settings.accounts.contains {
                try !store.haltedEndpoints(among: $0.provider.endpoints, at: now).isEmpty
            }
        }
    }
}

extension DaemonSettings {
    var endpoints: [Endpoint] { accounts.flatMap(\.provider.endpoints) }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
