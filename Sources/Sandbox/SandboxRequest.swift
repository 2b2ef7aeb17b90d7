/// One HTTP request as a model sees it: the whole body, without a socket or a query string.
package struct SandboxRequest: Sendable, Equatable {
    package var method: String
    /// The path alone, such as `/circana/images`.
    package var path: String
    /// Header names may be in any case.
    package var headers: [String: String]
    package var body: [UInt8]

    /// The defaults are those of both documented endpoints.
    package init(
        method: String = "POST",
        path: String,
        headers: [String: String] = ["Content-Type": "application/json"],
        body: [UInt8]
    ) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    /// The value of a header, in any case of its name.
    func header(_ name: String) -> String? {
        headers.first { $0.key.lowercased() == name.lowercased() }?.value
    }

    /// Whether the body is declared as JSON. The page asks for `Content-Type: application/json`; a
    /// body that is declared as anything else is not parsed, so that its key counts as missing.
    var declaresJSON: Bool {
        header("Content-Type")?.lowercased().hasPrefix("application/json") == true
    }
}
