internal import Planning
internal import Synchronization

/// What the daemon says to a lane, and hears of it.
final class LaneControl: Sendable {
    let bell = Bell()
    private let endpoint: String
    private let idleLanes: IdleLanes?
    private let giveUp: GiveUp?
    private let isStoppingNow = Mutex(false)
    private let onChange: @Sendable () -> Void

    /// - Parameters:
    ///   - idleLanes: Where the daemon is to end when the queue is empty: who has nothing left to do.
    ///   - giveUp: Where the daemon is to end when no call is answered for long.
    ///   - onChange: Called after each call, which may have freed what another lane waits for, and
    ///     when the last lane has nothing left to do.
    init(
        _ endpoint: String, idleLanes: IdleLanes?, giveUp: GiveUp? = nil,
        onChange: @escaping @Sendable () -> Void
    ) {
        self.endpoint = endpoint
        self.idleLanes = idleLanes
        self.giveUp = giveUp
        self.onChange = onChange
    }

    var isStopping: Bool { isStoppingNow.withLock(\.self) }

    func stop() {
        isStoppingNow.withLock { $0 = true }
        bell.ring()
    }

    /// Whether the lane is to make no further call.
    var isOver: Bool { isStopping || giveUp?.isDue ?? false }

    /// Whether a lane is to end that cannot reach the database.
    var isTooLate: Bool { isStopping || giveUp?.giveUpIfLate() ?? false }

    /// How long the lane may wait before it looks whether to give up.
    var longestWait: Duration { giveUp?.remaining ?? .day }

    /// The call's end may have given other lanes something to do, so they look again before the daemon
    /// can be done.
    func callSettled() {
        idleLanes?.leaveAll()
        onChange()
    }

    /// Waits, but not for other programs' rows: only the daemon's stopping cuts it short.
    func pause(_ duration: Duration) async {
        let deadline = ContinuousClock.now + duration
        while !isStopping, ContinuousClock.now < deadline {
            await bell.wait(atMost: deadline - ContinuousClock.now)
        }
        if isStopping { try? await Task.sleep(for: .milliseconds(100)) }
    }

    /// Whether the lane, which holds for this reason, is to end: no lane can do any more by itself.
    /// One that is idle stays for rows that come while another works.
    func isDone(holding hold: Hold) -> Bool {
        if let giveUp, giveUp.isDue {
            // The others wait for what does not come.
            onChange()
            return true
        }
        guard let idleLanes else { return false }
        switch hold {
        case .idle, .paused, .halted:
            if idleLanes.enter(endpoint) { onChange() }
        default: idleLanes.leave(endpoint)
        }
        return idleLanes.isComplete
    }

    func callBegan() {
        idleLanes?.leave(endpoint)
        giveUp?.callBegan()
    }

    func callEnded(isAnswered: Bool) {
        guard let giveUp else { return }
        giveUp.callEnded(isAnswered: isAnswered)
        onChange()
    }
}

/// The lanes that have nothing left to do. Once all are among them, that stays so.
final class IdleLanes: Sendable {
    private let count: Int
    private let names = Mutex<Set<String>>([])

    init(count: Int) {
        self.count = count
    }

    var isComplete: Bool { names.withLock { $0.count == count } }

    /// - Returns: Whether this was the last one that was missing.
    func enter(_ name: String) -> Bool {
        names.withLock { $0.insert(name).inserted && $0.count == count }
    }

    func leave(_ name: String) {
        names.withLock { names in
            if names.count < count { names.remove(name) }
        }
    }

    func leaveAll() {
        names.withLock { names in
            if names.count < count { names.removeAll() }
        }
    }
}
