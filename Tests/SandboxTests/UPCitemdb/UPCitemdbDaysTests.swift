import Testing

@testable import Sandbox

@Suite struct UPCitemdbDaysTests {
    @Test("The plans' days are the vendor's")
    func figures() {
        let days = UPCitemdbPlan.allCases.map { plan in
            let limits = UPCitemdbLimits(plan: plan)
            return [limits.dailyLookups, limits.dailySearches, limits.searchesSpendLookups ? 1 : 0]
        }
        #expect(days == [[100, 20, 1], [20_000, 2_000, 0], [150_000, 20_000, 0]])
    }

    @Test("FREE has 100 calls a day for both endpoints", arguments: 0...20)
    func sharedDay(searches: Int) throws {
        var model = try UPCitemdbModel.patient()
        for _ in 0..<searches { #expect(model.search("brush").status == 200) }
        for _ in searches..<100 { #expect(model.lookup(code).status == 200) }
        for endpoint in UPCitemdbEndpoint.allCases {
            let reply = model.ask(endpoint)
            #expect(reply.status == 429)
            #expect(
                reply.text
                    == #"{"code":"EXCEED_LIMIT","message":"Exceed daily request limits."}"#)
        }
        #expect(model.counts.tokensCharged == 100)
    }

    @Test("Up to 20 of FREE's calls may be searches; lookups then continue")
    func searchesOfTheDay() throws {
        var model = try UPCitemdbModel.patient()
        for _ in 0..<20 { #expect(model.search("brush").status == 200) }
        #expect(model.search("brush").code == "EXCEED_LIMIT")
        for _ in 0..<80 { #expect(model.lookup(code).status == 200) }
        #expect(model.lookup(code).code == "EXCEED_LIMIT")
    }

    @Test("A paid plan's endpoints have a day each", arguments: [UPCitemdbPlan.dev, .pro])
    func separateDays(plan: UPCitemdbPlan) throws {
        var model = try UPCitemdbModel.patient(plan) {
            $0.dailyLookups = 3
            $0.dailySearches = 2
        }
        for _ in 0..<3 { #expect(model.lookup(code).status == 200) }
        #expect(model.lookup(code).code == "EXCEED_LIMIT")
        for _ in 0..<2 { #expect(model.search("brush").status == 200) }
        #expect(model.search("brush").code == "EXCEED_LIMIT")
    }

    @Test("The rest of each day can be requested, and is complete again at the reset")
    func left() throws {
        var model = try UPCitemdbModel.patient { $0.resetMinute = 10 }
        _ = model.lookup(code)
        _ = model.search("brush")
        let reset = midnight + 10 * minute
        #expect(model.tokensLeft(.lookup, atMilliseconds: reset - 1) == 98)
        #expect(model.tokensLeft(.search, atMilliseconds: reset - 1) == 19)
        #expect(model.tokensLeft(.lookup, atMilliseconds: reset) == 100)
        #expect(model.tokensLeft(.search, atMilliseconds: reset) == 20)
    }

    @Test(
        "The day begins at the given minute, and not a millisecond sooner",
        arguments: [0, 1, 437, 1439])
    func reset(resetMinute: Int) throws {
        var model = try UPCitemdbModel.patient {
            $0.dailyLookups = 1
            $0.resetMinute = resetMinute
        }
        let reset = midnight + Int64(resetMinute) * minute
        #expect(model.lookup(code, at: reset - day).status == 200)
        #expect(model.lookup(code, at: reset - 1).code == "EXCEED_LIMIT")
        #expect(model.lookup(code, at: reset).status == 200)
        #expect(model.lookup(code, at: reset + day - 1).code == "EXCEED_LIMIT")
    }

    @Test("By default the day does not begin at midnight", arguments: UPCitemdbPlan.allCases)
    func defaultReset(plan: UPCitemdbPlan) throws {
        var model = try UPCitemdbModel.patient(plan)
        let reset = try #require(model.lookup(code).reset)
        #expect((reset - midnight) % day != 0)
    }

    @Test("A clock that is set back neither begins a day nor ends one")
    func clockSetBack() throws {
        var model = try UPCitemdbModel.patient { $0.resetMinute = 0 }
        #expect(model.lookup(code, at: midnight).remaining == 99)
        #expect(model.lookup(code, at: midnight - 1).remaining == 98)
    }

    @Test(
        "A refused call costs nothing, or one of the day if set so",
        arguments: [false, true],
        [
            (#"{"upc":"1"}"#, 400), ("{}", 400), (#"{"upc":"2000000000008"}"#, 404),
        ])
    func refusals(charged: Bool, row: (body: String, status: Int)) throws {
        var model = try UPCitemdbModel.patient { $0.chargesRefusals = charged }
        #expect(model.post(.lookup, row.body).status == row.status)
        #expect(model.counts.lookup.tokensCharged == (charged ? 1 : 0))
        #expect(model.lookup(code).remaining == (charged ? 98 : 99))
    }

    @Test("TOO_FAST costs nothing, or one of the day if set so", arguments: [false, true])
    func tooFast(charged: Bool) throws {
        var model = try UPCitemdbModel.with { $0.chargesRefusals = charged }
        for moment in [0, 1, 2] as [Int64] { _ = model.lookup(code, at: midnight + moment) }
        #expect(model.tokensLeft(.lookup, atMilliseconds: midnight) == (charged ? 97 : 99))
    }

    @Test("A search beyond the 20 costs one of the 100 if refusals cost", arguments: [false, true])
    func searchBeyondItsDay(charged: Bool) throws {
        var model = try UPCitemdbModel.patient { $0.chargesRefusals = charged }
        for _ in 0..<25 { _ = model.search("brush") }
        #expect(model.tokensLeft(.search, atMilliseconds: midnight) == 0)
        #expect(model.tokensLeft(.lookup, atMilliseconds: midnight) == (charged ? 75 : 80))
        for _ in 0..<100 { _ = model.lookup(code) }
        #expect(model.counts.tokensCharged == 100, "a day that is over has nothing to take")
    }
}
