internal import NIOCore

/// How long the service waits for a client.
package struct WebTimeouts: Sendable {
    /// For a body that is read as a whole.
    package var body = Duration.seconds(30)
    /// For the next piece of a longer body.
    package var pause = Duration.seconds(60)
    /// For the next request on a connection.
    package var idle = Duration.seconds(75)

    package init() {}
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
