internal import Planning
internal import Providers
package import Storage

/// Something that happened. Its JSON is a contract: fields are added, never renamed.
package struct Event: Encodable {
    package enum Subject {
        /// The stream begins.
        case watching(database: String, DaemonActivity)
        /// A call was settled.
        case call(LedgerLine)
        case deadLetter(JobLine)
        case lane(Lane)
    }

    /// The lanes of an account at an endpoint, and what became of them.
    package struct Lane: Equatable, Sendable {
        package var account: String
        package var endpoint: String
        package var standing: LaneStanding
        /// For people: the reason, and what to do.
        package var text: String
    }

    package var subject: Subject
    /// When it happened; for lanes, when it was noticed.
    package var at: String
    /// Where the events after it begin.
    package var cursor: EventCursor

    /// `watching`, `call`, `dead_letter`, `lane_halted`, `lane_paused` or `lane_resumed`.
    package var name: String {
        switch subject {
        case .watching: "watching"
        case .call: "call"
        case .deadLetter: "dead_letter"
        case .lane(let lane):
            switch lane.standing {
            case .halted: "lane_halted"
            case .paused: "lane_paused"
            case .working: "lane_resumed"
            }
        }
    }

    private enum CodingKeys: CodingKey { case event, at, cursor, call, job, lane }
    private enum LaneKeys: CodingKey { case account, endpoint, text }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .event)
        try container.encode(at, forKey: .at)
        try container.encode(cursor.text, forKey: .cursor)
        switch subject {
        case .watching: break
        case .call(let call): try container.encode(CallRecord(call), forKey: .call)
        case .deadLetter(let job): try container.encode(JobRecord(job), forKey: .job)
        case .lane(let lane):
            var fields = container.nestedContainer(keyedBy: LaneKeys.self, forKey: .lane)
            try fields.encode(lane.account, forKey: .account)
            try fields.encode(lane.endpoint, forKey: .endpoint)
            try fields.encode(lane.text, forKey: .text)
        }
    }

    /// The same as a JSON object on one line.
    package var json: String { (try? JSONText.object(self)) ?? "" }
}

extension Event {
    private static let textMax = 200
    private static let productMax = 60

    /// One line for people.
    package var text: String {
        "\(HumanText.second(at))  \(statement)"
    }

    private var statement: String {
        switch subject {
        case .watching(let database, let activity):
            "watching \(TerminalText.safe(database)), \(activity.text)"
        case .call(let call): Self.statement(call)
        case .deadLetter(let job):
            "\(job.endpoint): dead letter \(TerminalText.excerpt(job.product, Self.productMax)), job \(job.id): \(TerminalText.excerpt(job.error ?? "", Self.textMax))"
        case .lane(let lane):
            "\(Self.name(lane.endpoint, lane.account)): \(TerminalText.safe(lane.text))"
        }
    }

    private static func statement(_ call: LedgerLine) -> String {
        let entry = call.entry
        let products =
            call.products.count == 1
            ? TerminalText.excerpt(call.products[0], productMax)
            : HumanText.count(call.products.count, "product", "products")
        let status = entry.outcome == .succeeded ? nil : call.httpStatus.map(String.init)
        let outcome = [entry.outcome?.rawValue, status].compactMap(\.self).joined(separator: " ")
        let facts = [
            outcome, products, HumanText.count(entry.charged ?? 0, "token", "tokens"),
            entry.dailyRemaining.map { "\(HumanText.number($0)) remaining" },
            entry.settledAt.map { "\(($0 - entry.startedAt).milliseconds) ms" },
        ].compactMap(\.self).joined(separator: ", ")
        let message = call.message.map { ": \(TerminalText.excerpt($0, textMax))" } ?? ""
        return "\(name(entry.endpoint, entry.account)): call \(entry.id) \(facts)\(message)"
    }

    /// The endpoint, with the account if it is not the provider's first one.
    private static func name(_ endpoint: String, _ account: String) -> String {
        Catalog.current.provider(named: account) == nil ? "\(endpoint) (\(account))" : endpoint
    }
}
