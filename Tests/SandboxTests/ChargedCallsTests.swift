import Testing

@testable import Sandbox

@Suite struct ChargedCallsTests {
    private func models(faults: String = "none") throws -> SandboxModels {
        SandboxModels([
            try ASINScopeModel.with(faults: faults), try UPCitemdbModel.with(faults: faults),
        ])
    }

    private func lookup(_ body: String) -> SandboxRequest {
        SandboxRequest(path: "/prod/trial/lookup", body: Array(body.utf8))
    }

    @Test("A charged call is listed with its products, in the request's order")
    func listed() throws {
        var models = try models()
        _ = models.handle(SandboxEndpoint.barcodes.request(asins(12)), atMilliseconds: midnight)
        _ = models.handle(lookup(#"{"upc":"885909456017"}"#), atMilliseconds: midnight + second)
        let search = SandboxRequest(
            path: "/prod/trial/search", body: Array(#"{"s":"toys 25 matches"}"#.utf8))
        _ = models.handle(search, atMilliseconds: midnight + minute)
        #expect(
            models.chargedCalls == [
                ChargedCall(
                    path: "/circana/barcodes", products: asins(12), tokens: 20,
                    chargedAtMilliseconds: midnight),
                ChargedCall(
                    path: "/prod/trial/lookup", products: ["885909456017"], tokens: 1,
                    chargedAtMilliseconds: midnight + second),
                ChargedCall(
                    path: "/prod/trial/search", products: ["toys 25 matches"], tokens: 1,
                    chargedAtMilliseconds: midnight + minute),
            ])
    }

    @Test(
        "A call whose reply is lost is listed, a free one is not",
        arguments: [
            ("cut=1", true), ("hang=1", true), ("truncate=1", true), ("errors=1", false),
            ("html=1", false), ("reject=B000000000", false), ("poison=B000000000", false),
        ])
    func lost(fault: String, isListed: Bool) throws {
        var models = try models(faults: fault)
        _ = models.handle(SandboxEndpoint.images.request(asins(2)), atMilliseconds: midnight)
        #expect(models.chargedCalls.map(\.products) == (isListed ? [asins(2)] : []))
    }

    @Test("The list has all tokens of the counts, whatever the faults")
    func agrees() throws {
        var models = try models(faults: "all,rival=0")
        for step in 0..<300 {
            let now = midnight + Int64(step) * second
            let endpoint = SandboxEndpoint.allCases[step % 2]
            _ = models.handle(endpoint.request(asins(1 + step % 30)), atMilliseconds: now)
            _ = models.handle(lookup(#"{"upc":"885909456017"}"#), atMilliseconds: now)
        }
        let books = models.models.reduce(0) { $0 + $1.tokensCharged }
        #expect(models.chargedCalls.reduce(0) { $0 + $1.tokens } == books)
        #expect(models.chargedCalls.count > 100)
    }
}
