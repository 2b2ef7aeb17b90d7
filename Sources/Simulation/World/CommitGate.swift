internal import Storage
internal import Synchronization

/// Runs before each commit of the daemon's store, and makes some of them fail.
final class CommitGate: Sendable {
    enum Trouble: Sendable {
        /// The process dies here: the transaction is rolled back.
        case kill
        case diskFull
    }

    struct Killed: Error {}

    private let trouble = Mutex<Trouble?>(nil)

    func set(_ next: Trouble?) {
        trouble.withLock { $0 = next }
    }

    func pass() throws {
        switch trouble.withLock(\.self) {
        case .kill: throw Killed()
        case .diskFull: throw StoreError.full(path: "simulated")
        case nil: break
        }
    }
}
