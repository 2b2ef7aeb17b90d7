import Foundation
import Providers
import Testing

@Suite struct ASINScopeRequestTests {
    private func body(_ products: [String], key: String = "k") -> [UInt8] {
        ASINScope.request(endpoint: ASINScope.images, products: products, key: key).body
    }

    @Test func theBodyIsThePagesWithoutBlanks() {
        #expect(
            body(["B0086FFHLS", "B00NNUMI86"], key: "abc")
                == Array(#"{"key":"abc","asins":["B0086FFHLS","B00NNUMI86"]}"#.utf8))
        #expect(body(["B0086FFHLS"]) == Array(#"{"key":"k","asins":["B0086FFHLS"]}"#.utf8))
        #expect(body([]) == Array(#"{"key":"k","asins":[]}"#.utf8))
    }

    @Test func itIsAPostOfJSON() {
        let request = ASINScope.request(endpoint: ASINScope.barcodes, products: [], key: "k")
        #expect(request.method == "POST")
        #expect(
            request.fields.map { "\($0.name): \($0.value)" }
                == ["Content-Type: application/json", "Accept: application/json"])
    }

    @Test(arguments: [
        ("https://api.asinscope.com/circana", "https://api.asinscope.com/circana/images"),
        ("https://api.asinscope.com/circana/", "https://api.asinscope.com/circana/images"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/images"),
    ])
    func theEndpointFollowsTheBaseURLAfterOneSlash(baseURL: String, url: String) {
        let request = ASINScope.request(
            endpoint: ASINScope.images, products: [], key: "k", baseURL: baseURL)
        #expect(request.url == url)
    }

    @Test func theKeyIsNeitherInTheURLNorInAHeaderField() {
        let request = ASINScope.request(
            endpoint: ASINScope.images, products: ["B0086FFHLS"], key: canaryKey)
        #expect(!request.url.contains(canaryKey))
        #expect(!"\(request.fields)".contains(canaryKey))
    }

    @Test func aParserReadsBackAnyKeyOfOneScalar() throws {
        let scalars = (0...0x2FF).map { $0 } + [0x2028, 0x2029, 0xFEFF, 0xFFFD, 0x1F512, 0x10FFFF]
        for value in scalars {
            let key = "a\(Unicode.Scalar(UInt32(value))!)b"
            let object = try JSONSerialization.jsonObject(with: Data(body(["X\(key)"], key: key)))
            let fields = try #require(object as? [String: Any])
            #expect((fields["key"] as? String).map { Array($0.utf8) } == Array(key.utf8))
            #expect(
                (fields["asins"] as? [String])?.first.map { Array($0.utf8) }
                    == Array("X\(key)".utf8))
        }
    }
}
