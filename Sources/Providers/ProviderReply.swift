/// What came back for a `ProviderRequest`: a status line, and a body that was read to its end.
package struct ProviderReply: Equatable, Sendable {
    package var status: Int
    /// The value of the header field Retry-After, as it came.
    package var retryAfter: String?
    package var body: [UInt8]

    package init(status: Int, retryAfter: String? = nil, body: [UInt8]) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }
}
