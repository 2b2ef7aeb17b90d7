internal import Synchronization

/// The calls of this process that have ended and whose settlements could not be written: the disk is full, or
/// another program holds the lock. Their lanes try again, and a start settles what they gave up.
final class UnwrittenSettlements: Sendable {
    private let calls = Mutex<[String: Set<Int64>]>([:])

    func add(_ callID: Int64, of account: String) {
        calls.withLock { _ = $0[account, default: []].insert(callID) }
    }

    func remove(_ callID: Int64, of account: String) {
        calls.withLock { _ = $0[account]?.remove(callID) }
    }

    /// The account's lanes have ended: those that begin next read what is in the ledger.
    func forget(_ account: String) {
        calls.withLock { $0[account] = nil }
    }

    func contains(_ account: String) -> Bool {
        calls.withLock { !($0[account]?.isEmpty ?? true) }
    }
}
