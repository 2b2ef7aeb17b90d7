import Foundation
import Planning
import Sandbox

@testable import Providers

/// A provider that the program does not have. Its parts have numbers, and each part leads to its maker.
enum Partbook {
    static let parts = "parts"
    static let makers = "makers"

    private struct Flaw: Error, CustomStringConvertible { let description: String }

    /// Six digits, as people write them: `100-200`.
    static let partForm = form("part", "a part number", "part numbers", "100200", "[0-9]") {
        $0.filter { $0 != "-" }
    }

    /// Three capitals.
    static let makerForm = form("maker", "a maker's code", "makers' codes", "ACM", "[A-Z]") {
        $0.uppercased()
    }

    private static func form(
        _ name: String, _ one: String, _ plural: String, _ example: String, _ character: String,
        _ spelled: @escaping @Sendable (String) -> String
    ) -> ProductForm {
        let pattern = String(repeating: character, count: example.count)
        return ProductForm(
            name: name, one: one, plural: plural, example: example, width: 8, pattern: pattern
        ) { content in
            let text = String(decoding: content.indices.map { content[$0] }, as: UTF8.self)
            let product = spelled(text)
            guard product.utf8.count == example.utf8.count, fnmatch(pattern, product, 0) == 0
            else { throw Flaw(description: "\(one) looks like \(example)") }
            return product
        }
    }

    static let partsBurst = SettingDefinition.number(
        "partsBurst", 10...10_000, standard: 30, unit: "parts", "Parts at once, after a rest.")
    static let partsPerMinute = SettingDefinition.number(
        "partsPerMinute", 1...1_000_000, standard: 60, unit: "parts", "Parts a minute.")
    static let partsPerDay = SettingDefinition.number(
        "partsPerDay", 10...1_000_000, standard: 2_000, unit: "parts", "Parts a day.")
    static let makersPerMinute = SettingDefinition.number(
        "makersPerMinute", 1...1_000_000, standard: 20, unit: "calls", "Makers in any minute.")
    static let makersPerDay = SettingDefinition.number(
        "makersPerDay", 1...1_000_000, standard: 500, unit: "calls", "Makers a day.")
    static let callsInFlight = SettingDefinition.number(
        "callsInFlight", ClientPolicy.callsInFlightRange, standard: 1, unit: "calls",
        "Calls that each endpoint may have in flight.")
    static let batchLimit = 10

    static let definition = ProviderDefinition(
        name: "partbook", title: "Partbook",
        endpoints: [
            EndpointDefinition(
                name: parts, form: partForm, summary: "Names and weights of parts.",
                leadsTo: makers, followUp: { maker(of: ResultItem($0)) },
                shape: ResultShape(
                    columns: [.field("name"), .field("weightGrams")],
                    lineColumns: [
                        LineColumn("GRAMS", width: 5, isNumber: true) {
                            [.text($0.cell("weightGrams"))]
                        },
                        LineColumn("NAME") { [.text($0.text("name") ?? "")] },
                    ]),
                limits: { figures in
                    limits(
                        figures, batchLimit: batchLimit,
                        .tokenBucket(
                            TokenBucket(
                                capacityTokens: figures[partsBurst],
                                tokensPerMinute: figures[partsPerMinute])),
                        DailyPool(allowanceTokens: figures[partsPerDay], endpoint: parts))
                }),
            EndpointDefinition(
                name: makers, form: makerForm, summary: "Makers, by their codes.",
                shape: ResultShape(
                    columns: [.field("name"), .field("country")],
                    lineColumns: [LineColumn("NAME") { [.text($0.text("name") ?? "")] }]),
                limits: { figures in
                    limits(
                        figures, batchLimit: 1,
                        .slidingWindow(
                            SlidingWindow(
                                capacityTokens: figures[makersPerMinute], period: .seconds(60))),
                        DailyPool(allowanceTokens: figures[makersPerDay], endpoint: makers))
                }),
        ],
        settings: [
            .secret("apiKey", "The key."),
            .url("url", "Where its endpoints are.") { _ in "https://api.partbook.example/v2" },
            partsBurst, partsPerMinute, partsPerDay, makersPerMinute, makersPerDay, callsInFlight,
        ],
        documentedPaths: ["/v2", "/partbook"],
        request: { endpoint, jobs, key, baseURL in
            ProviderRequest(
                method: "POST", url: ProviderRequest.url(of: endpoint, below: baseURL),
                fields: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
                body: PartbookModel.json(jobs.map(\.product)))
        },
        outcome: { reply, endpoint, asked, key, address in
            outcome(reply, endpoint, asked, key, address)
        })

    private static func limits(
        _ figures: LimitFigures, batchLimit: Int, _ limit: RateLimit, _ pool: DailyPool
    ) -> EndpointLimits {
        EndpointLimits(
            batchLimit: batchLimit, tariff: .perProduct, limits: [limit], pools: [pool],
            linger: .zero, timeout: .seconds(30),
            clientPolicy: ClientPolicy(callsInFlight: figures[callsInFlight]))
    }

    private static func maker(of item: ResultItem) -> String? {
        item.text("maker").flatMap { try? makerForm.product($0) }
    }

    private static func outcome(
        _ reply: ProviderReply, _ endpoint: String, _ asked: [String], _ key: String,
        _ address: ProviderAddress
    ) -> CallOutcome {
        let body = try? JSONBody.object(in: reply.body)
        let error = body?.member("error")?.string
        let words = reply.words(documented: error, key: key)
        let message = PrintableText.make(words, hiding: key)
        let hint = body?.member("retryMilliseconds")?.number.map {
            Duration.milliseconds(Int64($0))
        }
        switch (reply.status, error) {
        case (200, _):
            do {
                return .succeeded(try answer(reply.body, endpoint, asked, key))
            } catch {
                return reply.unreadable(error, key: key)
            }
        case (429, _):
            return .rateLimited(error == "day" ? .day : .minute, hint: hint, message: message)
        case (401, "key"): return .unauthorized(status: 401, message: message)
        case (422, "product"): return .rejected(status: 422, message: message)
        case (let status, _) where CallOutcome.addressStatuses.contains(status):
            return .misdirected(
                status: status,
                message: reply.wrongAddress(
                    words, asked: address.baseURL, setting: address.setting, key: key))
        default: return .failed(status: reply.status, message: message)
        }
    }

    private static func answer(
        _ body: [UInt8], _ endpoint: String, _ asked: [String], _ key: String
    ) throws(UnreadableBody) -> Answer {
        let object = try JSONBody.object(in: body)
        guard let rows = object.member("rows")?.elements else { throw .noItems }
        var items: [String: Item] = [:]
        for row in rows {
            guard let id = row.member("id")?.string, asked.contains(id) else { continue }
            if SecretKey.isRepeated(key, by: row) { throw .repeatsKey }
            items[id] = Item(
                isFound: true, body: String(decoding: row.bytes, as: UTF8.self),
                leadsTo: endpoint == parts ? maker(of: ResultItem(row)) : nil)
        }
        if items.isEmpty && !rows.isEmpty { throw .foreignItems }
        return Answer(
            items: items, dailyRemaining: object.member("left")?.number.map { Int($0) },
            resetsIn: object.member("resetsInMilliseconds")?.number.map {
                .milliseconds(Int64($0))
            })
    }
}

/// Partbook's server, with limiters of its own: a level that rises, a list of instants and a count for each day.
struct PartbookModel: SandboxModel {
    struct Limits: Sendable {
        var burst = 30
        var partsPerMinute = 60
        var partsPerDay = 2_000
        var makersPerMinute = 20
        var makersPerDay = 500
    }

    let pathPrefix = "/partbook/"
    let root = "/partbook"
    let key = "sandbox-of-partbook"
    var faults = Faults()
    private(set) var tokensCharged = 0
    private(set) var calls: [String: Int] = [:]
    private let limits: Limits
    /// In 60,000ths of a part.
    private var level: Int64
    private var filledAt: Int64 = 0
    private var makersAt: [Int64] = []
    private var day: Int64 = 0
    private var spent: [String: Int] = [:]
    private var away: [String: Int64] = [:]

    init(_ limits: Limits = Limits()) {
        self.limits = limits
        level = Int64(limits.burst) * 60_000
    }

    let rejection = reply(422, ["error": "product"])
    func awayUntil(path: String) -> Int64? { away[path] }
    func encodeCounts(to encoder: any Encoder) throws { try calls.encode(to: encoder) }

    func products(in request: SandboxRequest) -> [String] {
        (try? JSONDecoder().decode([String].self, from: Data(request.body))) ?? []
    }

    mutating func handle(_ request: SandboxRequest, atMilliseconds now: Int64) -> SandboxReply {
        let endpoint = String(request.path.dropFirst(pathPrefix.count))
        let isParts = endpoint == Partbook.parts
        guard isParts || endpoint == Partbook.makers else {
            return Self.reply(404, ["error": "path"])
        }
        calls[endpoint, default: 0] += 1
        let sent = request.headers.first { $0.key.lowercased() == "authorization" }?.value
        guard sent == "Bearer \(key)" else { return Self.reply(401, ["error": "key"]) }
        let ids = products(in: request)
        guard (1...Partbook.batchLimit).contains(ids.count), faults.reject.isDisjoint(with: ids)
        else { return Self.reply(422, ["error": "product"]) }
        advance(to: now)
        let allowance = isParts ? limits.partsPerDay : limits.makersPerDay
        let left = allowance - spent[endpoint, default: 0]
        let resetsIn = (day + 1) * 86_400_000 - now
        if ids.count > left { return refusal("day", request.path, resetsIn, now) }
        if let wait = wait(ids.count, isParts, now) {
            return refusal("pace", request.path, wait, now)
        }
        if isParts { level -= Int64(ids.count) * 60_000 } else { makersAt.append(now) }
        spent[endpoint, default: 0] += ids.count
        tokensCharged += ids.count
        return Self.reply(
            200,
            [
                "rows": ids.compactMap(isParts ? Self.part : Self.maker),
                "left": left - ids.count, "resetsInMilliseconds": resetsIn,
            ])
    }

    private mutating func advance(to now: Int64) {
        let inflow = (now - filledAt).multipliedReportingOverflow(by: Int64(limits.partsPerMinute))
        let full = Int64(limits.burst) * 60_000
        level = inflow.overflow ? full : min(full, level + inflow.partialValue)
        filledAt = now
        makersAt.removeAll { $0 <= now - 60_000 }
        if now / 86_400_000 != day {
            day = now / 86_400_000
            spent = [:]
        }
    }

    /// How long until a call may come; nil if it may now.
    private func wait(_ count: Int, _ isParts: Bool, _ now: Int64) -> Int64? {
        guard isParts else {
            return makersAt.count < limits.makersPerMinute ? nil : makersAt[0] + 60_000 - now
        }
        let lack = Int64(count) * 60_000 - level
        return lack > 0 ? lack / Int64(limits.partsPerMinute) + 1 : nil
    }

    private mutating func refusal(
        _ error: String, _ path: String, _ wait: Int64, _ now: Int64
    ) -> SandboxReply {
        away[path] = now + wait
        return Self.reply(429, ["error": error, "retryMilliseconds": wait])
    }

    /// Parts that end with 99 are unknown; those that end with 5 have no maker.
    private static func part(_ id: String) -> [String: Any]? {
        guard !id.hasSuffix("99"), let number = Int(id) else { return nil }
        return [
            "id": id, "name": "Part \(id)", "weightGrams": number % 1_000,
            "maker": id.hasSuffix("5") ? NSNull() : Partbook.makerCode(number % 100),
        ]
    }

    private static func maker(_ id: String) -> [String: Any]? {
        ["id": id, "name": "Maker \(id)", "country": "AT"]
    }

    private static func reply(_ status: Int, _ body: Any) -> SandboxReply {
        SandboxReply(
            status: status, headers: ["Content-Type": "application/json"], body: json(body))
    }

    static func json(_ value: Any) -> [UInt8] {
        Array(try! JSONSerialization.data(withJSONObject: value, options: .sortedKeys))
    }
}

extension Partbook {
    static func makerCode(_ number: Int) -> String {
        let letters = [number / 676, number / 26, number].map { UInt8(65 + $0 % 26) }
        return String(decoding: letters, as: UTF8.self)
    }
}
