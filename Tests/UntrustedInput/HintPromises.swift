internal import Foundation
internal import Planning
internal import Providers

/// A message and header fields that say when to retry: a time within bounds, or none.
enum HintPromises {
    private static let codes = ["EXCEED_LIMIT", "TOO_FAST", "HTTP_TOO_MANY_REQUESTS", ""]
    private static let names = [
        "retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "date",
    ]

    /// - Parameter bytes: One that chooses the endpoint, the code and whether it is a refusal; then a line
    ///   with the message, and one for each of the fields.
    static func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let choice = bytes.first.map(Int.init) else { return }
        let lines = bytes.dropFirst()
            .split(separator: 0x0A, maxSplits: names.count, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        let call = AskedCall.all[choice % AskedCall.all.count]
        let isRefusal = choice / 16 % 4 > 0
        var headers: [String: String] = [:]
        for (name, value) in zip(names, lines.dropFirst()) where !value.isEmpty {
            headers[name] = value
        }
        let reply = ProviderReply(
            status: isRefusal ? 429 : 200, headers: headers,
            body: isRefusal
                ? refusal(code: codes[choice / 4 % codes.count], words: lines[0])
                : Array(#"{"code":"OK","items":[]}"#.utf8))
        let outcome = call.outcome(of: reply)
        try OutcomePromises(call, reply).check(outcome)
        try SettlementPromises(call).check(outcome)
        guard case .rateLimited(_, let hint, _, _) = outcome else {
            return try promise(!isRefusal, "a 429 became \(outcome)")
        }
        let isTold = lines.contains { $0.utf8.contains { (0x30...0x39).contains($0) } }
        try promise(hint == nil || isTold, "a hint of \(hint ?? .zero) from no digit")
        // RFC 9110, section 10.2.3: digits alone, so that "+6" is invalid.
        if lines.count > 1, lines[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let seconds = UInt32(lines[1]), seconds > 0
        {
            let least = Duration.seconds(min(Int(seconds), 1_000_000_000))
            try promise(hint.map { $0 >= least } ?? false, "earlier than Retry-After: \(seconds)")
        }
    }

    private static func refusal(code: String, words: String) -> [UInt8] {
        let body = ["code": code, "message": words]
        return (try? JSONSerialization.data(withJSONObject: body)).map { Array($0) } ?? []
    }
}
