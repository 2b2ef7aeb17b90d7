internal import Foundation
internal import Hummingbird
internal import Operations
internal import Planning

extension WebService {
    /// In the order of the navigation.
    var pages: [Page] {
        [
            nowPage, planPage, jobsPage, jobPage, ledgerPage, callPage, resultsPage, labelsPage,
            failuresPage, limitsPage, auditPage, enqueuePage,
        ]
    }

    var actions: [PageAction] { [enqueueAction, changeAction, laneAction] }

    /// Adds the pages, what they load, and the sign-in.
    func addPages(to group: RouterGroup<WebContext>) {
        for page in pages {
            group.get(RouterPath(page.path)) { [self] request, context in
                try await respond(with: page, to: request, context)
            }
        }
        let missing = Page(path: "", title: "Not found", isListed: false) { _ in
            throw Problem.notFound("page at this address", hint: "choose one of the pages above.")
        }
        group.get("**") { [self] request, context in
            // Programs get the error as they get all others.
            guard request.headers[.accept]?.contains("text/html") == true else {
                throw Problem.notFound("resource at this address")
            }
            return try await respond(with: missing, to: request, context)
        }
        addActions(to: group)
        for asset in Asset.all {
            group.get(RouterPath("/assets/\(asset.name)")) { _, _ in asset.response }
        }
    }

    private func respond(
        with page: Page, to request: Request, _ context: WebContext
    ) async throws -> Response {
        let call = PageCall(
            request: request, context: context, service: self, now: now(),
            // An empty field of a form is one that was left out.
            query: try APICall.query(request).filter { !$0.value.isEmpty })
        if let token = call.query["token"] { return signIn(token, call, at: page.path) }
        guard context.caller != nil else { return signIn(call, isWrong: false) }
        let shell = PageShell(call: call, page: page, pages: pages)
        do {
            return shell.response(try await page.content(call))
        } catch {
            let problem = Problem(error)
            return shell.response(Self.text(of: problem), status: problem.status)
        }
    }

    /// Turns the token of the address into a cookie, so that neither the address bar nor the history has it.
    private func signIn(_ token: String, _ call: PageCall, at path: String) -> Response {
        guard access.caller(with: token) != nil else {
            return signIn(call, isWrong: true)
        }
        let others = call.query.filter { $0.key != "token" }.sorted { $0.key < $1.key }
        let value = token.percentEncoded
        var cookie =
            "\(AccessMiddleware.cookieName)=\(value); Path=\(prefix)/; HttpOnly; SameSite=Strict; Max-Age=31536000"
        if isEncrypted { cookie += "; Secure" }
        return Response(
            status: .seeOther,
            headers: [
                .location: call.link(path, others.map { ($0.key, $0.value) }), .setCookie: cookie,
            ])
    }

    private func signIn(_ call: PageCall, isWrong: Bool) -> Response {
        let page = Page(path: call.request.uri.path, title: "Sign in", isListed: false) { _ in "" }
        return PageShell(call: call, page: page, pages: []).response(
            Self.signInForm(isWrong: isWrong), status: .unauthorized)
    }

    private static func signInForm(isWrong: Bool) -> HTML {
        """
        <h1>Sign in</h1>
        \(isWrong ? "<p class=\"alert\" role=\"alert\">The token is not valid.</p>" : "")
        <p>Open the address that <code>asinqd serve</code> printed, or paste its token. The token is in the file
        <code>web-token</code> next to the database, or in the service’s state folder if that is on a server.</p>
        <form method="get" class="row">
        <label>Token <input name="token" type="password" required autocomplete="current-password"></label>
        <button>Sign in</button>
        </form>
        """
    }

    static func text(of problem: Problem) -> HTML {
        """
        <h1>\(problem.status.reasonPhrase)</h1>
        <p class="alert" role="alert">\(problem.detail)</p>
        \(problem.hint.map { "<p>Try: \($0)</p>" as HTML })
        """
    }
}

/// A file that pages load.
struct Asset: Sendable {
    let name: String
    private let type: String
    private let bytes: [UInt8]

    static let all = [
        Asset(name: "app.css", type: "text/css; charset=utf-8", bytes: PackageResources.app_css),
        Asset(
            name: "app.js", type: "text/javascript; charset=utf-8", bytes: PackageResources.app_js),
        Asset(name: "icon.svg", type: "image/svg+xml", bytes: PackageResources.icon_svg),
    ]

    var response: Response {
        Response(
            status: .ok, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
