import Testing

@testable import Sandbox

@Suite struct ProductTests {
    static let products = asins(3000).map(Product.init(asin:))

    @Test("Every code has its length and a valid check digit")
    func codes() {
        let upcs = Self.products.flatMap(\.upcList)
        let eans = Self.products.flatMap(\.eanList)
        #expect(upcs.count > 1000 && eans.count > upcs.count)
        #expect(upcs.allSatisfy { $0.utf8.count == 12 })
        #expect(eans.allSatisfy { $0.utf8.count == 13 })
        for code in upcs.map({ "0" + $0 }) + eans {
            let weighted = zip(
                code.compactMap(\.wholeNumberValue), [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1])
            #expect(weighted.map(*).reduce(0, +) % 10 == 0, "\(code)")
        }
    }

    @Test(
        "The check digit of a known code is the known one",
        arguments: [("63110200155", 0), ("063110200155", 0), ("333787241858", 7)])
    func checkDigit(code: String, digit: Int) {
        #expect(Barcode.checkDigit(after: code.compactMap(\.wholeNumberValue)) == digit)
    }

    @Test("A primary code is the first of its list, or null before a list that may not be empty")
    func primary() {
        #expect(Self.products.allSatisfy { $0.upc == nil || $0.upc == $0.upcList.first })
        #expect(Self.products.allSatisfy { $0.ean == nil || $0.ean == $0.eanList.first })
        #expect(Self.products.contains { $0.upc == nil && !$0.upcList.isEmpty })
        #expect(Self.products.contains { $0.ean == nil && !$0.eanList.isEmpty })
        #expect(Self.products.contains { $0.upc != nil })
        #expect(Self.products.contains { $0.eanList.isEmpty })
    }

    @Test("Every UPC is among the EANs with a zero before it")
    func upcsAreEANs() {
        let pairs = Self.products.flatMap { product in
            product.upcList.map { (product, "0" + $0) }
        }
        #expect(!pairs.isEmpty)
        #expect(pairs.allSatisfy { product, ean in product.eanList.contains(ean) })
    }

    @Test("Titles test a CSV writer: commas, quotes, letters beyond ASCII, and plain ones")
    func titles() {
        let titles = Self.products.compactMap(\.title)
        #expect(titles.count == Self.products.count)
        #expect(titles.contains { $0.contains(",") })
        #expect(titles.contains { $0.contains("\"") })
        #expect(titles.contains { title in title.utf8.contains { $0 > 127 } })
        #expect(titles.contains { title in title.utf8.allSatisfy { $0 < 128 } })
    }

    @Test("There are 0 to 8 images, every number of them, each with an address of its own")
    func images() {
        #expect(Set(Self.products.map(\.images.count)) == Set(0...8))
        let addresses = Self.products.flatMap(\.images)
        #expect(Set(addresses).count == addresses.count)
        #expect(addresses.allSatisfy { $0.hasPrefix("https://m.media-amazon.com/images/I/") })
    }

    @Test("A product never changes from one build to the next")
    func stable() {
        let product = Product(asin: "B0086FFHLS")
        #expect(product == Product(asin: "B0086FFHLS"))
        #expect(product.title == "Philips Jalapeño Seeds, Organic, Pack of 2")
        #expect(product.images.first == "https://m.media-amazon.com/images/I/6145foj9sv2.jpg")
    }

    @Test(
        "An ASIN is an ISBN-10 or a capital and nine more characters",
        arguments: [
            ("B0086FFHLS", true), ("BT00LLINKI", true), ("0306406152", true), ("080442957X", true),
            ("", false), ("B0086FFHL", false), ("B0086FFHLSS", false), ("b0086ffhls", false),
            ("B0086FFHL ", false), ("X80442957X", true), ("08044295X7", false),
            ("1B0086FFHL", false), ("B0086FFHÉ", false),
        ])
    func pattern(text: String, isASIN: Bool) {
        #expect(ASINPattern.matches(text) == isASIN)
    }
}
