import Planning
import Providers
import Testing

@Suite struct UnreadableBodyTests {
    private func nested(_ levels: Int) -> String {
        let lists = levels - 1
        return #"{"items":\#(String(repeating: "[", count: lists))"#
            + #"\#(String(repeating: "]", count: lists))}"#
    }

    @Test(arguments: [
        ("", "empty"), (" \r\n", "empty"), ("\u{FEFF}", "empty"),
        ("<html>\n<b>Bad Gateway</b>", "not JSON: <html> <b>Bad Gateway</b>"),
        (#"{"items":["#, #"not JSON: {"items":["#),
        (#"{"items":[{"asin":"B0086F"#, #"not JSON: {"items":[{"asin":"B0086F"#),
        (#"{"items":[]} x"#, #"not JSON: {"items":[]} x"#),
        (#"{"items":[01]}"#, #"not JSON: {"items":[01]}"#),
        (#"{"items":[],}"#, #"not JSON: {"items":[],}"#),
        (
            #"{"items":[{"asin":"B0086FFHLS"} , ]}"#,
            #"not JSON: {"items":[{"asin":"B0086FFHLS"} , ]}"#
        ),
        (#"[{"asin":"B0086FFHLS"}]"#, #"not a JSON object: [{"asin":"B0086FFHLS"}]"#),
        (#"{}"#, "no list of items: {}"),
        (#"{"items":null}"#, #"no list of items: {"items":null}"#),
        (#"{"items":{}}"#, #"no list of items: {"items":{}}"#),
        (#"{"data":{"items":[]}}"#, #"no list of items: {"data":{"items":[]}}"#),
    ])
    func aBodyThatIsNoAnswerIsAFailureThatSaysWhy(body: String, reason: String) {
        #expect(
            outcome(200, body) == .failed(status: 200, message: "unreadable_body: \(reason)"))
    }

    @Test func aCommaInAStringIsNoComma() {
        #expect(
            outcome(200, #"{"items":[{"asin":"B0086FFHLS","title":","}],"a":[","],"b":"\",]"}"#)
                .answer?.items.count == 1)
    }

    @Test(
        arguments: [
            [0x7B, 0x22, 0x69, 0xFF, 0x22, 0x7D], [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00],
            [0x7B, 0x00, 0x7D, 0x00], [0x00, 0x7B, 0x00, 0x7D], [0x7B, 0x7D, 0x00], [0xC3],
        ] as [[UInt8]])
    func otherEncodingsThanUTF8AreUnreadable(body: [UInt8]) {
        let outcome = ASINScope.outcome(
            of: ProviderReply(status: 200, body: body), endpoint: ASINScope.images,
            asked: Fixture.asked, key: canaryKey)
        #expect(outcome.message?.hasPrefix("unreadable_body: not UTF-8") == true)
    }

    @Test func nestingIsReadUpTo64Levels() {
        #expect(outcome(200, nested(2)).answer != nil)
        #expect(outcome(200, nested(64)).message?.contains("no item for a product") == true)
        #expect(outcome(200, nested(65)).message?.contains("deeper than 64 levels") == true)
        let brackets = String(repeating: "[{", count: 100)
        let body = #"{"items":[{"asin":"B0086FFHLS","title":"\#(brackets)\\\"\#(brackets)"}]}"#
        #expect(outcome(200, body).answer?.items.count == 1)
    }

    @Test(arguments: ["[", "{\"a\":", "[[{\"x\":"])
    func aHundredThousandLevelsDoNotOverflowTheStack(opening: String) {
        let body = String(repeating: opening, count: 100_000)
        #expect(outcome(200, body).message?.contains("deeper than 64 levels") == true)
        #expect(outcome(503, body).message?.hasPrefix(opening) == true)
    }

    @Test func everyCutOfADocumentedAnswerIsUnreadable() throws {
        for fixture in [Fixture.images, .barcodes] {
            let body = try fixture.body
            let end = try #require(body.lastIndex(of: UInt8(ascii: "}")))
            for length in 0...end {
                let outcome = ASINScope.outcome(
                    of: ProviderReply(status: 200, body: Array(body.prefix(length))),
                    endpoint: ASINScope.images, asked: Fixture.asked, key: canaryKey)
                #expect(outcome.message?.hasPrefix("unreadable_body: ") == true)
            }
        }
    }
}
