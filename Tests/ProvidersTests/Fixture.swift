import Foundation
import Planning
import Providers

/// The replies that ASINScope's page documents, each a file in `Fixtures`, its status in its name.
enum Fixture: String, CaseIterable {
    case barcodes = "barcodes-200"
    case images = "images-200"
    case missingKey = "missing-key-400"
    case tooManyASINs = "too-many-asins-400"
    case invalidKey = "invalid-key-401"
    case barcodesMinuteLimit = "barcodes-minute-limit-429"
    case imagesMinuteLimit = "images-minute-limit-429"
    case dailyLimit = "daily-limit-429"

    static let asked = ["B0086FFHLS", "B00NNUMI86"]

    var status: Int { Int(rawValue.suffix(3))! }

    var body: [UInt8] {
        get throws {
            let url = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Fixtures/\(rawValue).json")
            return Array(try Data(contentsOf: url))
        }
    }

    var reply: ProviderReply {
        get throws { ProviderReply(status: status, body: try body) }
    }
}

let canaryKey = "CANARY-4f1c9e27b8"

/// The outcome of a reply to a call for the page's two products.
func outcome(
    _ status: Int, _ body: String, at endpoint: String = ASINScope.images,
    asked: [String] = Fixture.asked, retryAfter: String? = nil, headers: [String: String] = [:],
    receivedAt: Timestamp? = nil, key: String = canaryKey
) -> CallOutcome {
    var headers = headers
    headers["retry-after"] = retryAfter
    return ASINScope.outcome(
        of: ProviderReply(
            status: status, headers: headers, body: Array(body.utf8), receivedAt: receivedAt),
        endpoint: endpoint, asked: asked, key: key)
}

extension CallOutcome {
    var answer: Answer? {
        if case .succeeded(let answer) = self { answer } else { nil }
    }

    var message: String? {
        switch self {
        case .succeeded, .expired: nil
        case .rateLimited(_, _, _, let message), .rejected(_, let message),
            .unauthorized(_, let message), .misdirected(_, let message), .failed(_, _, let message),
            .intercepted(_, _, let message):
            message
        case .unsent(let reason): reason.rawValue
        }
    }
}
