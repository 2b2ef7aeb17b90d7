/// One HTTP request to a provider, complete.
///
/// The body or a header field holds the API key. So every printed form of a request (a log line, an error,
/// `dump`, a failed test) shows the names of its fields and the length of its body, and nothing else of them.
package struct ProviderRequest: Sendable {
    package let method: String
    package let url: String
    /// Header fields in the order in which they are sent.
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        method: String, url: String, fields: [(name: String, value: String)], body: [UInt8]
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }

    /// The address of an endpoint below a base URL with or without a slash at its end.
    static func url(of endpoint: String, below baseURL: String) -> String {
        baseURL + (baseURL.hasSuffix("/") ? "" : "/") + endpoint
    }
}

extension ProviderRequest: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String { "\(method) \(url) (\(body.count) bytes)" }

    package var debugDescription: String { description }

    package var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "method": method, "url": url, "fieldNames": fields.map(\.name),
                "bodyBytes": body.count,
            ],
            displayStyle: .struct)
    }
}
