import Foundation
import Testing

@testable import Sandbox

@Suite struct CatalogItemTests {
    private static let items = codes(0..<2000).compactMap { Barcode($0) }.map(CatalogItem.init)

    @Test(
        "Texts are no longer than the page says, and every optional one is sometimes missing")
    func lengths() {
        #expect(Self.items.count == 2000)
        for item in Self.items {
            #expect(item.description.count < 515 && item.brand.count < 64)
            #expect(
                [item.model, item.color, item.size, item.dimension].allSatisfy { $0.count < 32 })
            #expect(item.weight.count < 16)
            #expect(item.elid.map { (9...12).contains($0.count) } != false)
        }
        let optional: [KeyPath<CatalogItem, String>] = [
            \.description, \.brand, \.model, \.color, \.size, \.dimension, \.weight, \.category,
        ]
        for field in optional {
            let texts = Self.items.map { $0[keyPath: field] }
            #expect(texts.contains("") && texts.contains { $0 != "" }, "\(field)")
        }
        #expect(Self.items.contains { $0.elid == nil } && Self.items.contains { $0.elid != nil })
    }

    @Test("There are 0 to 4 offers and every number of them, and 0 to 3 images")
    func counts() {
        #expect(Set(Self.items.map(\.offers.count)) == Set(0...4))
        #expect(Set(Self.items.map(\.images.count)) == Set(0...3))
    }

    @Test(
        "An offer's list price may be missing, its price is in the recorded range, and all of the page's words occur"
    )
    func offers() throws {
        let offers = Self.items.flatMap(\.offers)
        #expect(offers.contains { $0.listPriceCents == nil })
        #expect(offers.contains { $0.listPriceCents != nil })
        #expect(Set(offers.map(\.condition)) == ["New", "Used"])
        #expect(Set(offers.map(\.availability)) == ["", "Out of Stock"])
        #expect(Set(Self.items.map(\.currency)) == ["", "USD", "CAD", "EUR", "GBP", "SEK"])
        for item in Self.items {
            let recorded = try #require(item.recordedPricesCents)
            #expect(item.offers.allSatisfy { recorded.contains($0.priceCents) })
        }
    }

    @Test("The page's optional fields are absent where the page says so")
    func absentFields() throws {
        let book = try Self.fields(of: "0306406152")
        #expect(book["lowest_recorded_price"] == nil && book["highest_recorded_price"] == nil)
        #expect(book["upc"] == nil && book["gtin"] == nil)
        let package = try Self.fields(of: "20008236914225")
        #expect(package["gtin"] as? String == "20008236914225")
        #expect(package["upc"] as? String == "008236914221")
        #expect(package["lowest_recorded_price"] is NSNumber)
    }

    @Test("An item has the page's fields, and one that the page does not list")
    func fields() throws {
        let always: Set = [
            "ean", "title", "description", "brand", "model", "color", "size", "dimension",
            "weight", "category", "currency", "images", "offers", "asin",
        ]
        let perhaps: Set = [
            "upc", "gtin", "elid", "lowest_recorded_price", "highest_recorded_price",
        ]
        for code in codes(0..<200) {
            let names = Set(try Self.fields(of: code).keys)
            #expect(names.isSuperset(of: always))
            #expect(names.subtracting(always).isSubset(of: perhaps))
        }
    }

    @Test("An offer has the page's fields; a missing list price is an empty text")
    func offerFields() throws {
        let offers = try codes(0..<200).flatMap { code in
            try #require(try Self.fields(of: code)["offers"] as? [[String: Any]])
        }
        #expect(offers.count > 100)
        for offer in offers {
            #expect(
                offer.keys.sorted() == [
                    "availability", "condition", "currency", "domain", "link", "list_price",
                    "merchant", "price", "shipping", "title", "updated_t",
                ])
            #expect(offer["price"] is NSNumber && offer["updated_t"] is NSNumber)
        }
        #expect(offers.contains { $0["list_price"] as? String == "" })
        #expect(offers.contains { $0["list_price"] is NSNumber })
    }

    @Test("An item never changes from one build to the next")
    func stable() throws {
        let item = CatalogItem(try #require(Barcode("885909456017")))
        #expect(item.title == "Philips Crème brûlée Torch")
        #expect(item.asin == "B009809283")
    }

    private static func fields(of code: String) throws -> [String: Any] {
        let item = CatalogItem(try #require(Barcode(code)))
        let bytes = item.json(userData: nil).bytes
        return try #require(
            try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
}
