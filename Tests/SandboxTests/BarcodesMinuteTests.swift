import Testing

@testable import Sandbox

@Suite struct BarcodesMinuteTests {
    @Test("The page's example holds: 10 required, 0 available, 36 seconds to go")
    func documentedHint() {
        var model = ASINScopeModel()
        for call in 0..<5 {
            #expect(model.ask(.barcodes, asins(100, from: call * 100), at: midnight).status == 200)
        }
        let reply = model.ask(.barcodes, asins(10), at: midnight + 24 * second)
        #expect(
            reply.text
                == #"{"statusCode":429,"error":"Too Many Requests","message":"Not enough capacity. "#
                + #"Required: 10 products, Available: 0 products. Try again in 36 seconds"}"#)
    }

    @Test(
        "A product leaves the window after exactly 60 seconds",
        arguments: [(59_999, 429), (60_000, 200), (60_001, 200)] as [(Int64, Int)])
    func windowEdge(elapsed: Int64, status: Int) throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        #expect(model.ask(.barcodes, asins(10), at: midnight).status == 200)
        #expect(model.ask(.barcodes, asins(1), at: midnight + elapsed).status == status)
    }

    @Test("A call that is about to leave the window still counts together with a new one")
    func lastMillisecond() throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        #expect(model.ask(.barcodes, asins(4), at: midnight).status == 200)
        #expect(model.ask(.barcodes, asins(1), at: midnight + 59_999).status == 200)
        #expect(model.ask(.barcodes, asins(6), at: midnight + 59_999).status == 429)
        #expect(model.ask(.barcodes, asins(6), at: midnight + 60_000).status == 200)
    }

    @Test("The cap itself is allowed, one product more is not")
    func cap() throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        #expect(model.ask(.barcodes, asins(4), at: midnight).status == 200)
        #expect(model.ask(.barcodes, asins(7), at: midnight + 1).status == 429)
        #expect(model.ask(.barcodes, asins(6), at: midnight + 2).status == 200)
    }

    @Test(
        "The hint is the time until enough has left, rounded up to seconds",
        arguments: [
            (1, 20_001, 5, 40), (1, 20_000, 5, 40), (1, 19_999, 5, 41), (5, 20_001, 5, 40),
            (6, 20_001, 5, 50), (10, 20_001, 5, 50), (30, 20_001, 5, 60),
        ] as [(Int, Int64, Int, Int)])
    func hint(required: Int, elapsed: Int64, parts: Int, seconds: Int) throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        #expect(model.ask(.barcodes, asins(parts), at: midnight).status == 200)
        #expect(model.ask(.barcodes, asins(10 - parts), at: midnight + 10 * second).status == 200)
        let reply = model.ask(.barcodes, asins(required), at: midnight + elapsed)
        #expect(
            reply.message
                == "Not enough capacity. Required: \(required) products, Available: 0 products. "
                + "Try again in \(seconds) seconds")
    }

    @Test("A client that obeys the hint is served")
    func obedience() throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        #expect(model.ask(.barcodes, asins(10), at: midnight).status == 200)
        let refusal = model.ask(.barcodes, asins(10), at: midnight + 24 * second)
        #expect(refusal.message?.hasSuffix("Try again in 36 seconds") == true)
        #expect(model.ask(.barcodes, asins(10), at: midnight + 60 * second).status == 200)
    }

    @Test("A refusal leaves the window as it was")
    func refusalIsFree() throws {
        var model = try ASINScopeModel.with { $0.barcodesPerMinute = 10 }
        #expect(model.ask(.barcodes, asins(10), at: midnight).status == 200)
        for moment in 1...59 {
            let now = midnight + Int64(moment) * second
            #expect(model.ask(.barcodes, asins(1), at: now).status == 429)
        }
        let reply = model.ask(.barcodes, asins(10), at: midnight + 60 * second)
        #expect(reply.dailyTokensLeft == 150_000 - 20)
    }

    @Test(
        "The window counts products, or tens if set so",
        arguments: [(Limits.WindowUnit.products, 200), (.tens, 429)])
    func unit(unit: Limits.WindowUnit, status: Int) throws {
        var model = try ASINScopeModel.with {
            $0.barcodesPerMinute = 20
            $0.barcodesWindowUnit = unit
        }
        #expect(model.ask(.barcodes, asins(11), at: midnight).status == 200)
        #expect(model.ask(.barcodes, asins(9), at: midnight).status == status)
    }
}
