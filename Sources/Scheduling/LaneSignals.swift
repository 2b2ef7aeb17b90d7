internal import Planning
internal import Synchronization

/// The signals of lanes that start and end together, and which of the lanes have no work left.
final class LaneSignals: Sendable {
    private let signals: [LaneID: WakeSignal]
    private let endsWhenIdle: Bool
    private let idle = Mutex<Set<LaneID>>([])

    /// - Parameter endsWhenIdle: Whether the lanes end once none of them has work left.
    init(_ lanes: [LaneID], endsWhenIdle: Bool) {
        signals = Dictionary(uniqueKeysWithValues: lanes.map { ($0, WakeSignal()) })
        self.endsWhenIdle = endsWhenIdle
    }

    subscript(lane: LaneID) -> WakeSignal { signals[lane]! }

    /// Something has changed: each lane checks again before the lanes can be done.
    func wakeAll() {
        idle.withLock { idle in
            idle.removeAll()
            for signal in signals.values { signal.wake() }
        }
    }

    func stopAll() {
        for signal in signals.values { signal.stop() }
    }

    func claims(_ lane: LaneID) {
        _ = idle.withLock { $0.remove(lane) }
    }

    /// The lane sleeps. The last one that cannot do anything more by itself ends all; until then an idle one
    /// waits for further rows.
    func sleeps(_ lane: LaneID, holding hold: Hold?) {
        guard endsWhenIdle, let hold, [.idle, .paused, .halted].contains(hold) else { return }
        let areAllIdle = idle.withLock { idle in
            // It has not checked since the last change.
            if self[lane].isPending { return false }
            idle.insert(lane)
            return idle.count == signals.count
        }
        if areAllIdle { stopAll() }
    }
}
