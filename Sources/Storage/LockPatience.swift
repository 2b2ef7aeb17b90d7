internal import Foundation
internal import GRDB
internal import Planning
internal import Synchronization

/// How long a connection waits for another program's transaction, and how often it looks meanwhile.
///
/// SQLite has no queue for writers. Its own wait looks again ever more seldom, in the end every 100 ms,
/// and a program that inserts row after row leaves the lock free for microseconds between two commits.
/// Beside eight such programs that look came too late for 5 s together, and the daemon was locked out
/// (`benchmark busy`). One look a millisecond comes at the right moment a hundred times as often.
final class LockPatience: Sendable {
    private static let pauseMicroseconds: UInt32 = 1_000

    /// A look each millisecond at the most, so that the wait is no shorter than it is meant to be.
    private let looksMost: Atomic<Int64>

    init(_ wait: Duration) {
        looksMost = Atomic(wait.milliseconds)
    }

    var mode: Database.BusyMode {
        .callback { [self] looks in
            guard looks < looksMost.load(ordering: .relaxed) else { return false }
            usleep(Self.pauseMicroseconds)
            return true
        }
    }

    /// Runs `body` with no more patience than `wait`.
    func limited<Value>(to wait: Duration, _ body: () throws -> Value) rethrows -> Value {
        let usual = looksMost.load(ordering: .relaxed)
        looksMost.store(min(usual, wait.milliseconds), ordering: .relaxed)
        defer { looksMost.store(usual, ordering: .relaxed) }
        return try body()
    }
}
