import Foundation
import Planning
import Providers
import TestSupport
import Testing
import UntrustedInput

/// A short, seeded run of the tests that `Fuzzing` runs for long: `make fuzz`.
@Suite("Untrusted text")
struct UntrustedInputTests {
    private static let seed: UInt64 = 0x0F0E_1617
    private static let inputs = 6_000

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fuzzing")

    /// The files that libFuzzer begins with, by name.
    private static func corpus(_ parser: ForeignParser) throws -> [[UInt8]] {
        let folder = folder.appending(path: "Corpus/\(parser.rawValue)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { Array(try Data(contentsOf: folder.appending(path: $0))) }
    }

    /// The words that libFuzzer puts into inputs: one in each line, in quotes and with `\xNN` for bytes.
    private static func words(_ parser: ForeignParser) throws -> [[UInt8]] {
        try String(
            contentsOf: folder.appending(path: "\(parser.rawValue).dict"), encoding: .utf8
        )
        .split(separator: "\n").map { line in
            var word: [UInt8] = []
            var rest = line.dropFirst().dropLast()
            while let character = rest.popFirst() {
                guard character == "\\" else {
                    word += String(character).utf8
                    continue
                }
                word.append(UInt8(rest.dropFirst().prefix(2), radix: 16)!)
                rest = rest.dropFirst(3)
            }
            return word
        }
    }

    @Test("breaks no promise, however it is damaged", arguments: ForeignParser.allCases)
    func damaged(parser: ForeignParser) throws {
        print("seed \(Self.seed), \(parser)")
        let corpus = try Self.corpus(parser)
        let words = try Self.words(parser)
        try #require(corpus.count >= 8 && words.count >= 20)
        var random = SplitMix64(seed: Self.seed)
        for input in corpus { #expect(parser.brokenPromise(input) == nil) }
        for number in 0..<Self.inputs {
            var input = corpus.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                damage(&input, words, corpus, &random)
            }
            let broken = parser.brokenPromise(input)
            #expect(broken == nil, "input \(number): \(Data(input).base64EncodedString())")
        }
    }

    private func damage(
        _ input: inout [UInt8], _ words: [[UInt8]], _ corpus: [[UInt8]],
        _ random: inout SplitMix64
    ) {
        guard !input.isEmpty else { return }
        let start = Int.random(in: 0..<input.count, using: &random)
        let end = Int.random(in: start...min(input.count, start + 40), using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: input[start] = UInt8.random(in: 0...255, using: &random)
        case 1: input[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: input.removeSubrange(start..<end)
        case 3: input.insert(contentsOf: input[start..<end], at: end)
        case 4, 5:
            input.replaceSubrange(start..<end, with: words.randomElement(using: &random)!)
        default:
            let other = corpus.randomElement(using: &random)!
            input.replaceSubrange(start..., with: other.dropFirst(min(start, other.count)))
        }
    }

    private static let asked = AskedCall.all[0].asked[0]

    private static func answer(_ item: Item, of product: String = asked) -> CallOutcome {
        .succeeded(Answer(items: [product: item]))
    }

    /// Outcomes that no reply may have, each correct except for one thing.
    private static let wrong: [(status: Int, outcome: CallOutcome)] = [
        (503, answer(Item(isFound: true, body: "{}"))), (200, .expired),
        (200, answer(Item(isFound: true, body: "{}"), of: "B000000000")),
        (200, answer(Item(isFound: true, body: "{"))),
        (200, answer(Item(isFound: true, body: "[]"))),
        (200, answer(Item(isFound: true, body: #"{"never":"sent"}"#))),
        (200, answer(Item(isFound: true, body: #"{"k":"CANARY\u002d4f1c9e27b8"}"#))),
        (200, answer(Item(isFound: true, body: "{}", nextPageOffset: 10))),
        (200, .succeeded(Answer(items: [:], dailyRemaining: -1))),
        (200, .succeeded(Answer(items: [:], dailyRemaining: 1 << 60))),
        (200, .succeeded(Answer(items: [:], resetsIn: .seconds(-1)))),
        (429, .rateLimited(.minute, hint: .seconds(-1), message: "m")),
        (429, .rateLimited(.minute, hint: .seconds(2_000_000_000), message: "m")),
        (500, .failed(status: 502, message: "m")), (500, .failed(status: 500, message: "")),
        (500, .failed(status: 500, message: "two\nlines")),
        (500, .failed(status: 500, message: "\u{202E}")),
        (500, .failed(status: 500, message: String(repeating: "x", count: 501))),
        (500, .failed(status: 500, message: "CANARY-4f1c9e27b8")),
        (500, .failed(status: 500, message: #"CANARY\u002D4f1c9e27b8"#)),
        (500, .rejected(status: 500, message: "m")),
    ]

    @Test("has promises that can be broken", arguments: wrong.indices)
    func broken(index: Int) throws {
        let (status, outcome) = Self.wrong[index]
        let reply = ProviderReply(status: status, body: Array(#"{"items":[{}]} []"#.utf8))
        #expect(throws: BrokenPromise.self) {
            try OutcomePromises(AskedCall.all[0], reply).check(outcome)
        }
        let right = Self.answer(Item(isFound: true, body: "{}"))
        try OutcomePromises(AskedCall.all[0], ProviderReply(status: 200, body: reply.body))
            .check(right)
    }
}
