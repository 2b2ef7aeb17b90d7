import Testing

@testable import Sandbox

@Suite struct DocumentedErrorsTests {
    static let badRequests: [(body: String, reply: String)] = [
        (
            #"{"asins":["B0086FFHLS"]}"#,
            #"{"statusCode":400,"error":"Bad Request","message":"API key is required in request body"}"#
        ),
        (
            #"{"key":"","asins":["B0086FFHLS"]}"#,
            #"{"statusCode":400,"error":"Bad Request","message":"API key is required in request body"}"#
        ),
        (
            #"{"key":7,"asins":["B0086FFHLS"]}"#,
            #"{"statusCode":400,"error":"Bad Request","message":"API key is required in request body"}"#
        ),
        (
            #"{"key":"guess","asins":["B0086FFHLS"]}"#,
            #"{"statusCode":401,"error":"Unauthorized","message":"Invalid API key"}"#
        ),
        (
            #"{"key":"sandbox","asins":[]}"#,
            #"{"statusCode":400,"error":"Bad Request","message":["asins should not be empty"]}"#
        ),
        (
            #"{"key":"sandbox","asins":["B0086FFHLS","b0","1"]}"#,
            #"{"statusCode":400,"error":"Bad Request","message":["Invalid ASIN: b0","Invalid ASIN: 1"]}"#
        ),
        (
            #"{"key":"sandbox","asins":"B0086FFHLS"}"#,
            #"{"statusCode":400,"error":"Bad Request","message":["asins must be an array","each value in asins must be a string"]}"#
        ),
        (
            #"["B0086FFHLS"]"#,
            #"{"statusCode":400,"error":"Bad Request","message":"Request body is not a JSON object"}"#
        ),
        (
            #"{"key":"sandbox","#,
            #"{"statusCode":400,"error":"Bad Request","message":"Request body is not a JSON object"}"#
        ),
    ]

    @Test(
        "A bad request gets its own error, for free",
        arguments: badRequests, SandboxEndpoint.allCases)
    func badRequest(row: (body: String, reply: String), endpoint: SandboxEndpoint) {
        var model = ASINScopeModel()
        let reply = model.handle(endpoint.request(body: row.body), atMilliseconds: midnight)
        #expect(reply.text == row.reply)
        #expect(row.reply.hasPrefix(#"{"statusCode":\#(reply.status),"#))
        #expect(model.counts.tokensCharged == 0)
        #expect(model.ask(endpoint, asins(1), at: midnight).status == 200)
    }

    @Test("100 ASINs are accepted and 101 are not", arguments: SandboxEndpoint.allCases)
    func batchLimit(endpoint: SandboxEndpoint) {
        var model = ASINScopeModel()
        #expect(model.ask(endpoint, asins(100), at: midnight).status == 200)
        let reply = model.ask(endpoint, asins(101), at: midnight + 2 * minute)
        #expect(reply.status == 400)
        #expect(
            reply.text
                == #"{"statusCode":400,"error":"Bad Request","message":["Maximum 100 ASINs allowed per request"]}"#
        )
    }

    @Test("A key that does not include an endpoint gets 403 there, and 200 elsewhere")
    func account() {
        var model = ASINScopeModel(account: ModeledAccount(endpoints: [.images]))
        #expect(model.ask(.images, asins(1), at: midnight).status == 200)
        let reply = model.ask(.barcodes, asins(1), at: midnight)
        #expect(
            reply.text
                == #"{"statusCode":403,"error":"Forbidden","message":"Subscription doesn't include access to this feature"}"#
        )
    }

    @Test("Any of the accepted keys is accepted, and the default no longer is")
    func keys() {
        var model = ASINScopeModel(account: ModeledAccount(keys: ["one", "two"]))
        #expect(model.ask(.images, asins(1), key: "one", at: midnight).status == 200)
        #expect(model.ask(.images, asins(1), key: "two", at: midnight).status == 200)
        #expect(model.ask(.images, asins(1), key: "sandbox", at: midnight).status == 401)
    }

    @Test("A body that is not declared as JSON counts as one without a key")
    func contentType() {
        var model = ASINScopeModel()
        var request = SandboxEndpoint.images.request(asins(1))
        request.headers = ["content-type": "text/plain"]
        #expect(
            model.handle(request, atMilliseconds: midnight).message
                == "API key is required in request body")
        request.headers = ["CONTENT-TYPE": "application/json; charset=utf-8"]
        #expect(model.handle(request, atMilliseconds: midnight).status == 200)
    }

    @Test(
        "A wrong path or method is a 404 as JSON",
        arguments: [
            ("GET", "/circana/images"), ("POST", "/circana/imagery"), ("POST", "/circana/images/"),
        ])
    func notFound(method: String, path: String) {
        var model = ASINScopeModel()
        let reply = model.handle(
            SandboxRequest(method: method, path: path, body: []), atMilliseconds: midnight)
        #expect(
            reply.text
                == #"{"statusCode":404,"error":"Not Found","message":"Cannot \#(method) \#(path)"}"#
        )
        #expect(model.counts.notFound == 1)
    }

    @Test("The first of several errors in the server's order is reported")
    func order() throws {
        var model = ASINScopeModel(account: ModeledAccount(endpoints: [.images]))
        #expect(model.ask(.barcodes, [], key: "guess", at: midnight).status == 401)
        #expect(model.ask(.barcodes, [], at: midnight).status == 403)
        var empty = try ASINScopeModel.with {
            $0.dailyTokens = 5
            $0.imagesBurst = 5
        }
        #expect(empty.ask(.images, asins(5), at: midnight).status == 200)
        #expect(empty.ask(.images, ["b0"], at: midnight).status == 400)
        let refusal = empty.ask(.images, asins(1), at: midnight).message
        #expect(refusal == "Daily limit reached. Please try again in 1440 minutes")
    }
}
