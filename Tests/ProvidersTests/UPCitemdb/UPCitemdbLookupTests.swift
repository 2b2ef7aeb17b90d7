import Planning
import Providers
import Testing

@Suite("UPCitemdb's answers to a lookup")
struct UPCitemdbLookupTests {
    /// The page's example of a package, and the EAN of the 20 items in it.
    private static let package = "20008236914225"
    private static let contained = "0008236914221"

    private func item(_ fields: String) -> String { "{\(fields)}" }

    private func answer(_ items: String..., asked: String...) -> Answer? {
        lookedUp(200, #"{"code":"OK","items":[\#(items.joined(separator: ","))]}"#, asked: asked)
            .answer
    }

    @Test("The item is kept as the provider sent it, including undocumented fields")
    func page() throws {
        let body = try UPCitemdbFixture.lookup.body
        let answer = try #require(lookedUp(200, body).answer)
        #expect(answer.items.keys.sorted() == [UPCitemdbFixture.code])
        let item = try #require(answer.items[UPCitemdbFixture.code])
        #expect(item.isFound)
        #expect(item.nextPageOffset == nil)
        #expect(item.body.hasPrefix("{\n      \"ean\"") && item.body.hasSuffix("\"row 7\"\n    }"))
        #expect(body.contains(item.body))
        #expect(item.body.contains(#""lowest_recorded_price": 199.10,"#))
        #expect(item.body.contains(#""asin": "B00746MVJM""#))
        #expect(answer.status == 200)
    }

    @Test("An empty list is an answer: nothing was found")
    func empty() {
        #expect(lookedUp(200, ok()) == .succeeded(Answer(items: [:])))
    }

    @Test(
        "An item belongs to the code that it names, in any spelling",
        arguments: [
            ("0885909456017", #""ean":"0885909456017""#), ("0885909456017", #""ean":885909456017"#),
            ("0885909456017", #""upc":"885909456017""#),
            ("0885909456017", #""ean":"","upc":"8-85909-45601-7""#),
            ("0885909456017", #""ean":null,"gtin":"00885909456017""#),
            ("96385074", #""ean":"0000096385074""#), ("96385074", #""ean":"96385074""#),
            ("96385074", #""upc":"000096385074""#), ("96385074", #""gtin":"00000096385074""#),
            ("9780306406157", #""ean":"9780306406157","isbn":"0306406152""#),
            ("20008236914225", #""ean":"0008236914221","gtin":"20008236914225""#),
        ])
    func named(code: String, fields: String) {
        #expect(
            answer(item(fields), asked: code)?.items
                == [code: Item(isFound: true, body: item(fields))])
    }

    @Test(
        "An item of another code is not the answer, though it came alone",
        arguments: [
            ("0885909456017", #""ean":"0885909456024""#),
            ("0885909456017", #""title":"An iPad of no code""#), ("0885909456017", ""),
            ("0885909456017", #""ean":"","upc":null"#),
            ("0885909456017", #""ean":["0885909456017"]"#),
            ("0885909456017", #""ean":"x0885909456017""#),
            ("0885909456017", #""ean":"+885909456017""#),
            ("0885909456017", #""asin":"0885909456017""#),
            // The package of the requested item, which is another product.
            ("0008236914221", #""gtin":"20008236914225""#),
            // Another package of the same item.
            ("20008236914225", #""ean":"0008236914221","gtin":"10008236914228""#),
            // A UPC-E of the same digits would be this one.
            ("04252614", #""upc":"042100005264""#),
        ])
    func foreign(code: String, fields: String) {
        let message = lookedUp(200, ok(item(fields)), asked: [code]).message
        #expect(message?.hasPrefix("unreadable_body: no item for a product that was asked") == true)
    }

    @Test("A package may be answered with its contents, by the EAN alone")
    func contents() {
        for fields in [
            #""ean":"0008236914221""#, #""ean":"0008236914221","upc":"008236914221""#,
            #""upc":"008236914221""#, #""ean":"0008236914221","gtin":"00008236914221""#,
        ] {
            #expect(
                answer(item(fields), asked: Self.package)?.items
                    == [Self.package: Item(isFound: true, body: item(fields))])
        }
    }

    @Test("The package itself takes precedence over its contents")
    func packageFirst() {
        let single = item(#""ean":"0008236914221","title":"one""#)
        let twenty = item(#""ean":"0008236914221","gtin":"20008236914225","title":"20""#)
        #expect(answer(single, twenty, asked: Self.package)?.items[Self.package]?.body == twenty)
    }

    @Test("Several codes are joined to their items in any order; one without an item is absent")
    func several() {
        let first = item(#""ean":"0885909456017""#)
        let second = item(#""ean":"6009705662678""#)
        let asked = ["0885909456017", "96385074", "6009705662678"]
        let expected = [
            asked[0]: Item(isFound: true, body: first), asked[2]: Item(isFound: true, body: second),
        ]
        for items in [[first, second], [second, first], [second, "7", "null", "{}", first]] {
            let body = ok(items.joined(separator: ","))
            #expect(lookedUp(200, body, asked: asked).answer?.items == expected)
        }
    }

    @Test("The first of two items for one code counts")
    func firstCounts() {
        let first = item(#""ean":"96385074","title":"One""#)
        let second = item(#""ean":"96385074","title":"Two""#)
        #expect(answer(first, second, asked: "96385074")?.items["96385074"]?.body == first)
    }

    @Test("A lookup has no next page, with any offset")
    func noNextPage() {
        let body = ok(item(#""ean":"0885909456017""#), rest: #","offset":10"#)
        #expect(lookedUp(200, body).answer?.items.values.first?.nextPageOffset == nil)
    }
}
