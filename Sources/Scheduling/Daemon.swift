internal import Foundation
internal import Logging
internal import Planning
internal import Providers
package import Storage
internal import Synchronization
internal import UnixSignals

/// Drains a queue with a lane for each call that may be in flight. Every program that writes to the database
/// wakes the lanes.
package struct Daemon: Sendable {
    package enum Ending: Equatable, Sendable {
        case stopped
        /// All lanes have done everything they could.
        case empty
        /// The provider refused the key, and jobs wait.
        case halted
        /// No call was answered within the time limit.
        case givenUp
    }

    package enum Failure: Error, CustomStringConvertible {
        case alreadyRunning(database: String)

        package var description: String {
            switch self {
            case .alreadyRunning(let path):
                "Another asinqd daemon uses \(path), or the same file under another name.\nTry: run asinqd status to see what it does."
            }
        }
    }

    private let store: Store
    private let settings: DaemonSettings
    private let manager: ServiceManager?
    private let hangup: Hangup
    private let database = DatabaseThread()
    private let requests: DaemonRequests
    private let clock: DaemonClock
    private let report: ServiceReport

    /// - Parameter manager: The service manager that started it, if any.
    package init(
        store: Store, settings: DaemonSettings, manager: ServiceManager?, hangup: Hangup,
        clock: DaemonClock = .system
    ) {
        self.store = store
        self.settings = settings
        self.manager = manager
        self.hangup = hangup
        self.clock = clock
        requests = DaemonRequests(settings.logger)
        report = ServiceReport(manager, clock)
    }

    private var logger: Logger { requests.logger }
    private var walCheckpointer: WALCheckpointer {
        WALCheckpointer(store: store, database: database, requests: requests, clock: clock)
    }

    /// Works until SIGTERM or SIGINT, or until the queue is empty. The calls in flight are finished and
    /// settled first; a second signal ends the daemon at once.
    ///
    /// - Parameter giveUp: With `untilEmpty`: ends also if no call is answered within its time.
    package func run(untilEmpty: Bool, giveUp: GiveUp? = nil) async throws -> Ending {
        if store.isOnServer {
            return try await handlingSignals { try await lead(untilEmpty: untilEmpty, giveUp) }
        }
        guard let lock = try await acquireLock() else {
            throw Failure.alreadyRunning(database: store.path)
        }
        // Runs until the last checkpoint is made.
        defer { withExtendedLifetime(lock) {} }
        do {
            return try await prepared(untilEmpty: untilEmpty, giveUp, lock, clock) { work in
                try await handlingSignals(work)
            }
        } catch {
            store.leaveDisplacedFiles()
            throw error
        }
    }

    /// Stands by while another host leads, and works the lanes when this one does.
    private func lead(untilEmpty: Bool, _ giveUp: GiveUp?) async throws -> Ending {
        let began = clock.instant()
        let lease = try await database.run { [store, clock] in
            try HostLease(store, uptime: { clock.instant() - began })
        }
        defer { lease.resign() }
        let attendance = Attendance(lease, report, logger, clock)
        while true {
            guard try await attendance.awaitLead(until: { requests.isStopping }) else {
                return .stopped
            }
            do {
                // The server's time, which the ledger has.
                let clock = clock.shifted { lease.offset }
                return try await withThrowingTaskGroup(of: Void.self) { tasks in
                    tasks.addTask { await attendance.keepLead() }
                    defer { tasks.cancelAll() }
                    return try await prepared(untilEmpty: untilEmpty, giveUp, lease, clock) {
                        try await $0()
                    }
                }
            } catch StoreError.leadLost {
                logger.warning("lead_lost")
            }
        }
    }

    /// Another command may hold the lock for a checkpoint, which is over in a moment.
    private func acquireLock() async throws -> DaemonLock? {
        for _ in 1...10 {
            if let lock = try DaemonLock(database: store.path, lockingFile: true) { return lock }
            await clock.sleep(for: .milliseconds(200))
        }
        return nil
    }

    /// Recovers what the last daemon left, and passes the work of the lanes to `body`.
    private func prepared(
        untilEmpty: Bool, _ giveUp: GiveUp?, _ lock: any WorkRight, _ clock: DaemonClock,
        _ body: (_ work: @Sendable () async throws -> Ending) async throws -> Ending
    ) async throws -> Ending {
        @Sendable func makeLanes(_ settings: DaemonSettings) -> LaneGroup {
            report.begin(settings.endpoints)
            lock.note(endpoints: settings.endpoints.map(\.name))
            return LaneGroup(
                settings, store, database, lock, report, giveUp, untilEmpty: untilEmpty, clock)
        }
        let first = makeLanes(settings)
        try await recover(first, giveUp)
        let watch = watchQueue(lock)
        defer { watch.stop() }
        requests.begin(first.signals, first.settings.logger)
        return try await body {
            try await work(first, makeLanes, giveUp)
        }
    }

    /// Runs `body`, and stops or reloads at signals until it has ended: the second of two may come during the
    /// last checkpoint.
    private func handlingSignals(
        _ body: @Sendable () async throws -> Ending
    ) async throws -> Ending {
        let signals = await UnixSignalsSequence(trapping: Self.signals)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await handle(signals) }
            tasks.addTask { await report.run() }
            defer { tasks.cancelAll() }
            return try await body()
        }
    }

    private func work(
        _ first: LaneGroup, _ makeLanes: @Sendable (DaemonSettings) -> LaneGroup, _ giveUp: GiveUp?
    ) async throws -> Ending {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            if !store.isOnServer { tasks.addTask { await walCheckpointer.run() } }
            defer { tasks.cancelAll() }
            logger.notice(
                "started", metadata: ["database": "\(store.path)", "pid": "\(getpid())"])
            report.ready()
            try await first.run()
            var last = first
            while let next = requests.takeNext() {
                last = makeLanes(next)
                try await recover(last, giveUp)
                requests.begin(last.signals, next.logger)
                logger.notice("reloaded")
                report.ready()
                try await last.run()
            }
            let ending = try await ending(of: last, giveUp)
            if !store.isOnServer { _ = await walCheckpointer.checkpoint() }
            logger.notice("stopped", metadata: ["reason": "\(ending)"])
            return ending
        }
    }

    private func ending(of lanes: LaneGroup, _ giveUp: GiveUp?) async throws -> Ending {
        if requests.isStopping { return .stopped }
        if let giveUp, giveUp.isOver { return .givenUp }
        return try await lanes.isHalted() ? .halted : .empty
    }

    /// Waits until the database is unlocked, or the disk has space for the settlements.
    private func recover(_ lanes: LaneGroup, _ giveUp: GiveUp?) async throws {
        let retrier = StoreRetrier(manager: manager, logger: logger, giveUp: giveUp, clock: clock)
        try await retrier.run(
            "recover", retrying: { $0 != .permanent && !requests.isStopping },
            { try await lanes.recover() })
    }

    private func watchQueue(_ lock: any WorkRight) -> any CommitWatch {
        let version = Mutex(try? store.dataVersion())
        let look: @Sendable () -> Void = { [store, requests] in
            // No further row will wake a lane, and it has to end.
            guard (try? lock.requireValid(for: store)) != nil else { return requests.wakeLanes() }
            guard let seen = try? store.dataVersion() else { return }
            let isNew = version.withLock { known in
                defer { known = seen }
                return known != seen
            }
            if isNew { requests.wakeLanes() }
        }
        return store.isOnServer
            ? ServerWatch(store, look: look) : QueueWatch(database: store.path, clock, look: look)
    }

    private func handle(_ signals: UnixSignalsSequence) async {
        for await signal in signals {
            if signal == .sighup, case .reload(let read) = hangup, !requests.isStopping {
                await reload(read)
                continue
            }
            switch requests.stop(at: clock.instant()) {
            case .first:
                logger.notice("stopping", metadata: ["signal": "\(signal)"])
                report.stopping()
            case .same: break
            case .atOnce:
                logger.warning("left_at_once", metadata: ["signal": "\(signal)"])
                _exit(128 + signal.rawValue)
            }
        }
    }

    /// The signals that the daemon handles. A signal that was ignored when it started stays ignored: `nohup`
    /// ignores SIGHUP, a shell without job control SIGINT for background processes.
    private static var signals: [UnixSignal] {
        [.sigterm]
            + [.sigint, .sighup].filter { signal in
                var action = sigaction()
                sigaction(signal.rawValue, nil, &action)
                return !action.isIgnored
            }
    }

    /// Unusable settings change nothing.
    private func reload(_ read: @Sendable () async throws -> DaemonSettings) async {
        report.reloading()
        do {
            requests.change(to: try await read())
        } catch {
            logger.error("reload_refused", metadata: ["error": "\(error)"])
            report.ready()
        }
    }
}

extension sigaction {
    fileprivate var isIgnored: Bool {
        #if canImport(Glibc)
            let handler = __sigaction_handler.sa_handler
        #else
            let handler = __sigaction_u.__sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
