internal import Foundation
internal import GRDB
internal import Planning
internal import Synchronization

/// How long a connection waits for another program's transaction, and how often it checks meanwhile.
///
/// SQLite does not queue writers. Its own busy handler backs off to 100 ms, and a program that inserts row
/// after row leaves the lock free for microseconds between two commits. With eight such programs the handler
/// missed every gap for 5 s, and the daemon was locked out (`benchmark busy`). One check a millisecond is a
/// hundred times as likely to find the lock free.
final class BusyHandler: Sendable {
    private static let pauseMicroseconds: UInt32 = 1_000

    /// At most one check each millisecond, so that the wait is not shorter than intended.
    private let looksMax: Atomic<Int64>

    init(_ wait: Duration) {
        looksMax = Atomic(wait.milliseconds)
    }

    var mode: GRDB.Database.BusyMode {
        .callback { [self] looks in
            guard looks < looksMax.load(ordering: .relaxed) else { return false }
            usleep(Self.pauseMicroseconds)
            return true
        }
    }

    /// Runs `body` and waits no longer than `wait` for the lock.
    func limited<Value>(to wait: Duration, _ body: () throws -> Value) rethrows -> Value {
        let usual = looksMax.load(ordering: .relaxed)
        looksMax.store(min(usual, wait.milliseconds), ordering: .relaxed)
        defer { looksMax.store(usual, ordering: .relaxed) }
        return try body()
    }
}
