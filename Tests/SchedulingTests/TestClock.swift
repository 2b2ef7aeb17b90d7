import Planning
import Synchronization

@testable import Scheduling

/// A clock that a test moves; a task that sleeps by it wakes when it is moved far enough.
final class TestClock: Sendable {
    private struct Sleeper {
        var deadline: ContinuousClock.Instant
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var passed = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
    }

    private let begin = ContinuousClock.now
    private let state = Mutex(State())
    private let (sleeps, sleep) = AsyncStream<Void>.makeStream()

    var now: ContinuousClock.Instant { begin + state.withLock(\.passed) }

    var clock: DaemonClock {
        DaemonClock(
            now: { Timestamp(milliseconds: self.state.withLock(\.passed).milliseconds) },
            instant: { self.now }, sleepUntil: { try await self.sleep(until: $0) })
    }

    func pass(_ duration: Duration) {
        let due = state.withLock { state in
            state.passed += duration
            let now = begin + state.passed
            let due = state.sleepers.filter { $0.value.deadline <= now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Returns once another sleep has begun.
    func slept() async {
        var iterator = sleeps.makeAsyncIterator()
        await iterator.next()
    }

    private func sleep(until deadline: ContinuousClock.Instant) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.remove(id) != nil || Task.isCancelled {
                        return .failure(CancellationError())
                    }
                    if deadline <= begin + state.passed { return .success(()) }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
                sleep.yield()
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
