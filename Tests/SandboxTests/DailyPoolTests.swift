import Testing

@testable import Sandbox

@Suite struct DailyPoolTests {
    @Test("The page's example holds: 320 minutes before midnight")
    func documentedHint() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 100 }
        #expect(model.ask(.images, asins(100), at: midnight).status == 200)
        let reply = model.ask(.images, asins(1), at: midnight + day - 320 * minute)
        #expect(
            reply.text
                == #"{"statusCode":429,"error":"Too Many Requests","#
                + #""message":"Daily limit reached. Please try again in 320 minutes"}"#)
    }

    @Test(
        "The hint is in minutes, rounded up",
        arguments: [(day, 1440), (60_001, 2), (60_000, 1), (1, 1)] as [(Int64, Int)])
    func rounding(left: Int64, minutes: Int) throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 1 }
        #expect(model.ask(.images, asins(1), at: midnight).status == 200)
        let reply = model.ask(.images, asins(1), at: midnight + day - left)
        #expect(reply.message == "Daily limit reached. Please try again in \(minutes) minutes")
    }

    @Test("Both endpoints draw from one pool")
    func shared() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 25 }
        #expect(model.ask(.images, asins(5), at: midnight).dailyTokensLeft == 20)
        #expect(model.ask(.barcodes, asins(11), at: midnight).dailyTokensLeft == 0)
        #expect(model.ask(.images, asins(1), at: midnight).status == 429)
        #expect(model.ask(.barcodes, asins(1), at: midnight).status == 429)
        #expect(model.counts.tokensCharged == 25)
    }

    @Test("A call that costs more than the rest is refused, a smaller one is served")
    func partOfACall() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 9 }
        #expect(
            model.ask(.barcodes, asins(1), at: midnight).message?.hasPrefix("Daily limit") == true)
        #expect(model.ask(.images, asins(10), at: midnight).status == 429)
        #expect(model.ask(.images, asins(9), at: midnight).dailyTokensLeft == 0)
    }

    @Test("The day is checked before the minute")
    func dayFirst() throws {
        var model = try ASINScopeModel.with {
            $0.dailyTokens = 10
            $0.imagesBurst = 10
        }
        #expect(model.ask(.images, asins(10), at: midnight).status == 200)
        #expect(model.ask(.images, asins(1), at: midnight).message?.hasPrefix("Daily") == true)
    }

    @Test("The pool is full again at 00:00 UTC and not a millisecond sooner")
    func rollover() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 10 }
        #expect(model.ask(.images, asins(10), at: midnight + 1).status == 200)
        #expect(model.ask(.images, asins(1), at: midnight + day - 1).status == 429)
        let reply = model.ask(.images, asins(1), at: midnight + day)
        let balance = try reply.decoded(as: Balance.self)
        #expect(balance.dailyTokensLeft == 9)
        #expect(balance.msBeforeNextDailyToken == day)
    }

    @Test("A day without calls is skipped")
    func idleDays() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 10 }
        #expect(model.ask(.images, asins(10), at: midnight).status == 200)
        #expect(model.ask(.images, asins(4), at: midnight + 5 * day + 3).dailyTokensLeft == 6)
    }

    @Test("A clock that is set back neither refills the pool nor empties it")
    func clockSetBack() throws {
        var model = try ASINScopeModel.with { $0.dailyTokens = 10 }
        #expect(model.ask(.images, asins(4), at: midnight).dailyTokensLeft == 6)
        #expect(model.ask(.images, asins(4), at: midnight - 1).dailyTokensLeft == 2)
    }

    @Test("Refused calls cost nothing, or their price if set so", arguments: [false, true])
    func refusals(charged: Bool) throws {
        var model = try ASINScopeModel.with {
            $0.dailyTokens = 100
            $0.barcodesPerMinute = 10
            $0.chargesRefusals = charged
        }
        #expect(model.ask(.barcodes, asins(10), at: midnight).dailyTokensLeft == 90)
        #expect(model.ask(.barcodes, asins(11), at: midnight).status == 429)
        #expect(model.ask(.barcodes, ["b0"], at: midnight).status == 400)
        #expect(model.ask(.barcodes, asins(1), key: "guess", at: midnight).status == 401)
        let balance = model.ask(.images, asins(1), at: midnight).dailyTokensLeft
        #expect(balance == (charged ? 59 : 89))
        #expect(model.counts.tokensCharged == (charged ? 41 : 11))
    }

    @Test("A server error costs nothing even if refusals cost their price")
    func serverError() throws {
        var model = try ASINScopeModel.with(faults: "poison=B0086FFHLS") {
            $0.chargesRefusals = true
        }
        #expect(model.ask(.images, ["B0086FFHLS"], at: midnight).status == 500)
        #expect(model.counts.tokensCharged == 0)
    }

    @Test("A refused call that costs more than the rest empties the pool and no more")
    func refusalBeyondThePool() throws {
        var model = try ASINScopeModel.with {
            $0.dailyTokens = 15
            $0.chargesRefusals = true
        }
        #expect(model.ask(.barcodes, asins(11), at: midnight).status == 429)
        #expect(model.counts.tokensCharged == 15)
        #expect(model.ask(.images, asins(1), at: midnight).status == 429)
    }
}
