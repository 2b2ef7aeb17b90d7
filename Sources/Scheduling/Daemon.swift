internal import Foundation
internal import Logging
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
        /// No call was answered for as long as it was to wait for one.
        case givenUp
    }

    package enum Failure: Error, CustomStringConvertible {
        case alreadyRunning(database: String)

        package var description: String {
            switch self {
            case .alreadyRunning(let path):
                "Another asinqd works on \(path), or on the same file under another name.\nTry: asinqd status to see what it does."
            }
        }
    }

    private let store: Store
    private let settings: DaemonSettings
    private let manager: ServiceManager?
    private let hangup: Hangup
    private let database = DatabaseThread()
    private let course: Course
    private let report: ServiceReport

    /// - Parameter manager: Who started it and wants to hear from it, if anybody.
    package init(
        store: Store, settings: DaemonSettings, manager: ServiceManager?, hangup: Hangup
    ) {
        self.store = store
        self.settings = settings
        self.manager = manager
        self.hangup = hangup
        course = Course(settings.logger)
        report = ServiceReport(manager)
    }

    private var logger: Logger { course.logger }
    private var logKeeper: LogKeeper {
        LogKeeper(store: store, database: database, course: course)
    }

    /// Works until SIGTERM or SIGINT, or until the queue is empty. The calls in flight are finished and
    /// settled first; a second signal leaves at once.
    ///
    /// - Parameter giveUp: With `untilEmpty`: ends also when no call is answered for so long.
    package func run(untilEmpty: Bool, giveUp: GiveUp? = nil) async throws -> Ending {
        guard let lock = try await Self.lock(store.path) else {
            throw Failure.alreadyRunning(database: store.path)
        }
        // Until the last checkpoint is made.
        defer { withExtendedLifetime(lock) {} }
        do {
            let ending = try await work(untilEmpty: untilEmpty, giveUp, lock)
            _ = await logKeeper.checkpoint()
            logger.notice("stopped", metadata: ["reason": "\(ending)"])
            return ending
        } catch {
            store.leaveDisplacedFiles()
            throw error
        }
    }

    /// Another command may hold the lock for a checkpoint, which is over in a moment.
    private static func lock(_ path: String) async throws -> DaemonLock? {
        for _ in 1...10 {
            if let lock = try DaemonLock(database: path, lockingFile: true) { return lock }
            try await Task.sleep(for: .milliseconds(200))
        }
        return nil
    }

    private func work(
        untilEmpty: Bool, _ giveUp: GiveUp?, _ lock: DaemonLock
    ) async throws -> Ending {
        var shift = shift(settings, lock, untilEmpty: untilEmpty, giveUp)
        try await recoverInTime(shift, giveUp)
        let watch = try watchQueue(lock)
        defer { watch.stop() }
        course.begin(shift.controls, shift.settings.logger)
        let signals = await UnixSignalsSequence(trapping: Self.signals)
        // To the end of the process: the second of two signals may come while the log is cut.
        Task { await heed(signals) }
        logger.notice("started", metadata: ["database": "\(store.path)", "pid": "\(getpid())"])
        let upkeep = Task { await logKeeper.run() }
        defer { upkeep.cancel() }
        report.ready()
        try await shift.run()
        while let next = course.takeNext() {
            shift = self.shift(next, lock, untilEmpty: untilEmpty, giveUp)
            try await recoverInTime(shift, giveUp)
            course.begin(shift.controls, shift.settings.logger)
            logger.notice("reloaded")
            report.ready()
            try await shift.run()
        }
        if course.isStopping { return .stopped }
        if let giveUp, giveUp.isOver { return .givenUp }
        return try await shift.isHalted() ? .halted : .empty
    }

    private func shift(
        _ settings: DaemonSettings, _ lock: DaemonLock, untilEmpty: Bool, _ giveUp: GiveUp?
    ) -> Shift {
        let endpoints = settings.subscriptions.flatMap(\.provider.endpoints)
        report.begin(endpoints)
        lock.note(endpoints: endpoints.map(\.name))
        let idleLanes = untilEmpty ? IdleLanes(count: endpoints.count) : nil
        return Shift(
            settings: settings, store: store, database: database, lock: lock,
            transport: HTTPTransport(settings.network), report: report,
            controls: endpoints.map { endpoint in
                LaneControl(endpoint.name, idleLanes: idleLanes, giveUp: giveUp) { [course] in
                    course.ringAll()
                }
            })
    }

    /// Goes on when the database is free again, or the disk has room for what must be settled.
    private func recoverInTime(_ shift: Shift, _ giveUp: GiveUp?) async throws {
        var patience = Patience(manager: manager, logger: logger, giveUp: giveUp)
        while true {
            do {
                return try await shift.recover()
            } catch let error as StoreError where error.mayPass && !course.isStopping {
                try await patience.wait(after: error, of: "recover")
            }
        }
    }

    private func watchQueue(_ lock: DaemonLock) throws -> QueueWatch {
        let version = Mutex(try store.dataVersion())
        return QueueWatch(database: store.path) { [store, course] in
            // No row will come any more that would wake a lane, and it has to end.
            guard (try? lock.requireValid(for: store)) != nil else { return course.ringAll() }
            guard let seen = try? store.dataVersion() else { return }
            let isNew = version.withLock { known in
                defer { known = seen }
                return known != seen
            }
            if isNew { course.ringAll() }
        }
    }

    private func heed(_ signals: UnixSignalsSequence) async {
        for await signal in signals {
            if signal == .sighup, case .reload(let read) = hangup, !course.isStopping {
                await reload(read)
                continue
            }
            switch course.stop(at: .now) {
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

    /// Those that the daemon answers to. What was ignored when it started stays so: `nohup` ignores SIGHUP
    /// for it, a shell without job control SIGINT for what it starts in the background.
    private static var signals: [UnixSignal] {
        [.sigterm]
            + [.sigint, .sighup].filter { signal in
                var action = sigaction()
                sigaction(signal.rawValue, nil, &action)
                return !action.isIgnored
            }
    }

    /// Settings that cannot be used change nothing.
    private func reload(_ read: @Sendable () async throws -> DaemonSettings) async {
        report.reloading()
        do {
            course.change(to: try await read())
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
