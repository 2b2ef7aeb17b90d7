import Testing

@testable import Sandbox

@Suite struct UPCitemdbPathsTests {
    @Test(
        "Each plan has its root",
        arguments: [
            (UPCitemdbPlan.free, "/prod/trial"), (.dev, "/prod/v1"), (.pro, "/prod/v1"),
        ])
    func roots(plan: UPCitemdbPlan, root: String) throws {
        #expect(plan.root == root)
        var model = try UPCitemdbModel.with(plan)
        let request = SandboxRequest(
            path: "\(root)/lookup",
            headers: [
                "content-type": "application/json", "USER_KEY": "sandbox", "Key_Type": "3scale",
            ],
            body: Array(#"{"upc":"885909456017"}"#.utf8))
        #expect(model.handle(request, atMilliseconds: midnight).status == 200)
    }

    @Test("FREE needs no key, and ignores one", arguments: UPCitemdbEndpoint.allCases)
    func free(endpoint: UPCitemdbEndpoint) throws {
        var model = try UPCitemdbModel.patient()
        for headers in [[:], ["user_key": "guess", "key_type": "none"]] {
            let body = #"{"upc":"885909456017","s":"brush"}"#
            #expect(model.post(endpoint, body, headers: headers).status == 200)
        }
    }

    @Test(
        "A paid plan is answered 401 without both of its headers, and that costs nothing",
        arguments: [UPCitemdbPlan.dev, .pro], UPCitemdbEndpoint.allCases)
    func keys(plan: UPCitemdbPlan, endpoint: UPCitemdbEndpoint) throws {
        var model = try UPCitemdbModel.with(plan) { $0.chargesRefusals = true }
        let wrong: [[String: String]] = [
            [:], ["user_key": "sandbox"], ["key_type": "3scale"],
            ["user_key": "guess", "key_type": "3scale"],
            ["user_key": "sandbox", "key_type": "4scale"],
            ["user_key": "", "key_type": "3scale"],
        ]
        for headers in wrong + wrong + wrong {
            let reply = model.post(endpoint, "{}", headers: headers)
            #expect(
                reply.text
                    == #"{"code":"AUTH_ERR","message":"The user_key can not be authenticated."}"#)
            #expect(reply.status == 401)
        }
        #expect(model.counts.tokensCharged == 0)
        #expect(model.counts[endpoint].mostInBursts == [])
        #expect(model.ask(endpoint).status == 200)
    }

    @Test("Any of the accepted keys is accepted, and the default no longer is")
    func otherKeys() {
        var model = UPCitemdbModel(limits: .dev, keys: ["one", "two"])
        let statuses = ["one", "two", "sandbox"].map { key in
            model.post(
                .lookup, #"{"upc":"885909456017"}"#,
                headers: ["user_key": key, "key_type": "3scale"]
            ).status
        }
        #expect(statuses == [200, 200, 401])
    }

    @Test(
        "A wrong path or method is a 404 whose body has no code",
        arguments: [
            ("POST", "/prod/trial/lookups"), ("POST", "/prod/trial/lookup/"), ("POST", "/prod"),
            ("POST", "/prod/v1/lookup"), ("GET", "/prod/trial/lookup"),
        ])
    func wrongPath(method: String, path: String) {
        var model = UPCitemdbModel()
        let reply = model.handle(
            SandboxRequest(
                method: method, path: path, body: Array(#"{"upc":"885909456017"}"#.utf8)),
            atMilliseconds: midnight)
        #expect(reply.status == 404)
        #expect(reply.headers["Content-Type"] == "text/html")
        #expect(!reply.text.contains("NOT_FOUND") && reply.code == nil)
        #expect(model.counts.wrongPaths == 1)
        #expect(model.counts.tokensCharged == 0)
    }
}
