import Foundation
import Planning
import Providers

/// The replies that UPCitemdb's page "Responses" documents, each a file in `Fixtures/upcitemdb`, its
/// status in its name.
enum UPCitemdbFixture: String, CaseIterable {
    case lookup = "lookup-200"
    case search = "search-200"
    case invalidQuery = "invalid-query-400"
    case invalidUPC = "invalid-upc-400"
    case authErr = "auth-err-401"
    case notFound = "not-found-404"
    case exceedLimit = "exceed-limit-429"
    case tooFast = "too-fast-429"
    case tooManyRequests = "http-too-many-requests-429"
    case serverErr = "server-err-500"

    static let code = "0885909456017"
    static let query = "ipad mini"

    var status: Int { Int(rawValue.suffix(3))! }

    var body: String {
        get throws {
            try String(
                contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                    .deletingLastPathComponent()
                    .appending(path: "Fixtures/upcitemdb/\(rawValue).json"), encoding: .utf8)
        }
    }
}

/// 1,432,191,974 in Unix seconds.
let replyDate = "Thu, 21 May 2015 07:06:14 GMT"
let replySeconds = 1_432_191_974

/// The outcome of a reply to a lookup of the page's example, or of other codes.
func lookedUp(
    _ status: Int, _ body: String, asked: [String] = [UPCitemdbFixture.code],
    headers: [String: String] = [:], key: String = canaryKey
) -> CallOutcome {
    UPCitemdb.outcome(
        of: ProviderReply(status: status, headers: headers, body: Array(body.utf8)),
        endpoint: UPCitemdb.lookup, asked: asked, key: key)
}

/// The outcome of a reply to a search.
func searched(
    _ status: Int, _ body: String, headers: [String: String] = [:], key: String = canaryKey
) -> CallOutcome {
    UPCitemdb.outcome(
        of: ProviderReply(status: status, headers: headers, body: Array(body.utf8)),
        endpoint: UPCitemdb.search, asked: [UPCitemdbFixture.query], key: key)
}

func ok(_ items: String..., rest: String = "") -> String {
    #"{"code":"OK","items":[\#(items.joined(separator: ","))]\#(rest)}"#
}
