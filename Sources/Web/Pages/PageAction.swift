internal import Foundation
internal import Hummingbird
internal import Operations

/// What a form of a page does.
struct PageAction: Sendable {
    var path: String
    var role: AccessRole
    let perform: @Sendable (PageCall, Form) async throws -> Outcome

    enum Outcome {
        /// To a page, so that reloading it does not repeat the action.
        case redirect(String)
        /// A page that asks or reports.
        case page(title: String, HTML)
    }

    /// The fields of a form; a name may occur several times.
    struct Form: Sendable {
        static let bytesMax = 8 << 20
        let fields: [(name: String, value: String)]

        /// The first value; nil if it is empty.
        subscript(_ name: String) -> String? {
            fields.first { $0.name == name && !$0.value.isEmpty }?.value
        }

        func all(_ name: String) -> [String] {
            fields.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
        }
    }
}

extension WebService {
    func addActions(to group: RouterGroup<WebContext>) {
        for action in actions {
            group.post(RouterPath(action.path)) { [self] request, context in
                try await respond(to: action, request, context)
            }
        }
    }

    private func respond(
        to action: PageAction, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let call = PageCall(
            request: request, context: context, service: self, now: now(), query: [:])
        do {
            guard let caller = context.caller else {
                throw Problem.unauthorized("Sign in first.")
            }
            guard caller.role >= action.role else {
                throw Problem(
                    .forbidden, "A \(caller.role.rawValue) may not do this.",
                    hint: "sign in with the token of a \(action.role.rawValue).")
            }
            if database.isReadOnly { throw Problem.readOnly }
            // A browser names the page that sends a form; without that, the page may be any.
            guard request.headers[.origin] != nil else {
                throw Problem(.forbidden, "The request does not say which page it comes from.")
            }
            let body = try await request.wholeBody(
                bytesMax: PageAction.Form.bytesMax, within: timeouts.body)
            let form = PageAction.Form(
                fields: try APICall.pairs(String(buffer: body)).map { ($0.0, $0.1) })
            switch try await action.perform(call, form) {
            case .redirect(let place):
                return Response(status: .seeOther, headers: [.location: place])
            case .page(let title, let content):
                return shell(call, title).response(content)
            }
        } catch {
            let problem = Problem(error)
            var response = shell(call, "Error").response(
                Self.text(of: problem), status: problem.status)
            // The rest of the form is not read.
            response.headers[.connection] = "close"
            context.closeSoon()
            return response
        }
    }

    private func shell(_ call: PageCall, _ title: String) -> PageShell {
        PageShell(
            call: call,
            page: Page(path: call.request.uri.path, title: title, isListed: false) { _ in "" },
            pages: pages)
    }
}
