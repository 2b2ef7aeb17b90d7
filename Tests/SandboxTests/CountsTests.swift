import Foundation
import Testing

@testable import Sandbox

@Suite struct CountsTests {
    @Test("The counts have every call by endpoint and status")
    func statuses() throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        _ = model.ask(.barcodes, asins(7), at: midnight)
        _ = model.ask(.barcodes, asins(7), at: midnight)
        _ = model.ask(.barcodes, [], at: midnight)
        _ = model.ask(.images, asins(3), key: "guess", at: midnight)
        let book = model.counts
        #expect(book.barcodes.calls == 3)
        #expect(book.barcodes.statuses == [200: 1, 429: 1, 400: 1])
        #expect(book.barcodes.refusedForMinute == 1)
        #expect(book.barcodes.productsAsked == 14)
        #expect(book.barcodes.productsCharged == 7)
        #expect(book.barcodes.tokensCharged == 10)
        #expect(book.images.statuses == [401: 1])
        #expect(book.images.productsAsked == 0)
    }

    @Test("The fullest minute is found wherever it is, in the units of the endpoint's limit")
    func fullestMinute() throws {
        var model = ASINScopeModel()
        for (moment, products) in [(0, 5), (50, 40), (70, 50), (109, 7), (110, 1)] {
            let now = midnight + Int64(moment) * second
            #expect(model.ask(.barcodes, asins(products), at: now).status == 200)
        }
        #expect(model.counts.barcodes.mostInAMinute == 97)
        #expect(model.counts.images.mostInAMinute == 0)
    }

    @Test("A call is early until the wait of the last refusal ends")
    func early() throws {
        var model = try ASINScopeModel.with { $0.imagesBurst = 10 }
        _ = model.ask(.images, asins(10), at: midnight)
        #expect(model.counts.images.early == 0)
        _ = model.ask(.images, asins(10), at: midnight)
        _ = model.ask(.images, asins(1), at: midnight + 9_999)
        #expect(model.counts.images.early == 1)
        _ = model.ask(.images, asins(1), at: midnight + 10_000)
        #expect(model.counts.images.early == 1)
        _ = model.ask(.barcodes, asins(1), at: midnight + 10_000)
        #expect(model.counts.barcodes.early == 0)
    }

    @Test("The daily limit blocks both endpoints until the reset")
    func earlyForTheDay() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 10 }
        _ = model.ask(.images, asins(11), at: midnight)
        _ = model.ask(.barcodes, asins(1), at: midnight + day - 1)
        _ = model.ask(.images, asins(1), at: midnight + day)
        #expect(model.counts.barcodes.early == 1)
        #expect(model.counts.images.early == 0)
        #expect(model.counts.images.refusedForDay == 1)
        #expect(model.counts.images.refusedForMinute == 0)
    }

    @Test("Counts read back from JSON are the same")
    func codable() throws {
        var model = try ASINScopeModel.with(faults: "all,rival=500")
        for step in 0..<100 {
            _ = model.ask(.images, asins(step % 7), at: midnight + Int64(step) * second)
        }
        let data = try JSONEncoder().encode(model.counts)
        #expect(model.counts != Counts())
        #expect(try JSONDecoder().decode(Counts.self, from: data) == model.counts)
    }
}
