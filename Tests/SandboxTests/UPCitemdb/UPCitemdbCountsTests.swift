import Foundation
import Testing

@testable import Sandbox

@Suite struct UPCitemdbCountsTests {
    @Test("The counts have every call by endpoint and status")
    func statuses() throws {
        var model = try UPCitemdbModel.with { $0.dailySearches = 1 }
        _ = model.lookup(code)
        _ = model.lookup(code)
        _ = model.lookup("1", at: midnight + minute)
        _ = model.search("brush", at: midnight + minute)
        _ = model.search("brush", at: midnight + minute)
        let book = model.counts
        #expect(book.lookup.calls == 3)
        #expect(book.lookup.statuses == [200: 1, 429: 1, 400: 1])
        #expect(book.lookup.refusedForBurst == 1)
        #expect(book.lookup.refusedForDay == 0)
        #expect(book.lookup.productsCharged == 1)
        #expect(book.search.calls == 2)
        #expect(book.search.statuses == [200: 1, 429: 1])
        #expect(book.search.refusedForDay == 1)
        #expect(book.search.productsCharged == 1)
        #expect(book.tokensCharged == 2)
    }

    @Test("The maximum in each burst's time is found wherever it is")
    func mostInBursts() throws {
        var model = try UPCitemdbModel.patient(.dev) {
            $0.lookupBursts = [10_000, 1000].map {
                Burst(calls: 99, milliseconds: $0)
            }
        }
        for moment in [0, 9_000, 9_500, 9_999, 10_100, 25_000] as [Int64] {
            #expect(model.lookup(code, at: midnight + moment).status == 200)
        }
        #expect(model.counts.lookup.mostInBursts == [4, 3])
        #expect(model.counts.search.mostInBursts == [])
    }

    @Test("A call is early until the wait of the last refusal ends")
    func early() {
        var model = UPCitemdbModel()
        _ = model.lookup(code)
        _ = model.lookup(code, at: midnight + second)
        #expect(model.counts.lookup.early == 0, "no refusal had given a wait")
        _ = model.search("brush", at: midnight + 2 * second)
        #expect(model.counts.search.early == 1)
        _ = model.lookup(code, at: midnight + 12 * second - 1)
        #expect(model.counts.lookup.early == 1)
        _ = model.lookup(code, at: midnight + 22 * second)
        #expect(model.counts.lookup.early == 1)
    }

    @Test("The end of the shared day blocks both endpoints, that of the searches only them")
    func earlyForTheDay() throws {
        let reset = midnight + 437 * minute
        var model = try UPCitemdbModel.patient { $0.dailyLookups = 0 }
        _ = model.lookup(code)
        for path in ["/prod/trial/lookup", "/prod/trial/search"] {
            #expect(model.awayUntil(path: path) == reset)
        }
        _ = model.search("brush", at: reset - 1)
        #expect(model.counts.search.early == 1)

        var searches = try UPCitemdbModel.patient { $0.dailySearches = 0 }
        _ = searches.search("brush")
        #expect(searches.awayUntil(path: "/prod/trial/search") == reset)
        #expect(searches.awayUntil(path: "/prod/trial/lookup") == nil)
        #expect(searches.awayUntil(path: "/prod/v1/search") == nil)
        #expect(searches.lookup(code).status == 200)
    }

    @Test("Counts read back from JSON are the same")
    func codable() throws {
        var model = try UPCitemdbModel.with(faults: "all")
        for step in 0..<100 {
            _ = model.ask(
                step % 5 == 0 ? .search : .lookup, at: midnight + Int64(step) * 5 * second)
        }
        let data = try JSONEncoder().encode(model.counts)
        #expect(model.counts != UPCitemdbCounts())
        #expect(try JSONDecoder().decode(UPCitemdbCounts.self, from: data) == model.counts)
    }
}
