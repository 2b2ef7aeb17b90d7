import Foundation
import TestSupport

@testable import Sandbox

/// 2026-05-01 00:00 UTC in milliseconds since 1970, and the units of time counted from it.
let midnight: Int64 = 20_574 * 86_400_000
let second: Int64 = 1000
let minute: Int64 = 60_000
let day: Int64 = 86_400_000

/// N different well-formed ASINs.
func asins(_ count: Int, from first: Int = 0) -> [String] { asins(first..<first + count) }

extension SandboxEndpoint {
    func request(_ asins: [String], key: String = "sandbox") -> SandboxRequest {
        let list = asins.map { "\"\($0)\"" }.joined(separator: ",")
        return request(body: #"{"key":"\#(key)","asins":[\#(list)]}"#)
    }

    func request(body: String) -> SandboxRequest {
        SandboxRequest(path: rawValue, body: Array(body.utf8))
    }
}

extension ASINScopeModel {
    mutating func ask(
        _ endpoint: SandboxEndpoint, _ asins: [String], key: String = "sandbox", at now: Int64
    ) -> SandboxReply {
        handle(endpoint.request(asins, key: key), atMilliseconds: now)
    }

    /// A model with changes to its limits or faults.
    static func with(
        faults: String = "none", seed: UInt64 = 1, _ change: (inout Limits) -> Void = { _ in }
    ) throws -> ASINScopeModel {
        var limits = Limits()
        change(&limits)
        return ASINScopeModel(limits: limits, faults: try Faults(parsing: faults), seed: seed)
    }
}

extension SandboxReply {
    var text: String {
        String(decoding: body, as: UTF8.self)
    }

    func decoded<Body: Decodable>(as type: Body.Type = Body.self) throws -> Body {
        try JSONDecoder().decode(Body.self, from: Data(body))
    }

    var message: String? {
        try? decoded(as: ErrorBody.self).message
    }

    var dailyTokensLeft: Int? {
        try? decoded(as: Balance.self).dailyTokensLeft
    }
}

struct ErrorBody: Decodable {
    var message: String
}

struct Balance: Decodable {
    var dailyTokensLeft: Int
    var msBeforeNextDailyToken: Int64
}

struct Items: Decodable {
    struct Item: Decodable, Equatable {
        var asin: String
        var title: String?
        var images: [String]?
        var upc: String?
        var upcList: [String]?
        var ean: String?
        var eanList: [String]?
    }

    var items: [Item]
}
