import Planning
import Testing

/// The order of balances, and the unknown parts of it.
struct AuditPoolTests {
    /// Two endpoints with a tariff of tens, and no limit but the pool.
    private static let here = Endpoint.barcodes.with(limits: [])
    private static let there: Endpoint = {
        var endpoint = here
        endpoint.name = "there"
        return endpoint
    }()

    /// A call from one millisecond after noon to another.
    private func call(
        _ id: Int64, _ endpoint: Endpoint, _ tokens: Int, _ start: Int, _ end: Int,
        left: Int? = nil
    ) -> LedgerRecord {
        LedgerRecord(
            entry: .settled(
                id, endpoint, tokens, from: .noon.after(start), to: .noon.after(end), left: left,
                reset: .midnight), products: tokens)
    }

    private func isOver(_ records: [LedgerRecord], allowance: Int = 150_000) -> Bool {
        records.audited(by: [Self.here, Self.there], allowance: allowance).codes
            .contains(.overPool)
    }

    @Test(
        "a settlement may be written after a call that its instant puts behind it, within a lease")
    func lateSettlement() {
        let before = call(1, Self.here, 10, 0, 1_000, left: 1_000)
        let low = call(2, Self.there, 10, 2_000, 10_000, left: 20)
        #expect(!isOver([before, low, call(3, Self.here, 100, 10_005, 10_500)]))
        #expect(!isOver([before, low, call(3, Self.here, 100, 69_999, 70_500)]))
        #expect(isOver([before, low, call(3, Self.here, 100, 70_000, 70_500)]))
        // Its endpoint's next call shows that it was written earlier.
        #expect(
            isOver([
                before, low, call(3, Self.there, 10, 10_003, 19_000),
                call(4, Self.here, 100, 10_005, 10_500),
            ]))
    }

    @Test("of overlapping balances the lowest counts, whichever came last")
    func lowest() {
        for (tokens, isFound) in [(40, false), (50, true)] {
            let records = [
                call(1, Self.here, 10, 0, 20_000, left: 100),
                call(2, Self.there, 10, 1_000, 2_000, left: 50),
                call(3, Self.there, 10, 20_500, 29_000), call(4, Self.here, tokens, 21_000, 22_000),
            ]
            #expect(isOver(records) == isFound, "\(tokens)")
        }
    }

    @Test("balances whose instants were moved back have lost their order")
    func moved() {
        let last = call(3, Self.here, 100, 101_000, 102_000)
        #expect(
            !isOver([
                call(1, Self.here, 10, 100_000, 50_000, left: 109),
                call(2, Self.there, 10, 100_000, 50_000, left: 2), last,
            ]))
        #expect(
            isOver([
                call(1, Self.here, 10, 40_000, 50_000, left: 109),
                call(2, Self.there, 10, 40_000, 50_000, left: 2), last,
            ]))
    }

    @Test("a clock that is set back over midnight restores a balance that had lapsed")
    func overMidnight() {
        let hour = 3_600_000
        let records = [
            call(1, Self.here, 10, 10 * hour, 10 * hour + 100, left: 5_000),
            call(2, Self.here, 10, 13 * hour, 11 * hour),
            call(3, Self.here, 10, 14 * hour, 11 * hour),
            call(4, Self.here, 100, 11 * hour + 5_000, 11 * hour + 6_000),
        ]
        #expect(
            !records.audited(by: [Self.here, Self.there], allowance: 50).findings
                .contains { $0.callID == 4 && $0.code == .overPool })
    }

    /// The first call's end came after the second one's, and the clock was set back in between.
    @Test("a call in progress when the clock was set back may have brought the last balance")
    func underWay() {
        #expect(
            !isOver([
                call(1, Self.here, 10, 80_000, 60_000, left: 800),
                call(2, Self.there, 10, 50_000, 55_000, left: 0),
                call(3, Self.here, 10, 81_000, 82_000),
            ]))
    }

    @Test("if the earlier entries are pruned, the day's first balance may be among them")
    func prunedBefore() {
        #expect(isOver([call(1, Self.here, 100, 0, 500)], allowance: 50))
        #expect(!isOver([call(5, Self.here, 100, 0, 500)], allowance: 50))
    }

    @Test("a bucket that is full after a refusal is full in the very millisecond of its end")
    func fullBucket() {
        let images = Endpoint.images.with(limits: [
            .tokenBucket(TokenBucket(capacityTokens: 100, tokensPerMinute: 60))
        ])
        var refused = LedgerRecord(
            entry: .settled(
                1, images, 0, from: .noon.after(-9), to: .noon, .rejected, fullAt: .noon),
            products: 1)
        for (start, spent) in [(0, 100), (0, 101)] {
            let next = LedgerEntry.settled(
                2, images, spent, from: .noon.after(start), to: .noon.after(200),
                fullAt: .noon.after(200_000))
            refused.entry.reserved = 1
            let codes = [refused, LedgerRecord(entry: next, products: spent)].audited(by: [images])
                .codes
            #expect(codes.contains(.overBucket) == (spent > 100))
        }
    }
}
