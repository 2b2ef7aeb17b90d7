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
        "/product/dp/B0086FFHLS", "/dp/B0086FFHLS?", "/gp/offer-listing/B0086FFHLS/ref=x?f_new=1",
        "/gp/aw/ol/B0086FFHLS", "/product-reviews/B0086FFHLS?pageNumber=2",
        "/Some-Title/product-reviews/B0086FFHLS/ref=x", "/review/product/B0086FFHLS",
        "/gp/customer-reviews/R2ABCDEFGHIJK?ie=UTF8&ASIN=B0086FFHLS",
        "/gp/product/images/B0086FFHLS",
        "/images/P/B0086FFHLS.01._SL500_.jpg", "/exec/obidos/tg/detail/-/B0086FFHLS/ref=x",
        "/gp/product/product-description/B0086FFHLS", "/gp/aod/B0086FFHLS", "/-/en/dp/B0086FFHLS",
        "/ask/questions/asin/B0086FFHLS", "/Some%2DTitle%2Fdp%2FB0086FFHLS%2Fref",
        "/gp/slredirect/picassoRedirect.html?url=%2FSome-Title%2Fdp%2FB0086FFHLS%2Fref%3Dx",
        "/sspa/click?spc=a&amp;url=%2Fdp%2FB0086FFHLS%3Fpsc%3D1",
        "/gp/r.html?U=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB0086FFHLS%2F&A=x",
        "/x?url=%252Fdp%252FB0086FFHLS",
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

    @Test(
        "An address of its own kind has its product",
        arguments: [
            "https://www.amazon.com/d/Books/Some-Title-Author/B0086FFHLS/ref=x",
            "https://images-na.ssl-images-amazon.com/images/P/B0086FFHLS.01.LZZZZZZZ.jpg",
            "https://m.media-amazon.com/images/P/B0086FFHLS.jpg",
            "/dp/B0086FFHLS", "/Some-Title/dp/B0086FFHLS/ref=x?y=z", "dp/B0086FFHLS",
            "gp/product/B0086FFHLS", "/gp/aw/d/B0086FFHLS",
            "https%3A%2F%2Fwww.amazon.de%2Fdp%2FB0086FFHLS",
            "https%3a%2f%2fwww.amazon.de%2fSome-Title%2fdp%2fB0086FFHLS%3Fx%3Dy",
            "%2Fdp%2FB0086FFHLS",
            "www.amazon.fr%2Fdp%2FB0086FFHLS",
            "https%253A%252F%252Fwww.amazon.de%252Fdp%252FB0086FFHLS",
            "https://www.google.com/url?q=https://www.amazon.com/dp/B0086FFHLS&sa=D",
            "https://go.example.com/?id=1&url=https%3A%2F%2Fwww.amazon.co.uk%2Fgp%2Fproduct%2FB0086FFHLS%3Ftag%3Dx",
            "https://www.amazon.com/dp/B0086FFHLS/,",
        ])
    func otherKinds(text: String) {
        #expect(line(text) == .product("B0086FFHLS"))
    }

    @Test(
        "A short link is refused with what to do",
        arguments: [
            "https://amzn.to/3xYzAbC", "amzn.to/3xYzAbC", "https://a.co/d/0gRJGZ8",
            "http://a.co/0gRJGZ8",
            "https://amzn.eu/d/0gRJGZ8", "https://amzn.asia/d/0gRJGZ8", "https://a.co/d/B0086FFHLS",
        ])
    func shortLinks(text: String) {
        #expect(
            line(text)
                == .bad(
                    reason: "a short link. Try: open it, and enqueue the address that it leads to: "
                        + text))
    }

    @Test(
        "Two products in nested addresses, a word of ten letters and a foreign page are no product",
        arguments: [
            "https://www.amazon.com/x?a=%2Fdp%2FB0086FFHLS&b=%2Fdp%2FB00NNUMI86",
            "https://www.amazon.com/images/smartphone", "https://www.amazon.com/d/smartphone",
            "https://example.com/?url=%2Fdp%2FB0086FFHLS", "/home/B0086FFHLS", "/", "%2F",
            "https://example.com/?url=https%3A%2F%2Fexample.com%2Fdp%2FB0086FFHLS",
            "B00NNUMI86/dp/B0086FFHLS",
            "https://images-amazon.com.example.com/images/P/B0086FFHLS.jpg",
            "%2Fdp%2FB0086FFHLS,B00NNUMI86",
        ])
    func noProduct(text: String) {
        guard case .bad = line(text) else {
            Issue.record("taken: \(text)")
            return
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
        "example.com?asin=B0086FFHLS", "..../dp/B0086FFHLS",
    ])
    func otherHostsAreRefused(text: String) {
        guard case .bad(let reason) = line(text) else {
            Issue.record("taken: \(text)")
            return
        }
        #expect(reason.hasPrefix("not an address at Amazon: "))
    }

    @Test(
        "A second product, or another cell, makes the line bad",
        arguments: [
            "/ https://www.amazon.com/dp/B00NNUMI86", " B00NNUMI86", "\tB00NNUMI86",
            "/\tB00NNUMI86",
            "/,https://www.amazon.com/dp/B00NNUMI86", ",B00NNUMI86", "?th=1,B00NNUMI86",
            "?th=1;B00NNUMI86", "/;12.99", "/|B00NNUMI86", "/\",\"B00NNUMI86", "/\" \"B00NNUMI86\"",
            "?th=1, 2", "/ref=sr_1_1 2", "#reviews B00NNUMI86", "#B00NNUMI86", "/B00NNUMI86",
            "/(B00NNUMI86)", "/+B00NNUMI86", "/B00NNUMI86/", "//B00NNUMI86",
            "/https://www.amazon.com/dp/B00NNUMI86", "https://www.amazon.com/dp/B00NNUMI86",
            "#https://www.amazon.com/dp/B00NNUMI86", "//www.amazon.com/dp/B00NNUMI86",
            "/www.amazon.de/x", "/dp/B00NNUMI86", "/product/080442957X", "\u{A0}B00NNUMI86",
            "/\u{3000}B00NNUMI86", "/\u{2028}B00NNUMI86", "/、B00NNUMI86", "/，B00NNUMI86",
            "/；2", "/\u{200B}B00NNUMI86", "?a=1 b", "/<B00NNUMI86>",
        ])
    func secondProduct(rest: String) {
        for start in ["https://www.amazon.com/dp/B0086FFHLS", "amazon.de/Some-Thing/dp/B0086FFHLS"]
        {
            for quote in ["", "\""] {
                guard case .bad = line(quote + start + rest + quote) else {
                    Issue.record("taken: \(start + rest)")
                    return
                }
            }
        }
    }

    @Test(
        "Text before an address makes the line bad",
        arguments: [
            "B00NNUMI86 www.", "B00NNUMI86,www.", "2;www.", "B00NNUMI86\twww.", "B00NNUMI86@www.",
            "Title, https://www.", "1 https://www.", "B00NNUMI86,https://", "、www.",
            "https://www.amazon.com/dp/B00NNUMI8,https://www.",
            "https://www.amazon.com/dp/B00NNUMI8/www.",
            "https://www.amazon.com/dp/B00NNUMI8https://www.",
            "https://www.amazon.com:B00NNUMI86/dp/B0086FFHLS/x?",
        ])
    func before(start: String) {
        guard case .bad = line(start + "amazon.com/dp/B0086FFHLS") else {
            Issue.record("taken: \(start)")
            return
        }
    }

    @Test(
        "Text that belongs to the address does not",
        arguments: [
            "/dp/B0086FFHLS?psc=1&amp;th=1", "/Größe-™-東京-–-x/dp/B0086FFHLS/ref=x",
            "/dp/B0086FFHLS/B0086FFHLS", "/Smartphone/dp/B0086FFHLS/smartphone",
            "/dp/B0086FFHLS?u=https://www.amazon.com/dp/B00NNUMI86", "/dp/B0086FFHLS?k=a%2Cb%20c",
            "/Amazon.com-Card/dp/B0086FFHLS", "/dp/B0086FFHLS/ref=pd_sim_B00NNUMI86_1",
            "/dp/B0086FFHLS/140-1234567-1234567?pd_rd_i=B00NNUMI86",
            "/it's-a-(thing)!*/dp/B0086FFHLS",
        ])
    func oneAddress(path: String) {
        #expect(line("https://www.amazon.com" + path) == .product("B0086FFHLS"))
    }

    @Test("Two products in the parameters are two")
    func parameters() {
        #expect(
            line("https://amazon.com/x?asin=B0086FFHLS&asin=B00NNUMI86")
                == .bad(
                    reason: "more than one product on this line: "
                        + "https://amazon.com/x?asin=B0086FFHLS&asi…"))
        #expect(line("amazon.com/x?asin=B0086FFHLS&asin=b0086ffhls") == .product("B0086FFHLS"))
    }

    @Test(arguments: [
        "https://www.amazon.com", "https://www.amazon.com/", "https://www.amazon.com/dp/",
        "https://www.amazon.com/dp/B0086FFHL", "https://www.amazon.com/dp/B0086FFHLSS",
        "https://www.amazon.com/gp/d/B0086FFHLS", "https://www.amazon.com/s?k=B0086FFHLS",
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
