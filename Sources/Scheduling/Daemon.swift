internal import Foundation
package import Logging
internal import Planning
internal import Providers
package import Storage
internal import Synchronization
internal import UnixSignals

/// Drains a queue: one lane for each endpoint, woken by whoever writes to the database.
package struct Daemon: Sendable {
    package enum Ending: Equatable, Sendable {
        case stopped
        /// All lanes have done what they could.
        case empty
        /// The provider refused the key, and jobs wait.
        case halted
    }

    package enum Failure: Error, CustomStringConvertible {
        case alreadyRunning(database: String)

        package var description: String {
            switch self {
            case .alreadyRunning(let path):
                "Another asinqd works on \(path).\nTry: asinqd status to see what it does."
            }
        }
    }

    /// The log's length from which on it is moved into the database file.
    private static let logBytesMost = 16 << 20
    private static let checkpointPause = Duration.seconds(10)

    private let store: Store
    private let subscriptions: [Subscription]
    private let logger: Logger
    private let database = DatabaseThread()

    package init(store: Store, subscriptions: [Subscription], logger: Logger) {
        self.store = store
        self.subscriptions = subscriptions
        self.logger = logger
    }

    private var endpoints: [Endpoint] { subscriptions.flatMap(\.provider.endpoints) }

    /// Works until SIGTERM, SIGINT or SIGHUP (a terminal that was closed), or until the queue is
    /// empty. The calls in flight are finished and settled first; a second signal leaves at once.
    package func run(untilEmpty: Bool) async throws -> Ending {
        guard let lock = try await Self.lock(store.path) else {
            throw Failure.alreadyRunning(database: store.path)
        }
        defer { withExtendedLifetime(lock) {} }
        try await recover()

        let transport = HTTPTransport()
        let bells = Mutex<[Bell]>([])
        let ringAll: @Sendable () -> Void = {
            for bell in bells.withLock(\.self) { bell.ring() }
        }
        let idleLanes = untilEmpty ? IdleLanes(count: endpoints.count) : nil
        let controls = endpoints.map { endpoint in
            LaneControl(endpoint.name, idleLanes: idleLanes, onChange: ringAll)
        }
        bells.withLock { $0 = controls.map(\.bell) }

        let version = Mutex(try store.dataVersion())
        let watch = QueueWatch(database: store.path) { [store] in
            guard let seen = try? store.dataVersion() else { return }
            let isNew = version.withLock { known in
                defer { known = seen }
                return known != seen
            }
            if isNew { ringAll() }
        }
        defer { watch.stop() }

        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let stopping = Task { await stop(controls, on: signals) }
        logger.notice("started", metadata: ["database": "\(store.path)", "pid": "\(getpid())"])
        let upkeep = Task { await keepLogShort() }
        defer {
            stopping.cancel()
            upkeep.cancel()
        }
        do {
            try await runLanes(controls, transport)
        } catch {
            try? await transport.shutdown()
            throw error
        }
        try await transport.shutdown()
        _ = try? await database.run { [store] in try store.checkpoint() }
        let ending = try await ending(controls)
        logger.notice("stopped", metadata: ["reason": "\(ending)"])
        return ending
    }

    /// Another command may hold the lock for a checkpoint, which is over in a moment.
    private static func lock(_ path: String) async throws -> DaemonLock? {
        for _ in 1...10 {
            if let lock = try DaemonLock(database: path) { return lock }
            try await Task.sleep(for: .milliseconds(200))
        }
        return nil
    }

    private func recover() async throws {
        let now = WallClock.now()
        for subscription in subscriptions {
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

    private func runLanes(_ controls: [LaneControl], _ transport: HTTPTransport) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var free = controls[...]
            for subscription in subscriptions {
                for endpoint in subscription.provider.endpoints {
                    var logger = logger
                    logger[metadataKey: "endpoint"] = "\(endpoint.name)"
                    let lane = Lane(
                        endpoint: endpoint, subscription: subscription, store: store,
                        database: database, transport: transport, control: free.removeFirst(),
                        logger: logger)
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

    private func ending(_ controls: [LaneControl]) async throws -> Ending {
        if controls.contains(where: \.isStopping) { return .stopped }
        let now = WallClock.now()
        let isHalted = try await database.run { [store, subscriptions] in
            try subscriptions.map(\.provider.endpoints).contains { endpoints in
                try endpoints.contains { endpoint in
                    let snapshot = try store.snapshot(endpoint, among: endpoints, at: now)
                    return Planner.decide(snapshot, at: now) == .hold(.halted, until: nil)
                        && !snapshot.ready.isEmpty
                }
            }
        }
        return isHalted ? .halted : .empty
    }

    private func stop(_ controls: [LaneControl], on signals: UnixSignalsSequence) async {
        for await signal in signals {
            if controls.contains(where: \.isStopping) {
                logger.warning("left_at_once", metadata: ["signal": "\(signal)"])
                _exit(128 + signal.rawValue)
            }
            logger.notice("stopping", metadata: ["signal": "\(signal)"])
            for control in controls { control.stop() }
        }
    }

    /// A reader that stays keeps a checkpoint from finishing, and each try keeps writers waiting: so
    /// after a vain one the next comes later.
    private func keepLogShort() async {
        var pause = Self.checkpointPause
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            guard store.logBytes > Self.logBytesMost else { continue }
            let isDone = try? await database.run { [store] in try store.checkpoint() }
            pause = isDone == true ? Self.checkpointPause : min(pause * 2, .seconds(300))
            if isDone != true {
                logger.debug("checkpoint_put_off", metadata: ["log_bytes": "\(store.logBytes)"])
            }
        }
    }
}
