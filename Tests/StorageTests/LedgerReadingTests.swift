import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// The part of the ledger that is read gives the same results as all of it.
struct LedgerReadingTests {
    private func everyLedger(
        _ medium: Medium, _ check: (Store, RandomLedger, Ledger, Comment) throws -> Void
    ) throws {
        for seed in 1...(medium == .memory ? 120 : 8) as ClosedRange<UInt64> {
            let random = RandomLedger(seed: seed)
            try medium.withStore { (store: Store) throws in
                try random.write(to: store)
                try check(store, random, Ledger(random.entries), "seed \(seed)")
            }
        }
    }

    @Test(
        "pool, window, bucket and open calls are those of the whole ledger",
        arguments: Medium.allCases)
    func levels(_ medium: Medium) throws {
        try everyLedger(medium) { store, random, whole, comment in
            let now = random.now
            let read = try store.look(at: now).ledger
            #expect(try store.look(.barcodes, at: now).ledger == read, comment)
            for endpoint in Endpoint.both {
                let name = endpoint.name
                #expect(
                    endpoint.pools[0].level(read, at: now)
                        == endpoint.pools[0].level(whole, at: now),
                    comment)
                #expect(read.open(at: name) == whole.open(at: name), comment)
                #expect(read.lastSettled(at: name) == whole.lastSettled(at: name), comment)
                #expect(read.fullAt(at: name) == whole.fullAt(at: name), comment)
                for reset in [now.after(1_000), now.nextMidnight] {
                    #expect(
                        endpoint.spendable(from: now, until: reset, ledger: read)
                            == endpoint.spendable(from: now, until: reset, ledger: whole), comment)
                }
            }
        }
    }

    @Test(
        "window entries, the last ten calls, open ones and balances are all there",
        arguments: Medium.allCases)
    func parts(_ medium: Medium) throws {
        try everyLedger(medium) { store, random, whole, comment in
            let now = random.now
            let read = Set(try store.look(at: now).ledger.entries)
            #expect(read.isSubset(of: whole.entries), comment)
            for endpoint in Endpoint.both {
                let calls = whole.calls(at: endpoint.name)
                let balance = calls.filter { $0.dailyRemaining != nil }
                    .max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
                let needed =
                    calls.suffix(10) + [balance].compactMap(\.self)
                    + calls.filter { $0.settledAt.map { $0 > now - .minute } ?? true }
                #expect(read.isSuperset(of: needed), comment)
            }
        }
    }

    @Test("a settlement is the same as with the whole ledger", arguments: Medium.allCases)
    func settlements(_ medium: Medium) throws {
        var settled = 0
        try everyLedger(medium) { store, random, whole, comment in
            for open in whole.entries where open.settledAt == nil {
                let endpoint = Endpoint.both.first { $0.name == open.endpoint }!
                let settlements = [
                    answer([], left: 77, resetsIn: .seconds(60)),
                    .rateLimited(.day, hint: nil, message: ""), .failed(status: 500, message: ""),
                ].map { outcome in
                    { (call: LedgerEntry, ledger: Ledger) in
                        Planner.resolve(
                            outcome, of: call, jobs: [], endpoint: endpoint, ledger: ledger,
                            at: random.now)
                    }
                }
                _ = try store.settle(open.id, at: endpoint, among: Endpoint.both, now: random.now) {
                    call, _, read in
                    for settlement in settlements {
                        #expect(settlement(call, read) == settlement(call, whole), comment)
                    }
                    return settlements[2](call, read)
                }
                settled += 1
                break
            }
        }
        #expect(settled > 2)
    }

    @Test(
        "a lost call is read as long as a window may count it, whatever came after it",
        arguments: Medium.allCases)
    func lost(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            // Its lease ends 59 s after noon, so that a window of a minute may hold it until 119 s.
            try store.complete(asin(1), at: .barcodes, now: .noon.after(-1_000), .expired)
            #expect(try store.cancel(JobSelection(products: [asin(1)]), now: .noon) == 1)
            for number in 2...14 {
                try store.complete(
                    asin(number), at: .barcodes, now: .noon.after(number * 1_000),
                    answer([asin(number)], left: 1_000, resetsIn: .seconds(3_600)))
            }
            let read = try store.look(.barcodes, at: .noon.after(118_000)).ledger
            #expect(read.entries.first?.outcome == .expired)
        }
    }

    @Test("far from everything is read: old calls are not", arguments: Medium.allCases)
    func bounded(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...30 {
                try store.complete(asin(number), now: .noon.after(number * 200_000))
            }
            let now = Timestamp.midnight.after(3_600_000)
            #expect(try store.look(at: now).ledger.entries.map(\.id) == Array(21...30))
        }
    }
}
