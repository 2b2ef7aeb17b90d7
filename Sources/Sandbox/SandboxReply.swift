/// A model's answer: the bytes, when they are due, and whether they arrive.
package struct SandboxReply: Sendable, Equatable {
    /// The part of the reply that the client receives.
    package enum Delivery: Sendable, Equatable {
        /// Status, headers and body arrive.
        case whole
        /// The connection closes without a byte of reply.
        case cut
        /// The connection stays open and silent until the client cancels.
        case never
    }

    package var status: Int
    package var headers: [String: String]
    package var body: [UInt8]
    /// The delay of the reply, or of the cut, after the model has handled the request.
    package var latencyMilliseconds: Int64
    package var delivery: Delivery

    package init(
        status: Int,
        headers: [String: String],
        body: [UInt8],
        latencyMilliseconds: Int64 = 0,
        delivery: Delivery = .whole
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.latencyMilliseconds = latencyMilliseconds
        self.delivery = delivery
    }

    init(status: Int, json: ModeledJSONText) {
        self.init(
            status: status,
            headers: ["Content-Type": "application/json; charset=utf-8"],
            body: json.bytes)
    }

    /// A page that a proxy in front of the server answers with instead of the server's JSON.
    static func proxyPage(status: Int, title: String) -> SandboxReply {
        let page = "<html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>"
        return SandboxReply(
            status: status,
            headers: ["Content-Type": "text/html"],
            body: Array(page.utf8))
    }
}
