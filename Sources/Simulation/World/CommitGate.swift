internal import Storage
internal import Synchronization

/// Runs before each commit of the daemon's store, and makes some of them fail.
final class CommitGate: Sendable {
    enum Trouble: Sendable {
        /// The process dies here: the transaction is rolled back.
        case kill
        case diskFull
        /// The connection to the server is lost here: the transaction is rolled back.
        case unreachable
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
        case .unreachable: throw StoreError.unreachable(url: "simulated", detail: "cut")
        case nil: break
        }
    }
}
