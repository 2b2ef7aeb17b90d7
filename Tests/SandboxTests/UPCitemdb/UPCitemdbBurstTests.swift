import Testing

@testable import Sandbox

@Suite struct UPCitemdbBurstTests {
    @Test("The plans' bursts are the vendor's")
    func figures() {
        let searches = [Burst(calls: 2, milliseconds: 30_000)]
        #expect(
            UPCitemdbLimits.free.lookupBursts == [
                Burst(calls: 6, milliseconds: 60_000), Burst(calls: 1, milliseconds: 10_000),
            ])
        #expect(UPCitemdbLimits.dev.lookupBursts == [Burst(calls: 15, milliseconds: 30_000)])
        #expect(UPCitemdbLimits.pro.lookupBursts == [Burst(calls: 12, milliseconds: 1000)])
        for plan in UPCitemdbPlan.allCases {
            #expect(UPCitemdbLimits(plan: plan).searchBursts == searches)
        }
    }

    @Test(
        "N calls are admitted in the burst's time, and one more once the first has left",
        arguments: UPCitemdbPlan.allCases, UPCitemdbEndpoint.allCases)
    func edges(plan: UPCitemdbPlan, endpoint: UPCitemdbEndpoint) throws {
        let limits = UPCitemdbLimits(plan: plan)
        for burst in endpoint == .lookup ? limits.lookupBursts : limits.searchBursts {
            for (elapsed, status) in [(burst.milliseconds - 1, 429), (burst.milliseconds, 200)] {
                var model = try UPCitemdbModel.with(plan) {
                    $0.lookupBursts = [burst]
                    $0.searchBursts = [burst]
                }
                for step in 0..<burst.calls {
                    #expect(model.ask(endpoint, at: midnight + Int64(step)).status == 200)
                }
                #expect(model.ask(endpoint, at: midnight + elapsed).status == status)
            }
        }
    }

    @Test("Both of FREE's bursts apply: one lookup in ten seconds, six in a minute")
    func bothBursts() throws {
        var model = UPCitemdbModel()
        for step in 0..<6 {
            #expect(model.lookup(code, at: midnight + Int64(step) * 10 * second).status == 200)
        }
        #expect(model.lookup(code, at: midnight + 59 * second).status == 429)
    }

    @Test("The longest of several exceeded bursts is reported", arguments: [0, 1])
    func lastingBurst(place: Int) throws {
        var model = try UPCitemdbModel.with {
            $0.lookupBursts = [Burst(calls: 1, milliseconds: 10_000)]
            $0.lookupBursts.insert(Burst(calls: 2, milliseconds: 60_000), at: place)
        }
        #expect(model.lookup(code, at: midnight).status == 200)
        #expect(model.lookup(code, at: midnight + 20 * second).status == 200)
        let refusal = model.lookup(code, at: midnight + 29 * second)
        #expect(refusal.limit == 2)
        #expect(refusal.reset == midnight + minute)
    }

    @Test("A refusal blocks until the burst has space; a client that waits as long is served")
    func obedience() {
        var model = UPCitemdbModel()
        #expect(model.lookup(code, at: midnight).status == 200)
        let reply = model.lookup(code, at: midnight + 4 * second)
        #expect(reply.status == 429)
        #expect(
            reply.text == #"{"code":"TOO_FAST","message":"Request exceeds burst rate limit."}"#)
        #expect(reply.reset == midnight + 10 * second)
        #expect(model.lookup(code, at: midnight + 10 * second).status == 200)
        #expect(model.counts.lookup.extendedBlocks == 0)
    }

    @Test(
        "A block ends on a whole second, not before the burst has space",
        arguments: [0, 1, 500, 999])
    func wholeSeconds(offset: Int64) {
        var model = UPCitemdbModel()
        #expect(model.lookup(code, at: midnight + offset).status == 200)
        let end = midnight + (offset == 0 ? 10 : 11) * second
        #expect(model.lookup(code, at: midnight + 5 * second).reset == end)
        #expect(model.awayUntil(path: "/prod/trial/lookup") == end)
    }

    @Test("Every call before a block's end is refused and extends it by a whole period")
    func extending() {
        var model = UPCitemdbModel()
        #expect(model.lookup(code, at: midnight).status == 200)
        #expect(model.lookup(code, at: midnight + 1).reset == midnight + 10 * second)
        var end = midnight + 10 * second
        for extensions in 1...5 {
            let reply = model.lookup(code, at: end - second)
            #expect(reply.code == "TOO_FAST")
            #expect(reply.reset == end + 9 * second)
            #expect(model.counts.lookup.extendedBlocks == extensions)
            end += 9 * second
        }
        #expect(model.lookup(code, at: end - 1).status == 429, "the last millisecond is in it")
        #expect(model.lookup(code, at: end + 10 * second).status == 200)
        #expect(model.counts.lookup.refusedForBurst == 7)
    }

    @Test("A refused call does not count in the burst")
    func refusalsTakeNoRoom() throws {
        var model = try UPCitemdbModel.with {
            $0.lookupBursts = [Burst(calls: 2, milliseconds: 10_000)]
        }
        for moment in [0, 8, 9] as [Int64] {
            _ = model.lookup(code, at: midnight + moment * second)
        }
        #expect(model.lookup(code, at: midnight + 10 * second).status == 200)
        #expect(model.counts.lookup.refusedForBurst == 1)
        #expect(model.counts.lookup.mostInBursts == [2])
    }

    @Test(
        "An admitted call counts in the burst, whatever its answer",
        arguments: ["1", "2000000000008", "2999999999991"])
    func othersTakeRoom(code: String) {
        var model = UPCitemdbModel()
        #expect([400, 404].contains(model.lookup(code, at: midnight).status))
        #expect(model.lookup(code, at: midnight + second).code == "TOO_FAST")
    }

    @Test(
        "A block covers the client or the endpoint alone, as set",
        arguments: [UPCitemdbLimits.BlockCover.client, .endpoint], UPCitemdbEndpoint.allCases)
    func cover(cover: UPCitemdbLimits.BlockCover, endpoint: UPCitemdbEndpoint) throws {
        let other: UPCitemdbEndpoint = endpoint == .lookup ? .search : .lookup
        var model = try UPCitemdbModel.with {
            $0.blockCovers = cover
            $0.searchBursts = $0.lookupBursts
        }
        #expect(model.ask(endpoint, at: midnight).status == 200)
        #expect(model.ask(endpoint, at: midnight).status == 429)
        let path = UPCitemdbPlan.free.path(other)
        #expect(
            model.awayUntil(path: path) == (cover == .client ? midnight + 10 * second : nil))
        let reply = model.ask(other, at: midnight + second)
        #expect(reply.code == (cover == .client ? "TOO_FAST" : "OK"))
        #expect(model.counts[other].extendedBlocks == (cover == .client ? 1 : 0))
        #expect(
            model.ask(endpoint, at: midnight + 10 * second).status
                == (cover == .client ? 429 : 200),
            "the other endpoint's call has made a common block longer")
    }

    @Test("A refusal for the burst is not one for the day")
    func burstBeforeDay() throws {
        var model = try UPCitemdbModel.with { $0.dailyLookups = 1 }
        #expect(model.lookup(code, at: midnight).status == 200)
        #expect(model.lookup(code, at: midnight + second).code == "TOO_FAST")
        #expect(model.lookup(code, at: midnight + 10 * second).code == "EXCEED_LIMIT")
    }
}
