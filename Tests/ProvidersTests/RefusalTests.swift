import Planning
import Providers
import Testing

@Suite struct RefusalTests {
    @Test(
        arguments: [
            (
                Fixture.missingKey,
                .unauthorized(status: 400, message: "API key is required in request body")
            ),
            (
                .tooManyASINs,
                .rejected(status: 400, message: "Maximum 100 ASINs allowed per request")
            ),
            (.invalidKey, .unauthorized(status: 401, message: "Invalid API key")),
            (
                .barcodesMinuteLimit,
                .rateLimited(
                    .minute, hint: .seconds(36),
                    message: "Not enough capacity. Required: 10 products, Available: 0 products. "
                        + "Try again in 36 seconds")
            ),
            (
                .imagesMinuteLimit,
                .rateLimited(
                    .minute, hint: .seconds(30),
                    message: "Not enough capacity. Required: 50 images, Available: 20 images. "
                        + "Try again in 30 seconds")
            ),
            (
                .dailyLimit,
                .rateLimited(
                    .day, hint: .seconds(320 * 60),
                    message: "Daily limit reached. Please try again in 320 minutes")
            ),
        ] as [(Fixture, CallOutcome)])
    func eachDocumentedRefusalHasItsOutcome(fixture: Fixture, expected: CallOutcome) throws {
        for endpoint in [ASINScope.images, ASINScope.barcodes] {
            #expect(
                ASINScope.outcome(
                    of: try fixture.reply, endpoint: endpoint, asked: Fixture.asked, key: canaryKey)
                    == expected)
        }
    }

    @Test func everyStatusHasItsKindOfOutcome() {
        for status in 100...599 {
            let outcome = outcome(status, #"{"statusCode":\#(status),"message":"No"}"#)
            switch status {
            case 200, 201:
                #expect(outcome.message?.hasPrefix("unreadable_body: no list of items") == true)
            case 400, 413, 422: #expect(outcome == .rejected(status: status, message: "No"))
            case 401, 403: #expect(outcome == .unauthorized(status: status, message: "No"))
            case 301, 302, 303, 307, 308, 404, 405, 410:
                let message =
                    "No; asked https://api.asinscope.com/circana/images; check asinscope.url"
                #expect(outcome == .misdirected(status: status, message: message))
            case 429: #expect(outcome == .rateLimited(.minute, hint: nil, message: "No"))
            default: #expect(outcome == .failed(status: status, message: "No"))
            }
        }
    }

    @Test(
        "A refusal in another format than the documented one comes from a gateway",
        arguments: [
            "<html><title>Just a moment...</title></html>", "", "Forbidden", "{}", "[]",
            #"{"message":"Forbidden"}"#, #"{"error":"login required"}"#,
            #"{"statusCode":200,"message":"No"}"#, #"{"statusCode":"403","message":"No"}"#,
            #"{"statusCode":403}"#,
        ])
    func gateway(body: String) {
        for status in [401, 403, 404, 407, 511] {
            guard case .intercepted(status, nil, _) = outcome(status, body) else {
                Issue.record("\(status): \(outcome(status, body))")
                continue
            }
        }
    }

    @Test("A redirect, 405 and 410 mean that the address is wrong, in any format")
    func wrongAddress() {
        for status in [301, 302, 303, 307, 308, 405, 410] {
            let outcome = outcome(
                status, "<html>Moved</html>", at: ASINScope.barcodes,
                headers: ["location": "https://example.com/login?key=\(canaryKey)"])
            guard case .misdirected(status, let message) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(message.hasPrefix("<html>Moved</html>; redirects to https://example.com/login"))
            #expect(
                message.hasSuffix(
                    "; asked https://api.asinscope.com/circana/barcodes; check asinscope.url"))
            #expect(!message.contains(canaryKey))
        }
        let documented = #"{"statusCode":404,"error":"Not Found","message":"Cannot POST /images"}"#
        #expect(
            outcome(404, documented)
                == .misdirected(
                    status: 404,
                    message: "Cannot POST /images; asked https://api.asinscope.com/circana/images; "
                        + "check asinscope.url"))
    }

    @Test("Any failure's Retry-After is read, in either form")
    func retryAfter() {
        let date = ["date": "Wed, 21 Oct 2026 07:28:00 GMT"]
        for status in [408, 425, 500, 502, 503, 504] {
            for (value, seconds) in [
                ("17", 17), ("Wed, 21 Oct 2026 07:28:30 GMT", 31),
                ("Wednesday, 21-Oct-26 07:28:30 GMT", 31), ("Wed Oct 21 07:28:30 2026", 31),
                ("Wed, 21 Oct 2026 07:27:00 GMT", 0),
                ("Fri, 31 Dec 9999 23:59:59 GMT", 1_000_000_000),
            ] {
                #expect(
                    outcome(status, "down", retryAfter: value, headers: date)
                        == .failed(status: status, hint: .seconds(seconds), message: "down"))
            }
            #expect(
                outcome(status, "down", retryAfter: "soon", headers: date)
                    == .failed(status: status, message: "down"))
        }
    }

    @Test("Without the server's Date our clock shows how far off a date is")
    func ownClock() {
        // 2026-10-21 07:28:00.250 UTC
        let now = Timestamp(milliseconds: 1_792_567_680_250)
        #expect(
            outcome(
                503, "down", retryAfter: "Wed, 21 Oct 2026 07:28:30 GMT", receivedAt: now)
                == .failed(status: 503, hint: .milliseconds(30_750), message: "down"))
    }

    @Test(arguments: ["<html><h1>Bad Request</h1></html>", "", "Bad Request", "[]", "{}"])
    func a400InAGatewaysWordsBlamesNoProduct(body: String) {
        for status in [400, 413, 422] {
            guard case .failed(status, _, _) = outcome(status, body) else {
                Issue.record("\(outcome(status, body))")
                continue
            }
        }
    }

    @Test(arguments: [
        #""API key is required in request body""#, #""api KEY is missing""#, #""bad apiKey""#,
        #"["asins must be an array","key should not be empty"]"#, #"["key must be a string"]"#,
        #""  Key   must be a string""#,
    ])
    func a400AboutTheKeyBlamesTheKey(message: String) {
        for status in [400, 413, 422] {
            let outcome = outcome(status, #"{"statusCode":400,"message":\#(message)}"#)
            guard case .unauthorized(status, _) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test(arguments: [
        #""asins must be valid""#, #"["each value in asins must be a keyword"]"#, #""monkey 1""#,
        #""ASIN B0KEY00000 is no key of ours""#,
    ])
    func a400AboutSomethingElseBlamesTheProducts(message: String) {
        let outcome = outcome(400, #"{"statusCode":400,"message":\#(message)}"#)
        guard case .rejected(status: 400, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test(arguments: [
        (#"{"message":"One"}"#, "One"),
        (#"{"message":["One","Two"]}"#, "One; Two"),
        (#"{"message":["One",2,null,["x"],"Two"]}"#, "One; Two"),
        (
            #"{"message":"A\u0000B\u001b[31mC\nD\u0085E\u202eF\u2028G\u200bH\u007f "}"#,
            "A B [31mC D E F G H"
        ),
        (#"{"message":"Ünïcödé 🦊"}"#, "Ünïcödé 🦊"),
        (#"{"statusCode":500,"error":"Internal Server Error"}"#, "Internal Server Error"),
        (#"{"error":"Oops","message":[]}"#, "Oops"),
        (#"{"error":"Oops","message":{}}"#, "Oops"),
        (#"{"message":""}"#, #"{"message":""}"#),
        (#"{"message":7}"#, #"{"message":7}"#),
        ("<html>\r\n <h1>Bad\tGateway</h1>", "<html> <h1>Bad Gateway</h1>"),
        ("[\"message\"]", "[\"message\"]"),
        ("", "http_500"), (" \n\u{1b}", "http_500"), ("{\"message\":\" \"", "{\"message\":\" \""),
    ])
    func theMessageIsTheServersOnOneLine(body: String, message: String) {
        #expect(outcome(500, body) == .failed(status: 500, message: message))
    }

    @Test func aBodyThatIsNotTextLeavesTheStatus() {
        let reply = ProviderReply(status: 503, body: [0x1F, 0x8B, 0x08, 0xFF])
        #expect(
            ASINScope.outcome(of: reply, endpoint: ASINScope.images, asked: [], key: canaryKey)
                == .failed(status: 503, message: "http_503"))
    }

    @Test func aMessageHasAtMost500Characters() {
        for text in ["x", "é", "🦊", "e\u{301}"] {
            for count in [499, 500, 501, 100_000] {
                let long = String(repeating: text, count: count)
                let message = outcome(500, #"{"message":"\#(long)"}"#).message ?? ""
                #expect(message.unicodeScalars.count == min(500, long.unicodeScalars.count))
                #expect(outcome(500, "<p>" + long).message?.count ?? 0 <= 120)
                #expect(outcome(200, "<p>" + long).message?.count ?? 0 <= 500)
            }
        }
    }

    @Test(arguments: [
        "Daily limit reached", "DAILY LIMIT REACHED.", "daily  limit\\nexceeded",
        "Sorry, the daily limit is reached",
    ])
    func theDailyLimitIsKnownByItsWords(message: String) {
        guard case .rateLimited(.day, nil, _, _) = outcome(429, #"{"message":"\#(message)"}"#)
        else {
            Issue.record("not a daily limit: \(message)")
            return
        }
    }
}
