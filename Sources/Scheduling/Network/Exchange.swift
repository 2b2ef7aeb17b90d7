internal import Planning
internal import Synchronization

/// The state of the request on a line: whether it left, on what kind of connection, and whether its reply
/// began.
///
/// The client's errors do not show that: they do not distinguish a request that no server saw from one that a
/// server may have charged.
final class Exchange: Sendable {
    struct Facts: Equatable, Sendable {
        /// When its first byte was passed to a connection; nil if none was.
        var sentAt: Timestamp?
        /// Whether that connection had carried another request before.
        var isOnReusedConnection = false
        var hasReplyBegun = false
    }

    private struct State {
        var facts = Facts()
        var isOpen = false
        var connection: ObjectIdentifier?
        var openConnections = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Timestamp

    init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }

    /// A connection that is still open, perhaps unused.
    var hasConnection: Bool { state.withLock { $0.openConnections > 0 } }

    func begin() {
        state.withLock { state in
            state.facts = Facts()
            state.connection = nil
            state.isOpen = true
        }
    }

    /// No part of the request can leave after this, so that the returned facts stay true.
    func end() -> Facts {
        state.withLock { state in
            state.isOpen = false
            return state.facts
        }
    }

    func connectionOpened() {
        state.withLock { $0.openConnections += 1 }
    }

    func connectionClosed() {
        state.withLock { $0.openConnections -= 1 }
    }

    /// Whether a connection may send its data: not for a request that is over, and not for one that another
    /// connection has begun to send.
    /// - Parameter requestsBefore: How many the connection has carried.
    func send(on connection: ObjectIdentifier, requestsBefore: Int) -> (
        isAllowed: Bool, isNew: Bool
    ) {
        state.withLock { state in
            guard state.isOpen else { return (false, false) }
            if let known = state.connection { return (known == connection, false) }
            state.connection = connection
            state.facts.sentAt = now()
            state.facts.isOnReusedConnection = requestsBefore > 0
            return (true, true)
        }
    }

    func receive(on connection: ObjectIdentifier) {
        state.withLock { state in
            if state.connection == connection { state.facts.hasReplyBegun = true }
        }
    }
}
