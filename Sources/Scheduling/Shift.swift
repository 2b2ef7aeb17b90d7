internal import Logging
internal import Planning
internal import Providers
internal import Storage

/// The lanes from their start to their end, with settings that hold for all that time. A reload ends
/// one shift and begins the next.
struct Shift: Sendable {
    let settings: DaemonSettings
    let store: Store
    let database: DatabaseThread
    let lock: DaemonLock
    let transport: HTTPTransport
    let report: ServiceReport
    let controls: [LaneControl]

    private var logger: Logger { settings.logger }

    /// Settles what the last lanes left open, if any.
    func recover() async throws {
        let now = WallClock.now()
        for subscription in settings.subscriptions {
            let recovered = try await database.run { [store] in
                try store.recover(subscription.provider.endpoints, now: now) {
                    Planner.resolve(
                        .expired, of: $0, jobs: $2, endpoint: $1, ledger: $3, at: now)
                }
            }
            for call in recovered.expired {
                logger.warning(
                    "call_expired",
                    metadata: ["call": "\(call.id)", "endpoint": "\(call.endpoint)"])
            }
            if recovered.strays > 0 {
                logger.warning("strays_released", metadata: ["jobs": "\(recovered.strays)"])
            }
        }
    }

    /// Returns when all lanes have ended.
    func run() async throws {
        let pruning = Task { await DailyPruning(store, database, settings).run() }
        defer { pruning.cancel() }
        do {
            try await runLanes()
        } catch {
            try? await transport.shutdown()
            throw error
        }
        try await transport.shutdown()
    }

    private func runLanes() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var free = controls[...]
            for subscription in settings.subscriptions {
                for endpoint in subscription.provider.endpoints {
                    var logger = logger
                    logger[metadataKey: "endpoint"] = "\(endpoint.name)"
                    let lane = Lane(
                        endpoint: endpoint, subscription: subscription, store: store,
                        database: database, lock: lock, transport: transport,
                        control: free.removeFirst(), report: report, logger: logger)
                    group.addTask { try await lane.run() }
                }
            }
            do {
                try await group.waitForAll()
            } catch {
                // The others finish the calls they have in flight.
                for control in controls { control.stop() }
                while let next = await group.nextResult() { _ = next }
                throw error
            }
        }
    }

    /// Whether jobs wait at an endpoint that nothing but a person sets going again.
    func isHalted() async throws -> Bool {
        let now = WallClock.now()
        return try await database.run { [store, settings] in
            try settings.subscriptions.contains {
                try !store.haltedEndpoints(among: $0.provider.endpoints, at: now).isEmpty
            }
        }
    }
}
