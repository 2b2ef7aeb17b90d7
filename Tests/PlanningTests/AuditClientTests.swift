import Planning
import Testing

/// An audit of a provider that sees one client, and has several pools.
struct AuditClientTests {
    private func codes(
        _ entries: [LedgerEntry], drifts: [Int64: Int] = [:],
        _ endpoints: [Endpoint] = [.lookup, .search]
    ) -> Set<AuditCode> {
        entries.map { entry in
            LedgerRecord(entry: entry, products: 1, driftTokens: drifts[entry.id])
        }.audited(by: endpoints, allowance: nil).codes
    }

    private func call(
        _ id: Int64, _ endpoint: Endpoint, at second: Int,
        _ outcome: LedgerEntry.Outcome = .succeeded,
        left: Int? = nil, pool: String? = nil, retryAt: Int? = nil
    ) -> LedgerEntry {
        .settled(
            id, endpoint, 1, from: .noon.after(second * 1_000),
            to: .noon.after(second * 1_000 + 400), outcome, left: left, pool: pool,
            retryAt: retryAt.map { .noon.after($0 * 1_000) })
    }

    @Test("a window is for both endpoints, each with its own length", arguments: [true, false])
    func sharedWindow(isSearchLast: Bool) {
        let (first, last) = isSearchLast ? (Endpoint.lookup, Endpoint.search) : (.search, .lookup)
        func codes(atMilliseconds start: Int) -> Set<AuditCode> {
            self.codes([
                call(1, first, at: 0),
                .settled(2, last, 1, from: .noon.after(start), to: .noon.after(start + 400)),
            ])
        }
        // The first call ended at 400 ms.
        let free = 400 + (isSearchLast ? 10_001 : 10_051)
        #expect(codes(atMilliseconds: free) == [])
        #expect(codes(atMilliseconds: free - 1) == [.overWindow])
    }

    @Test("a call at one endpoint while one is in progress at the other is found")
    func overlap() {
        let long = LedgerEntry.settled(
            1, .lookup, 1, from: .noon, to: .noon.after(20_000))
        #expect(codes([long, call(2, .search, at: 15)]).contains(.overlappingCalls))
        #expect(codes([long, call(2, .search, at: 31)]) == [])
    }

    @Test("a call before the block of the other endpoint's refusal ends is found")
    func block() {
        let refused = call(1, .search, at: 0, .rateLimited, retryAt: 120)
        #expect(codes([refused, call(2, .lookup, at: 119)]) == [.beforeRetry, .refused])
        #expect(codes([refused, call(2, .lookup, at: 120)]) == [.refused])
    }

    @Test("a refusal counts as charged here, and not at a provider that charges none")
    func charge() {
        var refused = call(1, .search, at: 0, .rateLimited, retryAt: 60)
        #expect(codes([refused]) == [.refused])
        refused.charged = 0
        #expect(codes([refused]) == [.refused, .wrongCharge])
    }

    @Test("each pool has its own balances, and overdrawing one of them is found")
    func pools() {
        let own = call(1, .search, at: 0, left: 0, pool: "search")
        #expect(codes([own, call(2, .lookup, at: 60)]) == [])
        #expect(codes([own, call(2, .search, at: 60)]) == [.overPool])
        let shared = call(1, .lookup, at: 0, left: 1)
        #expect(codes([shared, call(2, .search, at: 60)]) == [])
        #expect(
            codes([shared, call(2, .search, at: 60), call(3, .lookup, at: 120)]) == [.overPool])
    }

    @Test("a pool without a balance in any reply is refilled when the others are")
    func resetOfAnother() {
        // The day ends at 13:00, and the 20 searches before that do not count for the next one.
        func reset(_ day: Int) -> Timestamp { .noon.after(3_600_000) + .day * day }
        var entries: [LedgerEntry] = []
        for number in 0..<22 {
            let start = Timestamp.noon.after(number * 60_000)
            entries.append(
                .settled(
                    Int64(entries.count + 1), number == 0 ? .lookup : .search, 1, from: start,
                    to: start.after(400), left: number == 0 ? 90 : nil, reset: reset(0)))
        }
        #expect(codes(Array(entries.dropLast())) == [])
        #expect(codes(entries) == [.overPool])
        entries.removeLast()
        let later = reset(0).after(60_000)
        entries.append(
            .settled(22, .lookup, 1, from: later, to: later.after(400), left: 99, reset: reset(1)))
        entries.append(
            .settled(23, .search, 1, from: later.after(60_000), to: later.after(60_400)))
        #expect(codes(entries) == [])
    }

    @Test("a drift is checked against the pool that its balance belongs to")
    func drift() {
        let entries = [
            call(1, .search, at: 0, left: 9, pool: "search"), call(2, .lookup, at: 60, left: 80),
            call(3, .search, at: 120, left: 8, pool: "search"),
        ]
        #expect(codes(entries, drifts: [3: 0]) == [])
        #expect(codes(entries, drifts: [3: -2]) == [.wrongDrift])
    }

    @Test("if replies state one reset differently, the last statement holds")
    func resetToldTwice() {
        func balance(_ id: Int64, at second: Int, left: Int, reset: Int) -> LedgerEntry {
            .settled(
                id, .lookup, 1, from: .noon.after(second * 1_000),
                to: .noon.after(second * 1_000 + 400), left: left, reset: .noon.after(reset))
        }
        let first = balance(1, at: 0, left: 1, reset: 3_600_900)
        let last = balance(2, at: 20, left: 0, reset: 3_600_400)
        func codes(atMilliseconds start: Int) -> Set<AuditCode> {
            self.codes(
                [
                    first, last,
                    .settled(3, .lookup, 1, from: .noon.after(start), to: .noon.after(start + 300)),
                ], drifts: [2: 0])
        }
        #expect(codes(atMilliseconds: 3_600_399).contains(.overPool))
        #expect(codes(atMilliseconds: 3_600_400) == [])
    }

    @Test("a refusal or an unknown product that the server did not charge needs no explanation")
    func refund() {
        let entries = [
            call(1, .lookup, at: 0, left: 80), call(2, .search, at: 60, .rateLimited, retryAt: 90),
            call(3, .lookup, at: 120, left: 79),
        ]
        #expect(codes(entries, drifts: [3: 1]) == [.refused, .lostReply])
        #expect(
            codes([entries[0], call(2, .lookup, at: 60, left: 80)], drifts: [2: 1]) == [.lostReply])
    }
}
