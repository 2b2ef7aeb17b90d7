import Foundation
import Planning
import Providers
import Testing

@Suite("UPCitemdb's requests")
struct UPCitemdbRequestTests {
    private func request(
        _ endpoint: String, _ products: String..., offset: Int = 0, key: String = "",
        baseURL: String = UPCitemdb.trialURL
    ) -> ProviderRequest {
        UPCitemdb.request(
            endpoint: endpoint,
            jobs: products.enumerated().map {
                Job(id: Int64($0), product: $1, pageOffset: offset)
            },
            key: key, baseURL: baseURL)
    }

    @Test("A lookup names its codes, joined by commas")
    func lookup() {
        #expect(
            request("lookup", "0885909456017").body == Array(#"{"upc":"0885909456017"}"#.utf8))
        #expect(
            request("lookup", "0885909456017", "96385074").body
                == Array(#"{"upc":"0885909456017,96385074"}"#.utf8))
    }

    @Test(
        "A search has the offset of its page, from the second one on",
        arguments: [(0, ""), (10, #","offset":10"#), (990, #","offset":990"#)])
    func search(offset: Int, rest: String) {
        #expect(
            request("search", "ipad mini", offset: offset).body
                == Array(#"{"s":"ipad mini","match_mode":0,"type":"product"\#(rest)}"#.utf8))
    }

    @Test("A lookup has no page")
    func lookupHasNoPage() {
        #expect(
            request("lookup", "96385074", offset: 10).body == Array(#"{"upc":"96385074"}"#.utf8))
    }

    @Test("A parser reads back any query of one scalar")
    func anyScalar() throws {
        let scalars = (0...0x2FF).map { $0 } + [0x2028, 0x2029, 0xFFFD, 0x1F512, 0x10FFFF]
        for value in scalars {
            let query = "a\(Unicode.Scalar(UInt32(value))!)\"b\\"
            let object = try JSONSerialization.jsonObject(
                with: Data(request("search", query).body))
            let fields = try #require(object as? [String: Any])
            #expect((fields["s"] as? String).map { Array($0.utf8) } == Array(query.utf8))
        }
    }

    @Test("Without a key it is a POST of JSON and no more")
    func withoutKey() {
        let request = request("search", "ipad mini")
        #expect(request.method == "POST")
        #expect(
            request.fields.map { "\($0.name): \($0.value)" }
                == ["Content-Type: application/json", "Accept: application/json"])
    }

    @Test(
        "A key goes into the vendor's two header fields and nowhere else",
        arguments: [
            "lookup", "search",
        ])
    func withKey(endpoint: String) {
        let request = request(endpoint, "96385074", key: canaryKey, baseURL: UPCitemdb.paidURL)
        #expect(
            request.fields.dropFirst(2).map { "\($0.name): \($0.value)" }
                == ["user_key: \(canaryKey)", "key_type: 3scale"])
        #expect(!request.url.contains(canaryKey))
        #expect(!String(decoding: request.body, as: UTF8.self).contains(canaryKey))
    }

    @Test(
        "The endpoint follows the base URL after one slash",
        arguments: [
            ("https://api.upcitemdb.com/prod/v1", "https://api.upcitemdb.com/prod/v1/lookup"),
            ("https://api.upcitemdb.com/prod/v1/", "https://api.upcitemdb.com/prod/v1/lookup"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/lookup"),
        ])
    func url(baseURL: String, url: String) {
        #expect(request("lookup", "96385074", baseURL: baseURL).url == url)
    }
}
