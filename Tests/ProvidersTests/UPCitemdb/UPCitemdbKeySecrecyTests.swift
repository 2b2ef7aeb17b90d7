import Planning
import Providers
import Testing

@Suite("UPCitemdb's outcomes never hold the key")
struct UPCitemdbKeySecrecyTests {
    private static let keys = [
        canaryKey, "CANARY with blanks", #"CANARY"quoted\slashed"#, "CANARY-ünï-🦊", "CANARY/slash",
        "87654321",
    ]

    private static let statuses = [200, 302, 400, 401, 403, 404, 429, 500, 503]

    private func json(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// The same string in JSON with every character escaped.
    private func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private func bodies(_ key: String) -> [String] {
        let codes = [
            "OK", "INVALID_UPC", "AUTH_ERR", "NOT_FOUND", "EXCEED_LIMIT", "TOO_FAST", json(key),
            escaped(key),
        ]
        return codes.flatMap { code in
            [json(key), escaped(key), "a \(json(key).replacing("/", with: "\\/")) b"].map {
                #"{"code":"\#(code)","message":"\#($0)"}"#
            }
        } + [
            key, "<p>\(key)</p>", #"{"user_key":"\#(json(key))","items":["#,
            ok(#"{"ean":"\#(UPCitemdbFixture.code)","title":"a \#(json(key))"}"#),
            ok(#"{"ean":"\#(UPCitemdbFixture.code)","title":"\#(escaped(key))"}"#),
            ok(#"{"ean":"\#(UPCitemdbFixture.code)","x":[{"\#(escaped(key))":1}]}"#),
            ok(#"{"ean":"\#(UPCitemdbFixture.code)"}"#, rest: #","key":"\#(json(key))""#),
            ok(#"{"ean":"0000000000000","title":"\#(json(key))"}"#),
            ok(#"{"ean":"\#(UPCitemdbFixture.code)"}"#, rest: #","offset":87654321"#),
        ]
    }

    private func headers(_ key: String) -> [String: String] {
        [
            "x-ratelimit-limit": key, "x-ratelimit-remaining": key, "x-ratelimit-reset": key,
            "retry-after": key, "date": key, "x-echo": key,
        ]
    }

    @Test(
        "do not hold it for a reply that echoes it in its body or its header fields",
        arguments: keys)
    func echoes(key: String) {
        let spellings = [key, json(key), json(key).replacing("/", with: "\\/"), escaped(key)]
            .map { Array($0.utf8) }
        for status in Self.statuses {
            for body in bodies(key) {
                for outcome in [
                    lookedUp(status, body, headers: headers(key), key: key),
                    searched(status, body, headers: headers(key), key: key),
                ] {
                    let printed = Array("\(outcome)".utf8)
                    #expect(
                        spellings.allSatisfy { printed.ranges(of: $0).isEmpty },
                        "\(status) \(body)")
                    for item in outcome.answer?.items.values.map(\.body) ?? [] {
                        #expect(!item.contains(key) && !item.contains(escaped(key)))
                    }
                }
            }
        }
    }

    @Test("The key is removed from a message and the rest kept")
    func struckOut() {
        #expect(
            lookedUp(401, #"{"code":"AUTH_ERR","message":"\#(canaryKey) is unknown"}"#).message
                == "AUTH_ERR: [key] is unknown")
    }

    @Test("An item that repeats the key is unreadable, and one that is not kept is not checked")
    func items() {
        let echo = #"{"ean":"96385074","title":"\#(canaryKey)"}"#
        let unreadable = CallOutcome.failed(
            status: 200, message: "unreadable_body: an item repeats the API key")
        #expect(lookedUp(200, ok(echo), asked: ["96385074"]) == unreadable)
        #expect(searched(200, ok("{}", echo)) == unreadable)
        let asked = #"{"ean":"0885909456017"}"#
        #expect(
            lookedUp(200, ok(asked, echo)).answer?.items
                == [UPCitemdbFixture.code: Item(isFound: true, body: asked)])
    }

    @Test("A number in a header field that repeats the key counts as missing")
    func numbers() {
        let fields = ["x-ratelimit-remaining": "87654321", "x-ratelimit-limit": "87654322"]
        let answer = lookedUp(200, ok(), headers: fields, key: "87654321").answer
        #expect(answer?.dailyRemaining == nil)
        #expect(answer?.allowance == 87_654_322)
    }

    @Test("A key of fewer than 8 bytes is no secret, and an empty key hides nothing")
    func short() {
        let item = #"{"ean":"0885909456017","title":"A demo of it"}"#
        for key in ["demo", ""] {
            let fields = ["x-ratelimit-remaining": "42"]
            let answer = lookedUp(200, ok(item), headers: fields, key: key).answer
            #expect(answer?.items.count == 1)
            #expect(answer?.dailyRemaining == 42)
        }
        #expect(lookedUp(500, #"{"message":"No"}"#, key: "").message == "No")
    }
}
