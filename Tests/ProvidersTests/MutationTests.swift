import Planning
import Providers
import TestSupport
import Testing

/// Damaged replies: every one gives an outcome, never a trap, and none about a product that was not
/// requested.
@Suite struct MutationTests {
    private static let seed: UInt64 = 0x5EED_2026
    private static let bodiesPerFixture = 2_500

    private static let fragments: [[UInt8]] =
        [
            "\"", "\\", "[", "]", "{", "}", ",", ":", "null", "-", "1e999", "\\u0000", "\\ud800",
            "\u{0}",
            "\u{FEFF}", "\"asin\":\"B000000000\"", "\"items\":[", "in 9999999999999999999999 hours",
            canaryKey, "[[[[[[[[", "\u{202E}", "true", "0", " ",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x80]]

    private func mutated(_ body: [UInt8], using random: inout SplitMix64) -> [UInt8] {
        var body = body
        for _ in 0..<Int.random(in: 1...6, using: &random) where !body.isEmpty {
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

    @Test(arguments: Fixture.allCases)
    func aDamagedReplyHasAnOutcomeAboutAskedProductsOnly(fixture: Fixture) throws {
        print("seed \(Self.seed), \(fixture.rawValue)")
        let index = UInt64(Fixture.allCases.firstIndex(of: fixture)!)
        var random = SplitMix64(seed: Self.seed &+ index)
        let original = try fixture.body
        let product = Fixture.asked[0]
        var answers = 0
        for _ in 0..<Self.bodiesPerFixture {
            let body = mutated(original, using: &random)
            let status = [fixture.status, 200, 429].randomElement(using: &random)!
            let outcome = ASINScope.outcome(
                of: ProviderReply(status: status, body: body), endpoint: ASINScope.barcodes,
                asked: [product], key: canaryKey)
            #expect(!"\(outcome)".contains(canaryKey))
            if let message = outcome.message {
                #expect(!message.isEmpty && message.unicodeScalars.count <= 500)
            }
            guard let answer = outcome.answer else { continue }
            answers += 1
            #expect(answer.items.keys.allSatisfy { $0 == product })
            #expect(answer.items.values.allSatisfy { isWithin($0.body, body) })
        }
        #expect(answers > 0 || fixture.status != 200, "no damaged answer was still an answer")
    }

    private func isWithin(_ item: String, _ body: [UInt8]) -> Bool {
        item.first == "{" && item.last == "}" && !body.ranges(of: Array(item.utf8)).isEmpty
    }
}
