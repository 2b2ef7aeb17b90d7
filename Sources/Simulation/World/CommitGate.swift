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

    /// What happens in the middle of the next transaction that comes here.
    private let meanwhile = Mutex<(@Sendable () -> Void)?>(nil)
    private let trouble = Mutex<Trouble?>(nil)

    func set(_ next: Trouble?) {
        trouble.withLock { $0 = next }
    }

    func setMeanwhile(_ next: (@Sendable () -> Void)?) {
        meanwhile.withLock { $0 = next }
    }

    func pass() throws {
        let next = meanwhile.withLock { meanwhile in
            defer { meanwhile = nil }
            return meanwhile
        }
        next?()
        switch trouble.withLock(\.self) {
        case .kill: throw Killed()
        case .diskFull: throw StoreError.full(path: "simulated")
        case .unreachable: throw StoreError.unreachable(url: "simulated", detail: "cut")
        case nil: break
        }
    }
}
