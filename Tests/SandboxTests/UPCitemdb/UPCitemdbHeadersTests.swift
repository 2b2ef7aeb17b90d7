import Testing

@testable import Sandbox

@Suite struct UPCitemdbHeadersTests {
    private static let dayNames = [
        "Content-Type", "Date", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
    ]

    @Test("Every reply has the headers of the limit and the server's time")
    func everyReply() throws {
        var free = UPCitemdbModel()
        var paid = UPCitemdbModel(limits: .dev)
        var replies = [
            free.lookup(code), free.lookup(code), free.search("unknown"), free.search(""),
            free.lookup("1", at: midnight + minute), paid.post(.lookup, "{}", headers: [:]),
            free.handle(
                SandboxRequest(path: "/prod/trial/look", body: []), atMilliseconds: midnight),
        ]
        for fault in ["errors=1", "html=1", "busy=1"] {
            var model = try UPCitemdbModel.with(faults: fault, seed: 3)
            replies.append(model.lookup(code))
        }
        for reply in replies {
            #expect(reply.headers.keys.sorted() == Self.dayNames, "\(reply.text)")
            #expect(reply.limit != nil && reply.remaining != nil && reply.reset != nil)
        }
    }

    @Test("The date is the server's time")
    func date() {
        var model = UPCitemdbModel()
        #expect(model.lookup(code).headers["Date"] == "Fri, 01 May 2026 00:00:00 GMT")
        #expect(
            model.lookup(code, at: midnight + day - 1).headers["Date"]
                == "Fri, 01 May 2026 23:59:59 GMT")
        #expect(
            model.lookup(code, at: midnight).headers["Date"] == "Fri, 01 May 2026 23:59:59 GMT",
            "it never runs backwards")
    }

    @Test(
        "A reply's headers are about its endpoint's day, after the call",
        arguments: UPCitemdbPlan.allCases)
    func ofTheDay(plan: UPCitemdbPlan) throws {
        var model = try UPCitemdbModel.patient(plan)
        let limits = UPCitemdbLimits(plan: plan)
        let lookup = model.lookup(code)
        #expect(lookup.limit == limits.dailyLookups)
        #expect(lookup.remaining == limits.dailyLookups - 1)
        #expect(lookup.reset == midnight + 437 * minute)
        let search = model.search("brush")
        #expect(search.limit == limits.dailySearches)
        #expect(search.remaining == limits.dailySearches - 1)
        #expect(search.reset == midnight + 437 * minute)
    }

    @Test(
        "A search on FREE reports the shared day if set so, on other plans always its own",
        arguments: UPCitemdbPlan.allCases)
    func ofTheSharedDay(plan: UPCitemdbPlan) throws {
        var model = try UPCitemdbModel.patient(plan) { $0.searchHeaders = .sharedPool }
        _ = model.lookup(code)
        let limits = UPCitemdbLimits(plan: plan)
        let reply = model.search("brush")
        #expect(reply.limit == (plan == .free ? 100 : limits.dailySearches))
        #expect(reply.remaining == (plan == .free ? 98 : limits.dailySearches - 1))
    }

    @Test("After TOO_FAST the headers are about the burst and the block, not about the day")
    func ofTheBurst() {
        var model = UPCitemdbModel()
        _ = model.lookup(code)
        let first = model.lookup(code, at: midnight + second)
        #expect(first.limit == 1 && first.remaining == 0)
        #expect(first.reset == midnight + 10 * second)
        let second = model.lookup(code, at: midnight + 2000)
        #expect(second.limit == 1 && second.remaining == 0)
        #expect(second.reset == midnight + 12_000)
        #expect(model.lookup(code, at: midnight + 12_000).remaining == 98)
    }

    @Test(
        "FREE says at the day's end how many seconds to wait, rounded up",
        arguments: [(day, 86_400), (1001, 2), (1000, 1), (1, 1)] as [(Int64, Int)])
    func retryAfter(left: Int64, seconds: Int) throws {
        var model = try UPCitemdbModel.patient { $0.resetMinute = 0 }
        for _ in 0..<20 { #expect(model.search("brush").headers["Retry-After"] == nil) }
        let reply = model.search("brush", at: midnight + day - left)
        #expect(reply.code == "EXCEED_LIMIT")
        #expect(reply.headers["Retry-After"] == String(seconds))
        #expect(reply.limit == 20 && reply.remaining == 0)
        #expect(reply.reset == midnight + day)
    }

    @Test("No other refusal has Retry-After", arguments: UPCitemdbPlan.allCases)
    func noRetryAfter(plan: UPCitemdbPlan) throws {
        var model = try UPCitemdbModel.with(plan) {
            $0.dailySearches = 0
            $0.lookupBursts = [Burst(calls: 1, milliseconds: 1000)]
        }
        _ = model.lookup(code)
        #expect(model.lookup(code).headers["Retry-After"] == nil)
        let day = model.search("brush", at: midnight + second)
        #expect(day.code == "EXCEED_LIMIT")
        #expect((day.headers["Retry-After"] != nil) == (plan == .free))
    }
}
