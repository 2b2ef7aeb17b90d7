@testable import Sandbox

/// UPCs that differ from one another, of items in the catalog.
func codes(_ range: Range<Int>) -> [String] {
    range.map { number in
        let digits = String(number).compactMap(\.wholeNumberValue)
        return Barcode.complete([6] + Array(repeating: 0, count: 10 - digits.count) + digits)
    }
}

/// The first of the ``codes(_:)``.
let code = codes(0..<1)[0]

extension UPCitemdbModel {
    /// A model with changes to its limits or faults.
    static func with(
        _ plan: UPCitemdbPlan = .free, faults: String = "none", seed: UInt64 = 1,
        _ change: (inout UPCitemdbLimits) -> Void = { _ in }
    ) throws -> UPCitemdbModel {
        var limits = UPCitemdbLimits(plan: plan)
        change(&limits)
        return UPCitemdbModel(limits: limits, faults: try Faults(parsing: faults), seed: seed)
    }

    /// As ``with(_:faults:seed:_:)``, but no call is ever too early.
    static func patient(
        _ plan: UPCitemdbPlan = .free, faults: String = "none", seed: UInt64 = 1,
        _ change: (inout UPCitemdbLimits) -> Void = { _ in }
    ) throws -> UPCitemdbModel {
        try with(plan, faults: faults, seed: seed) {
            $0.lookupBursts = []
            $0.searchBursts = []
            change(&$0)
        }
    }

    mutating func lookup(_ code: String, at now: Int64 = midnight) -> SandboxReply {
        post(.lookup, #"{"upc":"\#(code)"}"#, at: now)
    }

    mutating func search(_ words: String, offset: Int? = nil, at now: Int64 = midnight)
        -> SandboxReply
    {
        let place = offset.map { #","offset":\#($0)"# } ?? ""
        return post(.search, #"{"s":"\#(words)"\#(place)}"#, at: now)
    }

    /// One call of either endpoint that finds something.
    mutating func ask(_ endpoint: UPCitemdbEndpoint, at now: Int64 = midnight) -> SandboxReply {
        switch endpoint {
        case .lookup: lookup(code, at: now)
        case .search: search("brush", at: now)
        }
    }

    /// A POST with the plan's required fields.
    mutating func post(
        _ endpoint: UPCitemdbEndpoint, _ body: String, at now: Int64 = midnight,
        headers: [String: String] = ["user_key": "sandbox", "key_type": "3scale"]
    ) -> SandboxReply {
        handle(
            SandboxRequest(
                path: limits.plan.path(endpoint),
                headers: headers.merging(["Content-Type": "application/json"]) { old, _ in old },
                body: Array(body.utf8)),
            atMilliseconds: now)
    }
}

extension SandboxReply {
    /// The code of the page's ErrorResponse, or that of a good reply.
    var code: String? {
        struct Coded: Decodable { var code: String }
        return try? decoded(as: Coded.self).code
    }

    var remaining: Int? { headers["X-RateLimit-Remaining"].flatMap { Int($0) } }
    var limit: Int? { headers["X-RateLimit-Limit"].flatMap { Int($0) } }

    /// In milliseconds since 1970.
    var reset: Int64? {
        headers["X-RateLimit-Reset"].flatMap { Int64($0) }.map { $0 * 1000 }
    }
}

/// The page's ItemsResponse, with the fields that every item has.
struct CatalogPage: Decodable, Equatable {
    struct Item: Decodable, Equatable {
        var ean: String
        var title: String
        var upc: String?
        var gtin: String?
        var userData: String?

        enum CodingKeys: String, CodingKey {
            case ean, title, upc, gtin
            case userData = "user_data"
        }
    }

    var code: String
    var total: Int
    var offset: Int
    var items: [Item]
}
