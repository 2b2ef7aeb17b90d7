import Foundation
import Planning
import Providers

extension ProviderContract {
    /// The key is sent to the provider, and only where it cannot be logged on the way.
    var requests: [String] {
        var problems: [String] = []
        for figures in choices {
            let account = definition.account(figures: figures, baseURL: "https://api.example/v1")
            let slashed = definition.account(figures: figures, baseURL: "https://api.example/v1/")
            for endpoint in definition.endpoints {
                let name = endpoint.name
                let request = account.request(name, jobs(endpoint), Self.key)
                let again = slashed.request(name, jobs(endpoint), Self.key)
                if !request.url.hasPrefix("https://api.example/v1/") {
                    problems.append("\(name) asks \(request.url)")
                }
                if again.url != request.url {
                    problems.append("\(name) minds a slash: \(again.url)")
                }
                if request.url.contains(Self.key)
                    || request.fields.contains(where: { $0.name.contains(Self.key) })
                {
                    problems.append("\(name) puts the key where proxies log it")
                }
                if "\(request)".contains(Self.key) { problems.append("\(name) prints the key") }
                let body = String(decoding: request.body, as: UTF8.self)
                let holdsKey =
                    body.contains(Self.key)
                    || request.fields.contains { $0.value.contains(Self.key) }
                if account.keyNeed == .required && !holdsKey {
                    problems.append("\(name) does not send the key")
                }
                let keyless = account.request(name, jobs(endpoint), "")
                if account.keyNeed != .required && keyless.fields.contains(where: \.value.isEmpty) {
                    problems.append("\(name) sends an empty field for a key")
                }
            }
        }
        return problems
    }

    /// Every reply gives an outcome, and none repeats the key.
    var outcomes: [String] {
        definition.endpoints.flatMap { endpoint in
            (100...599).flatMap { problems(endpoint, status: $0, "{}") }
                + Self.bodies.flatMap { body in
                    Self.statuses.flatMap { problems(endpoint, status: $0, body) }
                }
        }
    }

    private static let statuses = [
        200, 201, 204, 302, 400, 401, 403, 404, 407, 413, 422, 429, 500, 503, 511,
    ]

    private static let bodies = [
        "", "<html><h1>Please wait</h1></html>", "{}", "[]", "null", #"{"items":null}"#, "\u{FFFE}",
        #"{"message":"your key is \#(key)"}"#, key,
    ]

    private func problems(_ endpoint: EndpointDefinition, status: Int, _ body: String) -> [String] {
        let account = definition.account()
        let reply = ProviderReply(
            status: status, headers: ["retry-after": "7", "date": "Sun, 06 Nov 1994 08:49:37 GMT"],
            body: Array(body.utf8), sentAt: Timestamp(milliseconds: 1))
        let dated = account.outcome(
            reply, endpoint.name, jobs(endpoint).map(\.product), Self.key)
        let what = "\(endpoint.name), \(status) with \(body.prefix(30)):"
        var problems: [String] = []
        if "\(dated.outcome)".contains(Self.key) { problems.append("\(what) repeats the key") }
        if dated.sentAt == nil { problems.append("\(what) forgets when the request left") }
        if dated.serverAt == nil { problems.append("\(what) forgets the server's time") }
        switch (dated.outcome, status) {
        case (.succeeded, _): problems.append("\(what) counts as an answer")
        case (.unsent, _), (.expired, _): problems.append("\(what) counts as no reply")
        case (.rateLimited, 429), (.failed, 500...599), (.intercepted, 511): break
        case (_, 429), (_, 500...599): problems.append("\(what) is \(dated.outcome)")
        case (.misdirected(_, let message), _) where !message.contains(account.address.setting):
            problems.append("\(what) does not name the address's setting: \(message)")
        case (.rejected, 200...399): problems.append("\(what) blames the product")
        default: break
        }
        return problems
    }

    /// The display of a result, and the product that it leads to, for every body.
    var results: [String] {
        var problems: [String] = []
        for endpoint in definition.endpoints {
            let (name, shape) = (endpoint.name, endpoint.shape)
            let columns = [endpoint.form.name, "found"] + shape.columns.map(\.name)
            if Set(columns).count != columns.count { problems.append("\(name) has a column twice") }
            let fields =
                [endpoint.form.name, "found", "fetchedAt", shape.bodyKey]
                + shape.additions.map(\.name)
            if Set(fields).count != fields.count { problems.append("\(name) has a field twice") }
            for body in [nil, "{}", "[]", "null", "7", #"{"title":7}"#, #"[{"title":[]}]"#, "[7]"] {
                let cells = shape.cells(body)
                if cells.isEmpty || cells.contains(where: { $0.count != shape.columns.count }) {
                    problems.append("\(name)'s rows do not fit its columns")
                }
                if shape.lines(body).contains(where: { $0.count != shape.lineColumns.count }) {
                    problems.append("\(name)'s lines do not fit their columns")
                }
                for addition in shape.additions where !Self.isJSON(addition.json(body)) {
                    problems.append("\(name).\(addition.name) is no JSON: \(addition.json(body))")
                }
                let product = body.flatMap(endpoint.followUp)
                if let product { problems.append("\(name) leads from \(body ?? "") to \(product)") }
            }
            let count = Set(endpoint.form.examples).count
            if count < (endpoint.form.pattern == nil ? 2 : 1) {
                problems.append("\(name) refuses products as people write them")
            }
        }
        return problems
    }

    private static func isJSON(_ text: String) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed))
            != nil
    }
}
