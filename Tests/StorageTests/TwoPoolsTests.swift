import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// An endpoint that draws from a pool of its own and from one that it shares.
struct TwoPoolsTests {
    /// Both pools' resets, far from midnight: the vendor does not publish their time.
    private static let reset = Timestamp.midnight.after(36_000_000)

    /// A call at `endpoint` that leaves a balance in the pool with that day's `allowance`.
    private func call(
        _ store: Store, at endpoint: Endpoint, _ minute: Int, left: Int, of allowance: Int
    ) throws {
        let now = Timestamp.midnight.after(minute * 60_000 - 7_200_000)
        let product = endpoint == .search ? "query \(minute)" : code(minute)
        try store.complete(
            product, at: endpoint, now: now,
            .succeeded(
                Answer(
                    items: [:], dailyRemaining: left, resetsIn: Self.reset - now,
                    allowance: allowance)))
    }

    @Test(
        "Each pool is calculated from its own balance, however old it is",
        arguments: Medium.allCases)
    func levels(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try call(store, at: .search, 1, left: 17, of: 20)
            for minute in 2...30 {
                try call(store, at: .search, minute, left: 99 - minute, of: 100)
            }
            try call(store, at: .lookup, 31, left: 68, of: 100)
            #expect(
                try store.rows(
                    "SELECT endpoint, daily_pool FROM ledger GROUP BY 1, 2 ORDER BY min(id)")
                    == ["search|search", "search|-", "lookup|-"])
            let now = Timestamp.midnight.after(1_800_000)
            let read = try store.look(.search, among: Endpoint.codes, at: now).ledger
            var lines: [LedgerEntry] = []
            try store.ledger(limit: nil, since: nil) { lines.append($0.entry) }
            for pool in Endpoint.search.pools {
                #expect(pool.level(read, at: now) == pool.level(Ledger(lines), at: now))
            }
            // 29 searches since the one balance, none since the other.
            #expect(Endpoint.search.pools.map { $0.level(read, at: now).tokens } == [68, -12])
        }
    }
}
