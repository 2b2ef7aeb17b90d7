internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Operations
internal import Planning

/// Refuses requests from foreign pages and from callers without a token, and reports every error in one form.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = WebContext
    /// Not Foundation's.
    private typealias Host = Operations.Host

    static let cookieName = "asinqd"

    let access: AccessList
    let serve: ServeSettings
    let rate: RequestRate
    let now: @Sendable () -> Timestamp

    func handle(
        _ request: Request, context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            var context = context
            context.caller = try caller(of: request)
            response = try await next(request, context)
        } catch {
            let problem = Problem(error)
            response = problem.response
            if problem.endsConnection || hasBody(request) {
                response.headers[.connection] = "close"
                context.closeSoon()
            }
        }
        for field in Self.fields { response.headers[field.name] = field.value }
        return response
    }

    /// A request that is refused before its body was read.
    private func hasBody(_ request: Request) -> Bool {
        request.headers[.transferEncoding] != nil
            || request.headers[.contentLength].map { $0 != "0" } ?? false
    }

    /// The content security policy permits what this service itself serves, and nothing inline.
    private static let fields: HTTPFields = [
        .contentSecurityPolicy:
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        .xContentTypeOptions: "nosniff",
        // no-referrer would make browsers send forms with the origin null, which is refused.
        .init("Referrer-Policy")!: "same-origin",
        .init("Cross-Origin-Opener-Policy")!: "same-origin",
        .init("Cross-Origin-Resource-Policy")!: "same-origin",
        .cacheControl: "no-store",
    ]

    /// - Returns: nil for a request without a token.
    private func caller(of request: Request) throws -> AccessList.Caller? {
        try requireOwnHost(request)
        let (secret, isCookie) = Self.secret(in: request)
        guard let secret else {
            try requireRate("")
            return nil
        }
        guard let caller = access.caller(with: secret) else {
            try requireRate("")
            // A page's cookie may be of an earlier token: the page asks for the new one.
            if isCookie { return nil }
            throw Problem.unauthorized("The token is not valid.")
        }
        try requireRate(caller.name)
        try requireOwnOrigin(request, isCookie: isCookie)
        return caller
    }

    private func requireRate(_ name: String) throws {
        guard rate.allows(name, at: now()) else {
            var problem = Problem(
                .tooManyRequests, "More than \(Int(RequestRate.perSecond)) requests a second.",
                hint: "send several products in one request, or wait.")
            problem.headers[.retryAfter] = "1"
            throw problem
        }
    }

    /// A page elsewhere that lets its own name lead here would send that name (DNS rebinding).
    private func requireOwnHost(_ request: Request) throws {
        guard let authority = request.head.authority, let host = Self.host(of: authority) else {
            throw Problem.badRequest("The request has no valid field Host.")
        }
        guard isOwn(host) else {
            throw Problem(
                .misdirectedRequest,
                "The host \(TerminalText.excerpt(host.name, 100)) is not ours.",
                hint: "add it to serve.hosts in the settings if it leads to this service.")
        }
    }

    private func isOwn(_ host: Host) -> Bool {
        host.isLoopback || host == Host(serve.listen.host)
            || serve.hosts.contains { Host($0) == host }
    }

    /// `Origin` names the page that sends a request, which must be ours where a cookie gives access.
    private func requireOwnOrigin(_ request: Request, isCookie: Bool) throws {
        guard let origin = request.headers[.origin] else { return }
        let authority = origin.split(separator: "://", maxSplits: 1).last.map(String.init)
        guard origin != "null", let authority, let host = Self.host(of: authority), isOwn(host),
            !isCookie || authority == request.head.authority || serve.isBehindProxy
        else {
            throw Problem(.forbidden, "The request comes from a page of another site.")
        }
    }

    private static func host(of authority: String) -> Host? {
        var name = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            let port = authority[authority.index(after: colon)...]
            guard port.allSatisfy(\.isNumber) else { return nil }
            name = String(authority[..<colon])
        }
        return name.isEmpty ? nil : Host(name)
    }

    private static func secret(in request: Request) -> (String?, isCookie: Bool) {
        if let field = request.headers[.authorization] {
            let parts = field.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return ("", false) }
            return (parts[1].trimmingCharacters(in: .whitespaces), false)
        }
        // A token may have characters that a cookie cannot have.
        return (request.cookies[cookieName].flatMap { $0.value.percentDecoded }, true)
    }
}

extension Problem {
    static func unauthorized(_ detail: String) -> Problem {
        var problem = Problem(
            .unauthorized, detail,
            hint:
                "send Authorization: Bearer TOKEN; asinqd serve makes a token in the file web-token next to the database, or in its state folder if that is on a server."
        )
        problem.headers[.wwwAuthenticate] = "Bearer realm=\"asinqd\""
        return problem
    }
}
