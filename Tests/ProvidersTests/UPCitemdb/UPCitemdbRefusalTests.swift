import Planning
import Providers
import Testing

@Suite("UPCitemdb's refusals")
struct UPCitemdbRefusalTests {
    private static let ourBad =
        "Our bad. Please shoot us an email with your sample request and the "
        + "time it happened."

    @Test(
        "Each documented refusal has its outcome, at either endpoint",
        arguments: [
            (
                UPCitemdbFixture.invalidQuery,
                .rejected(
                    status: 400,
                    message: "INVALID_QUERY: Required parameters is missing in the request.")
            ),
            (.invalidUPC, .rejected(status: 400, message: "INVALID_UPC: Not a valid UPC code.")),
            (
                .authErr,
                .unauthorized(
                    status: 401,
                    message: "AUTH_ERR: For paid plan only, user_key in the request header can not "
                        + "be authenticated.")
            ),
            (
                .exceedLimit,
                .rateLimited(.day, hint: nil, message: "EXCEED_LIMIT: Exceed daily request limits.")
            ),
            (
                .tooFast,
                .rateLimited(
                    .minute, hint: nil, message: "TOO_FAST: Request exceeds burst rate limit.")
            ),
            (
                .tooManyRequests,
                .rateLimited(
                    .minute, hint: nil, message: "HTTP_TOO_MANY_REQUESTS: \(ourBad)")
            ),
            (
                .serverErr,
                .failed(
                    status: 500,
                    message: "SERVER_ERR: Our bad. If the problem persists, please shoot us an "
                        + "email with your sample request and the time it happened.")
            ),
        ] as [(UPCitemdbFixture, CallOutcome)])
    func documented(fixture: UPCitemdbFixture, expected: CallOutcome) throws {
        #expect(lookedUp(fixture.status, try fixture.body) == expected)
        #expect(searched(fixture.status, try fixture.body) == expected)
    }

    @Test("Every status has its kind of outcome")
    func everyStatus() {
        for status in 100...599 {
            let outcome = lookedUp(status, #"{"code":"NO","message":"No"}"#)
            switch status {
            case 200: #expect(outcome.message?.hasPrefix("unreadable_body: its code") == true)
            case 401, 403:
                #expect(outcome == .unauthorized(status: status, message: "NO: No"))
            case 301, 302, 303, 307, 308, 404, 405, 410:
                let message =
                    "NO: No; asked https://api.upcitemdb.com/prod/trial/lookup; check upcitemdb.url"
                #expect(outcome == .misdirected(status: status, message: message))
            case 429: #expect(outcome == .rateLimited(.minute, hint: nil, message: "NO: No"))
            default: #expect(outcome == .failed(status: status, message: "NO: No"))
            }
        }
    }

    @Test("A code has its meaning with its own status only")
    func codesElsewhere() throws {
        for fixture in UPCitemdbFixture.allCases where fixture.status != 200 {
            for status in [500, 503, 418] {
                guard case .failed(status, _, _) = lookedUp(status, try fixture.body) else {
                    Issue.record("\(fixture) with \(status)")
                    continue
                }
            }
        }
    }

    @Test("404 NOT_FOUND answers a lookup: there is no such item")
    func notFound() throws {
        #expect(
            lookedUp(404, try UPCitemdbFixture.notFound.body)
                == .succeeded(Answer(items: [:], status: 404)))
    }

    @Test(
        "404 with another code is a wrong address, which halts the lane rather than answering the whole queue",
        arguments: [
            #"{"code":"OTHER"}"#, #"{"code":"not_found"}"#, #"{"code":"OK","items":[]}"#,
        ])
    func wrongAddress(body: String) {
        for outcome in [lookedUp(404, body), searched(404, body)] {
            guard case .misdirected(status: 404, _) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test(
        "401, 403 and 404 without a code come from a gateway, and answer nothing",
        arguments: [
            "<html>404 Not Found</html>", "", "No Mapping Rule matched", "{}", "[]", "NOT_FOUND",
            #"{"message":"NOT_FOUND"}"#, #"{"code":["NOT_FOUND"]}"#, #"{"code":"NOT_FOUND"#,
        ])
    func gateway(body: String) {
        for status in [401, 403, 404] {
            for outcome in [lookedUp(status, body), searched(status, body)] {
                guard case .intercepted(status, nil, _) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
            }
        }
    }

    @Test(
        "Another 400 is a gateway's and blames no product",
        arguments: [
            "<html>Bad Request</html>", "", "INVALID_UPC", "{}", #"{"code":"INVALID"}"#,
            #"{"message":"INVALID_UPC"}"#, #"{"code":"NOT_FOUND"}"#, #"{"message":"monkey 1"}"#,
        ])
    func foreign400(body: String) {
        guard case .failed(status: 400, _, _) = lookedUp(400, body) else {
            Issue.record("\(lookedUp(400, body))")
            return
        }
    }

    @Test(
        "Another 400 about the key blames the key",
        arguments: [
            #"{"code":"AUTH_ERR"}"#, #"{"message":"user_key is missing"}"#,
            #"{"code":"X","message":"Invalid API Key"}"#, "Bad api_key", "no apikey given",
        ])
    func keyed400(body: String) {
        guard case .unauthorized(status: 400, _) = lookedUp(400, body) else {
            Issue.record("\(lookedUp(400, body))")
            return
        }
    }

    @Test("A query about keys is not treated as a statement about the key")
    func queryAboutKeys() {
        let body = #"{"code":"INVALID_QUERY","message":"cannot search for: api key fob"}"#
        #expect(
            searched(400, body)
                == .rejected(status: 400, message: "INVALID_QUERY: cannot search for: api key fob"))
    }

    @Test(
        "The message is the server's code and words on one line",
        arguments: [
            (#"{"code":"A","message":"One\n\u001b[31m two"}"#, "A: One [31m two"),
            (#"{"code":"A"}"#, "A"), (#"{"message":"One"}"#, "One"),
            (#"{"code":"","message":"One"}"#, "One"), (#"{"code":7,"message":"One"}"#, "One"),
            (#"{"code":"A","message":["One"]}"#, "A"),
            (#"{"code":7,"message":8}"#, #"{"code":7,"message":8}"#),
            ("<html>\r\n <h1>Bad\tGateway</h1>", "<html> <h1>Bad Gateway</h1>"),
            ("", "http_502"), (" \n", "http_502"),
        ])
    func words(body: String, message: String) {
        #expect(lookedUp(502, body) == .failed(status: 502, message: message))
    }

    @Test("A message has at most 500 characters")
    func bounded() {
        for count in [490, 500, 100_000] {
            let long = String(repeating: "é", count: count)
            let message = lookedUp(400, #"{"code":"INVALID_UPC","message":"\#(long)"}"#).message
            #expect(message?.unicodeScalars.count == min(500, count + "INVALID_UPC: ".count))
        }
    }

    @Test(
        "A 200 that is not an answer is a failure with its reason",
        arguments: [
            ("", "empty"), ("<html>Wait</html>", "not JSON: <html>Wait</html>"),
            (#"{"code":"OK","items":["#, #"not JSON: {"code":"OK","items":["#),
            (#"[{"code":"OK"}]"#, #"not a JSON object: [{"code":"OK"}]"#),
            (#"{"items":[]}"#, #"its code is not OK: {"items":[]}"#),
            (
                #"{"code":"TOO_FAST","items":[]}"#,
                #"its code is not OK: {"code":"TOO_FAST","items":[]}"#
            ),
            (#"{"code":null,"items":[]}"#, #"its code is not OK: {"code":null,"items":[]}"#),
            (#"{"code":"OK"}"#, #"no list of items: {"code":"OK"}"#),
            (#"{"code":"OK","items":null}"#, #"no list of items: {"code":"OK","items":null}"#),
            (#"{"code":"OK","items":{}}"#, #"no list of items: {"code":"OK","items":{}}"#),
        ])
    func unreadable(body: String, reason: String) {
        let expected = CallOutcome.failed(status: 200, message: "unreadable_body: \(reason)")
        #expect(lookedUp(200, body) == expected)
        #expect(searched(200, body) == expected)
    }

    @Test("Every truncated documented answer is unreadable")
    func cuts() throws {
        for fixture in [UPCitemdbFixture.lookup, .search] {
            let body = try fixture.body.dropLast()
            for length in 0..<body.count {
                let cut = String(body.prefix(length))
                #expect(lookedUp(200, cut).message?.hasPrefix("unreadable_body: ") == true)
                #expect(searched(200, cut).message?.hasPrefix("unreadable_body: ") == true)
            }
        }
    }
}
