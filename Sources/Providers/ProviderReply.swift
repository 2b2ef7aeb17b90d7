package import Planning

/// The reply to a `ProviderRequest`: a status line, header fields, and a complete body.
package struct ProviderReply: Equatable, Sendable {
    package var status: Int
    /// By name in small letters, each value as it came; the first value of a repeated field.
    package var headers: [String: String]
    package var body: [UInt8]
    /// When it arrived, by our clock, for a comparison with a server's date if the server does not send its
    /// own time; nil if the clock was not read.
    package var receivedAt: Timestamp?
    /// When the request left, by our clock.
    package var sentAt: Timestamp?

    package init(
        status: Int, headers: [String: String] = [:], body: [UInt8], receivedAt: Timestamp? = nil,
        sentAt: Timestamp? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
        self.sentAt = sentAt
    }

    /// The time of the server's clock, cut to the second: its Date, a field that every server with a clock
    /// sends (RFC 9110, section 6.6.1). nil without a readable one.
    package var serverAt: Timestamp? {
        headers["date"].flatMap(HTTPDate.seconds).map {
            Timestamp(milliseconds: Int64($0) * 1_000)
        }
    }
}
