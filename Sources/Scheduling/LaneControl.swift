internal import Planning
internal import Synchronization

/// What the daemon says to a lane, and hears of it.
final class LaneControl: Sendable {
    let bell = Bell()
    private let isUntilEmpty: Bool
    private let isStoppingNow = Mutex(false)
    private let onSettled: @Sendable () -> Void

    /// - Parameters:
    ///   - untilEmpty: Whether the lane is to end when it has nothing left to do.
    ///   - onSettled: Called after each call: it may have freed what another lane waits for.
    init(untilEmpty: Bool, onSettled: @escaping @Sendable () -> Void) {
        isUntilEmpty = untilEmpty
        self.onSettled = onSettled
    }

    var isStopping: Bool { isStoppingNow.withLock(\.self) }

    func stop() {
        isStoppingNow.withLock { $0 = true }
        bell.ring()
    }

    func callSettled() {
        onSettled()
    }

    /// Waits, but not for other programs' rows: only the daemon's stopping cuts it short.
    func pause(_ duration: Duration) async {
        let deadline = ContinuousClock.now + duration
        while !isStopping, ContinuousClock.now < deadline {
            await bell.wait(atMost: deadline - ContinuousClock.now)
        }
        if isStopping { try? await Task.sleep(for: .milliseconds(100)) }
    }

    /// Whether a lane that holds for this reason has done all it ever can by itself.
    func hasFinished(holding hold: Hold) -> Bool {
        guard isUntilEmpty else { return false }
        switch hold {
        case .idle, .paused, .halted: return true
        default: return false
        }
    }
}
