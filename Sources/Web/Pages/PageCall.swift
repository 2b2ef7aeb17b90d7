internal import Hummingbird
internal import Operations
internal import Planning

/// A request for a page.
struct PageCall: Sendable {
    let request: Request
    let context: WebContext
    let service: WebService
    let now: Timestamp
    /// The parameters of the address by name; empty ones are left out.
    let query: [String: String]

    /// The address of a page with a query.
    /// - Parameter path: Without the prefix: `/jobs`.
    func link(_ path: String, _ query: [(String, String?)] = []) -> String {
        let parts = query.compactMap { name, value in
            value.map { "\(name)=\($0.percentEncoded)" }
        }
        return service.prefix + path + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    var role: AccessRole { context.caller?.role ?? .reader }

    /// Whether the viewer may use a form that needs the role.
    func may(_ role: AccessRole) -> Bool { self.role >= role && !service.database.isReadOnly }
}

/// A page: its place, its entry in the navigation, and what is on it.
struct Page: Sendable {
    var path: String
    var title: String
    /// Whether the navigation lists it.
    var isListed = true
    /// Whether it follows the daemon.
    var isLive = false
    /// The content of its `main`.
    let content: @Sendable (PageCall) async throws -> HTML
}
