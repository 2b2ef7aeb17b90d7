package import Planning

/// What came back for a `ProviderRequest`: a status line, header fields, and a body that was read to
/// its end.
package struct ProviderReply: Equatable, Sendable {
    package var status: Int
    /// By name in small letters, each value as it came; of a field that came twice the first.
    package var headers: [String: String]
    package var body: [UInt8]
    /// Our clock's reading on its arrival, for a date that is to be compared with a server's that does
    /// not give its own; nil where the clock was not read.
    package var receivedAt: Timestamp?
    /// Our clock's reading when the request left.
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

    /// What the server's clock said, cut to the second: its Date, a field that every server with a clock
    /// sends (RFC 9110, section 6.6.1). nil where it has none that can be read.
    package var serverAt: Timestamp? {
        headers["date"].flatMap(HTTPDate.seconds).map {
            Timestamp(milliseconds: Int64($0) * 1_000)
        }
    }
}
