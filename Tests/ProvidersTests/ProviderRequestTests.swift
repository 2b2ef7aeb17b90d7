import Providers
import Testing

@Suite struct ProviderRequestTests {
    private let request = ASINScope.request(
        endpoint: ASINScope.images, products: ["B0086FFHLS"], key: canaryKey)

    /// In a struct, in an optional and in a list as well, because that is how it could be printed by
    /// accident.
    private struct Envelope {
        var request: ProviderRequest?
        var requests: [ProviderRequest]
    }

    @Test func nothingThatPrintsARequestPrintsItsBody() {
        let envelope = Envelope(request: request, requests: [request])
        var dumped = ""
        dump(request, to: &dumped)
        dump(envelope, to: &dumped)
        let bytes = "\(request.body)".dropFirst().dropLast()
        let printed = [
            "\(request)", String(describing: request), String(reflecting: request),
            "\(envelope)", String(reflecting: envelope), dumped,
        ]
        for text in printed {
            #expect(text.contains("https://api.asinscope.com/circana/images"))
            #expect(!text.contains(canaryKey))
            #expect(!text.contains(bytes))
        }
    }

    @Test func aHeaderFieldsNameIsPrintedAndItsValueIsNot() {
        let request = UPCitemdb.request(
            endpoint: UPCitemdb.lookup, jobs: [], key: canaryKey, baseURL: UPCitemdb.paidURL)
        var dumped = ""
        dump(request, to: &dumped)
        dump(Envelope(request: request, requests: [request]), to: &dumped)
        #expect(dumped.contains("user_key") && dumped.contains("key_type"))
        #expect(!dumped.contains(canaryKey) && !dumped.contains("3scale"))
        #expect(!"\(request)\(String(reflecting: [request]))".contains(canaryKey))
    }

    @Test func aRequestSaysHowLongItsBodyIs() {
        #expect(
            "\(request)" == "POST https://api.asinscope.com/circana/images"
                + " (\(request.body.count) bytes)")
    }
}
