import Planning
import Providers
import Testing

@Suite("UPCitemdb's answers to a search")
struct UPCitemdbSearchTests {
    private func item(_ status: Int, _ body: String) -> Item? {
        searched(status, body).answer?.items[UPCitemdbFixture.query]
    }

    @Test("A page is an array of the items as they were sent, and gives the offset of the next one")
    func page() throws {
        let item = try #require(item(200, try UPCitemdbFixture.search.body))
        #expect(
            item
                == Item(
                    isFound: true,
                    body: #"[{ "ean": "0885909456017", "title": "Apple iPad mini", "#
                        + #""upc": "885909456017" },{ "ean": "6009705662678", "#
                        + #""title": "A case for it", "lowest_recorded_price": 1.50 }]"#,
                    nextPageOffset: 10))
    }

    @Test("An empty page is an answer, whether it comes as 200 or as 404")
    func nothing() throws {
        let nothing = Item(isFound: false, body: "[]")
        #expect(item(200, ok()) == nothing)
        #expect(item(200, ok(rest: #","offset":20"#)) == nothing)
        #expect(item(404, try UPCitemdbFixture.notFound.body) == nothing)
        #expect(searched(404, try UPCitemdbFixture.notFound.body).answer?.status == 404)
    }

    @Test(
        "The next page begins within the 1,000 matches that can be reached, or there is none",
        arguments: [
            ("0", nil), ("1", 1), ("10", 10), ("10.0", 10), ("999", 999), ("1000", nil),
            ("1010", nil), ("-10", nil), ("null", nil), ("\"10\"", nil), ("[10]", nil),
            ("1e300", nil), ("0.5", nil),
        ])
    func nextPage(offset: String, expected: Int?) {
        #expect(item(200, ok("{}", rest: #","offset":\#(offset)"#))?.nextPageOffset == expected)
        #expect(item(200, ok("{}"))?.nextPageOffset == nil)
    }

    @Test("An element that is not an item is omitted, and a list of nothing else is not an answer")
    func noItems() {
        #expect(item(200, ok("7", #"{"a":1}"#, "null"))?.body == #"[{"a":1}]"#)
        for junk in ["7", "null", "[]", #""x""#, "[{}]"] {
            let message = searched(200, ok(junk)).message
            #expect(message?.hasPrefix("unreadable_body: no item for a product") == true)
        }
    }
}
