internal import NIOCore
internal import NIOHTTP1

/// Observes the bytes of a connection, above its encryption: TLS's own bytes belong to neither a request nor
/// a reply.
final class ConnectionWitness: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = IOData

    private let exchange: Exchange
    private var requests = 0
    private var isOpen = false

    init(_ exchange: Exchange) {
        self.exchange = exchange
    }

    /// For a new connection that has carried nothing yet.
    static func add(to channel: any Channel, _ exchange: Exchange) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
            try pipeline.addHandler(ConnectionWitness(exchange), position: .before(encoder))
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        isOpen = true
        exchange.connectionOpened()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        close()
        context.fireChannelInactive()
    }

    private func close() {
        if isOpen { exchange.connectionClosed() }
        isOpen = false
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        let sending = exchange.send(on: ObjectIdentifier(self), requestsBefore: requests)
        if sending.isNew { requests += 1 }
        guard sending.isAllowed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            context.close(promise: nil)
            return
        }
        context.write(data, promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        exchange.receive(on: ObjectIdentifier(self))
        context.fireChannelRead(data)
    }
}
