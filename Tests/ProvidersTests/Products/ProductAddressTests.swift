import Providers
import Testing

@Suite struct ProductAddressTests {
    private func line(_ text: String) -> InputLine {
        InputLine(Array(text.utf8).span, .asin)
    }

    private static let hosts = [
        "amazon.com", "www.amazon.com", "smile.amazon.com", "WWW.Amazon.CO.UK", "amazon.com.br",
        "amazon.de", "amazon.com:443", "amzn.com", "amzn.eu", "m.amazon.co.jp",
    ]

    private static let paths = [
        "/dp/B0086FFHLS", "/dp/B0086FFHLS/", "/dp/b0086ffhls", "//dp//B0086FFHLS",
        "/Some-Title/dp/B0086FFHLS/ref=sr_1_1?x=y&asin=B00NNUMI86", "/dp/product/B0086FFHLS",
        "/gp/product/B0086FFHLS", "/gp/product/B0086FFHLS?th=1", "/gp/aw/d/B0086FFHLS/ref=x",
        "/product/B0086FFHLS", "/exec/obidos/ASIN/B0086FFHLS/some-tag-20", "/DP/B0086FFHLS#reviews",
        "/gp/r.html?a=b&asin=B0086FFHLS&c=d", "?asin=B0086FFHLS", "/?ASIN=b0086ffhls",
        "/product/dp/B0086FFHLS", "/dp/B0086FFHLS?",
    ]

    @Test(arguments: hosts)
    func theASINIsFoundAtEveryAmazonAndInEveryPath(host: String) {
        for scheme in ["https://", "HTTP://", "//", ""] {
            for path in Self.paths {
                let text = scheme + host + path
                #expect(line(text) == .product("B0086FFHLS"), "\(text)")
            }
        }
    }

    @Test func aBooksAddressHasItsISBN() {
        #expect(
            line("https://www.amazon.com/dp/080442957X?psc=1") == .product("080442957X"))
    }

    @Test func theShortAddressOfAmznComIsRead() {
        #expect(line("http://amzn.com/B0086FFHLS") == .product("B0086FFHLS"))
        #expect(line("amazon.com/B0086FFHLS") != .product("B0086FFHLS"))
    }

    @Test(arguments: [
        "https://example.com/dp/B0086FFHLS", "https://amazon.com.example.com/dp/B0086FFHLS",
        "https://amazon.example.com/dp/B0086FFHLS", "https://notamazon.com/dp/B0086FFHLS",
        "https://amazon.com@example.com/dp/B0086FFHLS", "https://www.amazon./dp/B0086FFHLS.html",
        "https://a.co/d/B0086FFHLS", "example.com?asin=B0086FFHLS", "..../dp/B0086FFHLS",
    ])
    func otherHostsAreRefused(text: String) {
        guard case .bad(let reason) = line(text) else {
            Issue.record("taken: \(text)")
            return
        }
        #expect(reason.hasPrefix("not an address at Amazon: "))
    }

    @Test(arguments: [
        "https://www.amazon.com", "https://www.amazon.com/", "https://www.amazon.com/dp/",
        "https://www.amazon.com/dp/B0086FFHL", "https://www.amazon.com/dp/B0086FFHLSS",
        "https://www.amazon.com/gp/d/B0086FFHLS", "https://www.amazon.com/s?k=B0086FFHLS",
        "https://amzn.to/3xYzAbC", "https://amzn.eu/d/0gRJGZ8",
        "https://www.amazon.com/dp/0306406151",
        "https://www.amazon.com/x#/dp/B0086FFHLS", "https://www.amazon.com/?asin=",
    ])
    func anAddressWithoutAnASINIsRefused(text: String) {
        guard case .bad(let reason) = line(text) else {
            Issue.record("taken: \(text)")
            return
        }
        #expect(reason.hasPrefix("no ASIN in this address: "))
    }
}
