import Testing

@testable import Sandbox

@Suite struct UPCitemdbSearchTests {
    @Test("A query has as many matches as it says, ten a page, and offsets lead through them")
    func paging() throws {
        for count in 0...45 {
            let pages = try pages("teapot \(count) matches")
            #expect(pages.map(\.items.count).reduce(0, +) == count)
            #expect(pages.dropLast().allSatisfy { $0.items.count == 10 })
            #expect(pages.allSatisfy { $0.total == count })
            #expect(pages.dropLast().map(\.offset) == (1..<max(1, pages.count)).map { $0 * 10 })
            #expect(Set(pages.flatMap(\.items).map(\.ean)).count == count)
        }
    }

    @Test(
        "Only the first 1,000 matches can be reached, and the total includes the others",
        arguments: [(999, 999), (1000, 1000), (1001, 1000), (25_000, 1000)])
    func reach(count: Int, reached: Int) throws {
        let pages = try pages("teapot \(count) matches")
        #expect(pages.allSatisfy { $0.total == count })
        #expect(Set(pages.flatMap(\.items).map(\.ean)).count == reached)
        #expect(pages.count == 100)
        var model = try UPCitemdbModel.patient()
        #expect(model.search("teapot \(count) matches", offset: 1000).code == "NOT_FOUND")
    }

    @Test("A page may begin at any offset")
    func anywhere() throws {
        var model = try UPCitemdbModel.patient()
        let all = try pages("teapot 25 matches").flatMap(\.items)
        let page = try model.search("teapot 25 matches", offset: 7).decoded(as: CatalogPage.self)
        #expect(page.items == Array(all[7..<17]))
        #expect(page.offset == 17)
        let last = try model.search("teapot 25 matches", offset: 24).decoded(as: CatalogPage.self)
        #expect(last.items == [all[24]])
        #expect(last.offset == 0)
        #expect(model.search("teapot 25 matches", offset: 25).status == 404)
    }

    @Test("Words without a number match 1 to 40 items, always the same")
    func ordinary() throws {
        var model = try UPCitemdbModel.patient {
            $0.dailyLookups = 1000
            $0.dailySearches = 1000
        }
        let totals = try (0..<400).map { number in
            try model.search("brush \(number)").decoded(as: CatalogPage.self).total
        }
        #expect(Set(totals) == Set(1...40))
        #expect(model.search("brush").body == model.search(" BRUSH  ").body)
        #expect(model.search("brush").body != model.search("brushes").body)
    }

    @Test(
        "Words that begin with unknown, or that are empty, have no match",
        arguments: ["unknown", "Unknown brush 25 matches", "UNKNOWNS", "brush 0 matches"])
    func nothing(words: String) {
        var model = UPCitemdbModel()
        let reply = model.search(words)
        #expect(reply.status == 404)
        #expect(reply.code == "NOT_FOUND")
    }

    @Test(
        "A search without words, or with a wrong field, is answered INVALID_QUERY",
        arguments: [
            "{}", #"{"s":""}"#, #"{"s":"  "}"#, #"{"s":7}"#, #"{"upc":"885909456017"}"#, "brush",
            #"{"s":"brush","offset":-1}"#, #"{"s":"brush","match_mode":2}"#,
            #"{"s":"brush","type":"film"}"#,
        ])
    func invalid(body: String) {
        var model = UPCitemdbModel()
        let reply = model.post(.search, body)
        #expect(reply.status == 400)
        #expect(reply.code == "INVALID_QUERY")
    }

    @Test("The documented parameters are understood; a type of book finds only books")
    func parameters() throws {
        var model = try UPCitemdbModel.patient()
        for mode in [0, 1] {
            let body = #"{"s":"brush 3 matches","match_mode":\#(mode),"type":"product"}"#
            #expect(model.post(.search, body).body == model.search("brush 3 matches").body)
        }
        let books = try model.post(.search, #"{"s":"brush 3 matches","type":"book"}"#)
            .decoded(as: CatalogPage.self).items
        #expect(books.count == 3)
        #expect(books.allSatisfy { $0.ean.hasPrefix("978") })
    }

    @Test("A lookup knows every item that a search finds")
    func sameCatalogue() throws {
        var model = try UPCitemdbModel.patient()
        let page = try model.search("brush 10 matches").decoded(as: CatalogPage.self)
        for item in page.items {
            let found = try model.lookup(item.ean).decoded(as: CatalogPage.self).items
            #expect(found == [item])
        }
    }

    /// All pages of a query, by the offsets that the replies give.
    private func pages(_ words: String) throws -> [CatalogPage] {
        var model = try UPCitemdbModel.patient {
            $0.dailyLookups = 1000
            $0.dailySearches = 1000
        }
        var pages: [CatalogPage] = []
        var offset = 0
        repeat {
            let reply = model.search(words, offset: offset)
            if reply.code == "NOT_FOUND" { break }
            let page = try reply.decoded(as: CatalogPage.self)
            pages.append(page)
            offset = page.offset
        } while offset > 0 && pages.count < 200
        return pages
    }
}
