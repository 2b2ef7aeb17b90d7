import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Offers, and the paths to them, as they are passed to a reader.
struct OffersTests {
    private static let terms = OfferTerms(
        merchant: "Abt", domain: "abt.com", title: "A pen", currency: "", listPrice: nil,
        price: 9.99, shipping: "Free Shipping", condition: "New", availability: "",
        link: "https://a", updatedSeconds: 1_500_000_000)

    private static let offers = """
        [{"merchant":"Abt","domain":"abt.com","title":"A pen","currency":"","list_price":"",
          "price":9.99,"shipping":"Free Shipping","condition":"New","availability":"",
          "link":"https://a","updated_t":1500000000},
         {"merchant":7,"link":["x"],"price":"free","list_price":3}]
        """
    private static let oddTerms = OfferTerms(merchant: "7", listPrice: 3, link: #"["x"]"#)

    private func item(_ code: String, _ offers: String = offers) -> String {
        #"{"ean":"\#(code)","title":"Pen","brand":"B","model":"M","category":"C","offers":\#(offers)}"#
    }

    /// Two codes and a query that were found.
    private func fill(_ store: Store) throws {
        for number in [2, 1] {
            try store.complete(
                code(number), at: .lookup,
                .succeeded(
                    Answer(items: [code(number): Item(isFound: true, body: item(code(number)))])))
        }
        try store.complete(
            "pen", at: .search, page("pen", [item(code(1), "[]"), "7", item(code(3))]))
        for (number, found) in [(1, code(1)), (2, nil), (3, code(9))] {
            try store.complete(asin(number), at: .barcodes, barcodes([asin(number): found]))
        }
        try store.complete(asin(4), at: .barcodes, answer([]))
    }

    private func offers(_ store: Store, at endpoint: String = "lookup", _ products: [String] = [])
        throws -> [StoredOffer]
    {
        var offers: [StoredOffer] = []
        try store.offers(at: endpoint, products: products) { offers.append($0) }
        return offers
    }

    private func chain(_ store: Store, _ asins: [String] = []) throws -> [ASINOffer] {
        var links: [ASINOffer] = []
        try store.chain(asins) { links.append($0) }
        return links
    }

    private func both(_ product: String, ean: String, item: Int = 1) -> [StoredOffer] {
        [Self.terms, Self.oddTerms].enumerated().map { number, terms in
            StoredOffer(
                product: product, ean: ean, itemPosition: item, position: number + 1, terms: terms)
        }
    }

    @Test("Offers come in the order of products, items and offers", arguments: Medium.allCases)
    func order(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try fill(store)
            let (first, second) = (both(code(1), ean: code(1)), both(code(2), ean: code(2)))
            #expect(try offers(store) == first + second)
            #expect(
                try offers(store, [code(2), "no such", code(1), code(2)]) == second + first + second
            )
            #expect(try offers(store, at: "search") == both("pen", ean: code(3), item: 3))
            #expect(try offers(store, at: "search", ["pen"]).count == 2)
            #expect(try offers(store, at: "images").isEmpty)
        }
    }

    @Test("The chain goes as far as each ASIN's results", arguments: Medium.allCases)
    func links(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try fill(store)
            let known = [Self.terms, Self.oddTerms].enumerated().map { number, terms in
                ASINOffer(
                    asin: asin(1), isASINFound: true, code: code(1), isCodeFound: true,
                    ean: code(1), itemTitle: "Pen", brand: "B", model: "M", category: "C",
                    position: number + 1, terms: terms)
            }
            let noCode = ASINOffer(asin: asin(2), isASINFound: true)
            let notYet = ASINOffer(asin: asin(3), isASINFound: true, code: code(9))
            let unknown = ASINOffer(asin: asin(4), isASINFound: false)
            #expect(try chain(store) == known + [noCode, notYet, unknown])
            #expect(
                try chain(store, [asin(4), asin(77), asin(1), asin(2)]) == [unknown] + known + [
                    noCode
                ])
            try store.complete(code(9), at: .lookup, answer([]))
            var notFound = notYet
            notFound.isCodeFound = false
            #expect(try chain(store, [asin(3)]) == [notFound])
        }
    }

    @Test("They are passed one at a time, and a reader may stop")
    func streaming() throws {
        struct Enough: Error {}
        let store = try Store()
        try fill(store)
        var seen = 0
        func take() throws {
            seen += 1
            if seen.isMultiple(of: 2) { throw Enough() }
        }
        #expect(throws: Enough.self) {
            try store.offers(at: "lookup", products: []) { _ in try take() }
        }
        #expect(throws: Enough.self) { try store.chain([]) { _ in try take() } }
        #expect(seen == 4)
        #expect(try offers(store).count == 4)
    }
}
