import Planning
import Providers
import Testing

@Suite struct KeySecrecyTests {
    /// Keys whose spelling differs in JSON, or that removing characters could restore.
    private static let keys = [
        canaryKey, "CANARY with blanks", #"CANARY"quoted\slashed"#, "CANARY-ünï-🦊", "CANARY/slash",
    ]

    private static let statuses = [200, 201, 302, 400, 401, 403, 404, 413, 422, 429, 500, 503]

    private func json(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// The same with the slash escaped too, as some servers do.
    private func jsonWithSlashes(_ text: String) -> String {
        json(text).replacing("/", with: "\\/")
    }

    /// The same string in JSON with every character escaped.
    private func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private func bodies(_ key: String) -> [String] {
        [
            key, "<p>\(key)</p>", key + "\u{301}", "\(key)\(key)", json(key),
            jsonWithSlashes(key),
            #"{"key":"\#(json(key))","asins":["#,
            #"{"message":"\#(json(key))"}"#, #"{"message":"\#(escaped(key))"}"#,
            #"{"message":["a","b \#(json(key)) c"]}"#, #"{"error":"\#(escaped(key))"}"#,
            #"{"message":"\#(json(key).replacing(" ", with: "\\u200b"))"}"#,
            #"{"message":"\#(json(key).replacing(" ", with: " \\n "))"}"#,
            #"{"message":"\#(json(key))\u0301"}"#,
            #"{"message":"\#(String(repeating: "x", count: 495))\#(json(key))"}"#,
            String(repeating: "x", count: 115) + key,
            #"{"items":[{"asin":"B0086FFHLS","title":"a \#(json(key))"}]}"#,
            #"{"items":[{"asin":"B0086FFHLS","title":"\#(escaped(key))"}]}"#,
            #"{"items":[{"asin":"B0086FFHLS","x":[{"\#(escaped(key))":1}]}]}"#,
            #"{"items":[{"asin":"B0086FFHLS","title":"T"}],"key":"\#(json(key))"}"#,
            #"{"items":[{"asin":"B000000000","title":"\#(json(key))"}]}"#,
        ]
    }

    @Test(arguments: keys)
    func noOutcomeHasTheKeyInIt(key: String) {
        let spellings = [key, json(key), jsonWithSlashes(key)].map { Array($0.utf8) }
        for status in Self.statuses {
            for body in bodies(key) {
                let outcome = outcome(status, body, key: key)
                let printed = Array("\(outcome)".utf8)
                #expect(spellings.allSatisfy { printed.ranges(of: $0).isEmpty })
                for item in outcome.answer?.items.values.map(\.body) ?? [] {
                    #expect(!item.contains("CANARY") && !item.contains(escaped("CANARY")))
                }
            }
        }
    }

    @Test func theKeyIsStruckOutAndTheRestKept() {
        #expect(
            outcome(500, #"{"message":"key \#(canaryKey) and \#(canaryKey)!"}"#).message
                == "key [key] and [key]!")
    }

    @Test(arguments: [
        #"CANARY\u002d4f1c9e27b8"#, #"CANARY\u002D4f1c9e27b8"#, #"\u0043ANARY-4f1c9e27b8"#,
        #"CANARY-4f1c9e27b\u0038"#, #"C\ANARY-4f1c9e27b8"#,
        #"\u0043\u0041\u004e\u0041\u0052\u0059\u002d\u0034\u0066\u0031\u0063\u0039\u0065\u0032\u0037\u0062\u0038"#,
    ])
    func aKeyThatIsQuotedInEscapesIsStruckOutToo(spelling: String) {
        #expect(
            outcome(500, #"{"detail":"\#(spelling)!"}"#).message == #"{"detail":"[key]!"}"#)
        #expect(
            outcome(500, #"{"message":"\#(spelling.replacing(#"\"#, with: #"\\"#))!"}"#).message
                == "[key]!")
    }

    @Test func anItemThatRepeatsTheKeyIsUnreadable() {
        #expect(
            outcome(200, #"{"items":[{"asin":"B0086FFHLS","title":"\#(canaryKey)"}]}"#)
                == .failed(
                    status: 200, message: "unreadable_body: an item repeats the API key"))
    }

    @Test func aNumberMayRepeatAKeyTooAndIsUnreadable() {
        let body = #"{"items":[{"asin":"B0086FFHLS","n":12345678}]}"#
        #expect(outcome(200, body, key: "12345678").message?.contains("repeats") == true)
    }

    @Test func aTitleMayHoldAShortKeyByChance() {
        let body = #"{"items":[{"asin":"B0086FFHLS","title":"A demo of it"}]}"#
        #expect(outcome(200, body, key: "demo").answer?.items.count == 1)
    }

    @Test func anEmptyKeyHidesNothing() {
        #expect(outcome(500, #"{"message":"No"}"#, key: "").message == "No")
    }
}
