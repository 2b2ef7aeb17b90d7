import Planning
import Providers
import TestSupport
import Testing

/// Damaged replies of UPCitemdb: every one gives an outcome, never a trap, and none about a product that was
/// not requested.
@Suite("UPCitemdb's damaged replies")
struct UPCitemdbMutationTests {
    private static let seed: UInt64 = 0x5EED_0C0D
    private static let repliesPerFixture = 1_500

    private static let fragments: [[UInt8]] =
        [
            "\"", "\\", "[", "]", "{", "}", ",", ":", "null", "-", "1e999", "\\u0000", "\\ud800",
            "\u{0}", "\u{FEFF}", "\"ean\":\"0000000000000\"", "\"items\":[", "\"offset\":9e18",
            "\"code\":\"OK\"", "\"code\":\"NOT_FOUND\"", "18446744073709551616",
            "99999999999999", canaryKey, "[[[[[[[[", "\u{202E}", "true", "0", " ", "GMT",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x80]]

    private func mutated(_ body: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        var body = body
        for _ in 0..<Int.random(in: 0...6, using: &random) where !body.isEmpty {
            let start = Int.random(in: 0..<body.count, using: &random)
            let end = Int.random(in: start...min(body.count, start + 40), using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: body[start] = UInt8.random(in: 0...255, using: &random)
            case 1: body[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: body.removeSubrange(start..<end)
            case 3: body.insert(contentsOf: body[start..<end], at: end)
            case 4:
                body.replaceSubrange(
                    start..<end, with: Self.fragments.randomElement(using: &random)!)
            default: body.removeSubrange(start...)
            }
        }
        return body
    }

    private func headers(using random: inout SplitMix64) -> [String: String] {
        let originals = [
            "x-ratelimit-limit": "100", "x-ratelimit-remaining": "42",
            "x-ratelimit-reset": "1432192000", "date": replyDate, "retry-after": "60",
        ]
        var headers: [String: String] = [:]
        for (name, value) in originals.sorted(by: { $0.key < $1.key }) {
            headers[name] = String(
                decoding: mutated(Array(value.utf8), using: &random), as: UTF8.self)
        }
        return headers
    }

    @Test("have an outcome about the requested product", arguments: UPCitemdbFixture.allCases)
    func damaged(fixture: UPCitemdbFixture) throws {
        print("seed \(Self.seed), \(fixture.rawValue)")
        let index = UInt64(UPCitemdbFixture.allCases.firstIndex(of: fixture)!)
        var random = SplitMix64(seed: Self.seed &+ index)
        let original = Array(try fixture.body.utf8)
        let endpoint = fixture == .search ? UPCitemdb.search : UPCitemdb.lookup
        let product = fixture == .search ? UPCitemdbFixture.query : UPCitemdbFixture.code
        var (answers, balances) = (0, 0)
        for _ in 0..<Self.repliesPerFixture {
            let body = mutated(original, using: &random)
            let status = [fixture.status, 200, 404, 429].randomElement(using: &random)!
            let outcome = UPCitemdb.outcome(
                of: ProviderReply(status: status, headers: headers(using: &random), body: body),
                endpoint: endpoint, asked: [product], key: canaryKey)
            #expect(!"\(outcome)".contains(canaryKey))
            if let message = outcome.message {
                #expect(!message.isEmpty && message.unicodeScalars.count <= 500)
            }
            if case .rateLimited(_, let hint?, _, _) = outcome { #expect(hint > .zero) }
            guard let answer = outcome.answer else { continue }
            answers += 1
            if let left = answer.dailyRemaining {
                balances += 1
                #expect((0...1_000_000_000).contains(left))
            }
            if let resetsIn = answer.resetsIn { #expect(resetsIn > .zero) }
            #expect(answer.items.keys.allSatisfy { $0 == product })
            for item in answer.items.values {
                #expect(endpoint == UPCitemdb.search || isWithin(item.body, body))
                if let offset = item.nextPageOffset { #expect((1..<1_000).contains(offset)) }
            }
        }
        if [200, 404].contains(fixture.status) {
            #expect(answers > 50, "no damaged answer was still an answer")
            #expect(balances > 20, "no damaged balance was still a balance")
        }
    }

    private func isWithin(_ item: String, _ body: [UInt8]) -> Bool {
        item.first == "{" && item.last == "}" && !body.ranges(of: Array(item.utf8)).isEmpty
    }
}
