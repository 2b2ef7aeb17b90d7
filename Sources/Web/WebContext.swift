internal import Hummingbird
internal import Logging
internal import NIOCore

/// What is known of a request in addition to the request itself.
struct WebContext: RequestContext {
    /// How long a client may still read an error after it was sent to it, while its own body is ignored.
    private static let linger = TimeAmount.seconds(5)

    var coreContext: CoreRequestContextStorage
    /// nil without a token.
    var caller: AccessList.Caller?
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Closes the connection after the response: the client may send a body without an end.
    func closeSoon() {
        let channel = channel
        channel.eventLoop.scheduleTask(in: Self.linger) { channel.close(mode: .all, promise: nil) }
    }
}
