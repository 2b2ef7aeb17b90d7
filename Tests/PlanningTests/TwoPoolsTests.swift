import Planning
import Testing

/// An endpoint may draw from several daily pools, and each has to pay.
struct TwoPoolsTests {
    /// A minute later than the last call in a ledger, so that no window limits the call.
    private let now = Timestamp.noon.after(60_000)

    private func decide(
        _ endpoint: Endpoint, _ entries: [LedgerEntry], peers: [PoolPeer] = []
    ) -> Decision<CallPlan> {
        Planner.decide(
            Snapshot(
                endpoint: endpoint, ready: jobs(5), ledger: Ledger(entries), peers: peers),
            at: now)
    }

    /// N calls earlier in the day, without balances.
    private func calls(_ endpoint: Endpoint, _ count: Int, from id: Int64 = 1) -> [LedgerEntry] {
        (0..<count).map {
            .settled(
                id + Int64($0), endpoint, 1, from: .noon.after(-7_200_000 + $0 * 1_000),
                to: .noon.after(-7_199_500 + $0 * 1_000))
        }
    }

    @Test("searches stop at 20, though lookups continue; both stop at 100")
    func inside() {
        #expect(decide(.search, calls(.search, 19)).called != nil)
        #expect(decide(.search, calls(.search, 20)).hold == .dailyPool)
        #expect(decide(.lookup, calls(.search, 20)).called != nil)
        #expect(decide(.lookup, calls(.search, 20) + calls(.lookup, 79, from: 30)).called != nil)
        let all = calls(.search, 20) + calls(.lookup, 80, from: 30)
        #expect(decide(.lookup, all) == .hold(.dailyPool, until: now.nextMidnight))
        #expect(
            decide(.search, calls(.search, 3) + calls(.lookup, 97, from: 30)).hold == .dailyPool)
    }

    @Test(
        "a search's balance belongs to the pool whose allowance it names, and to none if no pool has it"
    )
    func attribution() {
        func settlement(_ endpoint: Endpoint, left: Int, of allowance: Int?) -> Settlement {
            Planner.resolve(
                .succeeded(
                    Answer(
                        items: [:], dailyRemaining: left, resetsIn: .seconds(60),
                        allowance: allowance)),
                of: .open(1, endpoint, 1, from: .noon), jobs: [], endpoint: endpoint,
                ledger: Ledger(), at: .noon.after(400))
        }
        let own = settlement(.search, left: 7, of: 20)
        #expect(own.dailyRemaining == 7 && own.dailyPool == "search")
        let shared = settlement(.search, left: 90, of: 100)
        #expect(shared.dailyRemaining == 90 && shared.dailyPool == nil)
        for allowance in [nil, 40] {
            let unknown = settlement(.search, left: 90, of: allowance)
            #expect(unknown.dailyRemaining == nil && unknown.dailyResetAt == nil)
        }
        for allowance in [nil, 40, 100] {
            let only = settlement(.lookup, left: 90, of: allowance)
            #expect(only.dailyRemaining == 90 && only.dailyPool == nil, "it has one pool only")
        }
    }

    @Test("each pool uses its own balances, and a call counts in the other by its charge")
    func balances() {
        let pools = Endpoint.search.pools
        let ledger = Ledger([
            .settled(
                1, .lookup, 1, from: .noon, to: .noon.after(300), left: 50),
            .settled(
                2, .search, 1, from: .noon.after(11_000), to: .noon.after(11_300), left: 3,
                reset: .noon.after(3_600_000), pool: "search"),
            .settled(
                3, .search, 1, from: .noon.after(22_000), to: .noon.after(22_300), .expired),
        ])
        let shared = pools[0].level(ledger, at: now)
        #expect(shared == DailyPool.Level(tokens: 48, resetsAt: now.nextMidnight))
        let own = pools[1].level(ledger, at: now)
        #expect(own == DailyPool.Level(tokens: 2, resetsAt: .noon.after(3_600_000)))
    }

    @Test("a pool without a balance in any reply is refilled when the others are, at any hour")
    func resetOfAnother() {
        let own = Endpoint.search.pools[1]
        let reset = Timestamp.noon.after(3_600_000)
        func search(_ id: Int64, at start: Timestamp) -> LedgerEntry {
            .settled(id, .search, 1, from: start, to: start.after(300))
        }
        // The day began at 13:00 the day before, so that calls before midnight count.
        let evening = Timestamp.noon.after(-18 * 3_600_000)
        let shared = LedgerEntry.settled(
            3, .lookup, 1, from: .noon.after(-500), to: .noon, left: 80, reset: reset)
        let ledger = Ledger([search(1, at: evening), search(2, at: .noon.after(-60_000)), shared])
        #expect(own.level(ledger, at: now) == DailyPool.Level(tokens: 18, resetsAt: reset))
        #expect(own.horizon(ledger, at: now) <= evening)
        // After the reset, and before a reply predicts the next one, the old day is over.
        let later = reset.after(60_000)
        let next = LedgerEntry.settled(
            4, .lookup, 1, from: later.after(-500), to: later, left: 99, reset: reset + .day)
        #expect(own.level(Ledger(ledger.entries + [next]), at: later.after(1)).tokens == 20)
    }

    @Test("the drift of a balance is calculated with the calls of its own pool alone")
    func drift() {
        let ledger = Ledger([
            .settled(
                1, .search, 1, from: .noon, to: .noon.after(300), left: 9, pool: "search"),
            .settled(2, .lookup, 1, from: .noon.after(11_000), to: .noon.after(11_300), left: 80),
        ])
        func drift(left: Int, of allowance: Int) -> Int? {
            Planner.resolve(
                .succeeded(
                    Answer(
                        items: [:], dailyRemaining: left, resetsIn: .seconds(60),
                        allowance: allowance)),
                of: .open(3, .search, 1, from: .noon.after(22_000)), jobs: [], endpoint: .search,
                ledger: ledger, at: .noon.after(22_300)
            ).driftTokens
        }
        #expect(drift(left: 8, of: 20) == 0)
        #expect(drift(left: 5, of: 20) == -3)
        #expect(drift(left: 79, of: 100) == 0)
    }

    @Test("a day's refusal empties the pool whose allowance it names, or the endpoint's own")
    func refusal() {
        func pool(_ allowance: Int?, _ endpoint: Endpoint = .search) -> String? {
            let settlement = Planner.resolve(
                .rateLimited(.day, hint: .seconds(5_000), allowance: allowance, message: ""),
                of: .open(1, endpoint, 1, from: .noon), jobs: jobs(1), endpoint: endpoint,
                ledger: Ledger(), at: .noon.after(300))
            #expect(settlement.dailyRemaining == 0)
            #expect(settlement.retryAt == .noon.after(5_000_300), "to the second that was named")
            return settlement.dailyPool
        }
        #expect(pool(20) == "search")
        #expect(pool(100) == nil)
        #expect(pool(nil) == "search")
        #expect(pool(nil, .lookup) == nil)
    }

    @Test("lookups reserve for waiting searches the tokens that these may still spend")
    func share() {
        func left(_ calls: Int, searches: Int, spent: Int) -> Decision<CallPlan> {
            decide(
                .lookup,
                self.calls(.lookup, calls) + self.calls(.search, spent, from: 200),
                peers: [PoolPeer(endpoint: .search, waiting: waiting([5: searches]))])
        }
        #expect(left(79, searches: 500, spent: 0).called != nil)
        #expect(left(80, searches: 500, spent: 0).hold == .poolShare)
        #expect(left(84, searches: 500, spent: 15).called == nil, "5 are left of either")
        #expect(left(79, searches: 500, spent: 20).called != nil, "they have none left to spend")
        #expect(left(96, searches: 3, spent: 0).called != nil)
        #expect(left(97, searches: 3, spent: 0).hold == .poolShare)
    }

    @Test("a share that is spent is not reserved for a reset that was stated a second earlier")
    func resetsApart() {
        let reset = Timestamp.noon.after(3_600_000)
        let searches = LedgerEntry.settled(
            1, .search, 1, from: .noon, to: .noon.after(300), left: 0, reset: reset.after(-1_000),
            pool: "search")
        let lookup = LedgerEntry.settled(
            2, .lookup, 1, from: .noon.after(11_000), to: .noon.after(11_300), left: 10,
            reset: reset)
        let peer = PoolPeer(endpoint: .search, waiting: waiting([5: 500]))
        #expect(decide(.lookup, [searches, lookup], peers: [peer]).called != nil)
    }

    @Test("endpoints with a pool each reserve nothing for one another")
    func apart() {
        let pools = [DailyPool(allowanceTokens: 10, endpoint: "lookup")]
        let lookup = Endpoint.lookup.with(pools: pools)
        let peer = PoolPeer(
            endpoint: .search.with(pools: [DailyPool(allowanceTokens: 2, endpoint: "search")]),
            waiting: waiting([5: 50]))
        #expect(decide(lookup, calls(.lookup, 9), peers: [peer]).called != nil)
        #expect(decide(lookup, calls(.lookup, 10), peers: [peer]).hold == .dailyPool)
        #expect(decide(lookup, calls(.search, 40), peers: [peer]).called != nil)
    }

    @Test("a call lost around the reset counts for the new day, however slow a later reply was")
    func lostAroundReset() {
        // Cancelled at the reset: the server may have counted it just after.
        let lost = LedgerEntry.settled(
            1, .search, 1, from: .midnight.after(-10_000), to: .midnight, .failed)
        for delay in [100, 5_000, 10_001, 29_000] {
            // The server stated the time to the next reset when the request came.
            let start = Timestamp.midnight.after(20_000)
            let end = start.after(delay)
            let reply = LedgerEntry.settled(
                2, .lookup, 1, from: start, to: end, left: 98,
                reset: Timestamp.midnight + .day + .milliseconds(delay))
            let day = DailyPool(allowanceTokens: 1, endpoint: "search")
            let level = day.level(Ledger([lost, reply]), at: end.after(5_000))
            #expect(level.tokens == 0, "a reply after \(delay) ms")
        }
    }
}
