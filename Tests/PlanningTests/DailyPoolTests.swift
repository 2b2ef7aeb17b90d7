import Planning
import Testing

struct DailyPoolTests {
    let pool = DailyPool.asinscope

    private func tokens(_ entries: LedgerEntry..., at now: Timestamp = .noon) -> Int {
        pool.level(Ledger(entries), at: now).tokens
    }

    @Test(
        "before any balance is known, the level is the allowance less the day's charges and open calls"
    )
    func noBalance() {
        let today = LedgerEntry.settled(
            1, .images, 40, from: .noon.after(-9_000), to: .noon.after(-8_000), .failed)
        let yesterday = LedgerEntry.settled(
            2, .images, 50, from: .noon - .day, to: .noon - .day + .seconds(1), .failed)
        let open = LedgerEntry.open(3, .barcodes, 30, from: .noon)
        let openSinceYesterday = LedgerEntry.open(4, .images, 5, from: .noon - .day)
        #expect(tokens() == 150_000)
        #expect(tokens(today) == 149_960)
        #expect(tokens(today, yesterday) == 149_960)
        #expect(tokens(today, yesterday, open) == 149_930)
        #expect(tokens(today, yesterday, open, openSinceYesterday) == 149_925)
        #expect(pool.level(Ledger(), at: .noon).resetsAt == .midnight)
    }

    @Test(
        "the server's last balance takes precedence over our calculation, whatever was charged before it"
    )
    func lastBalance() {
        let before = LedgerEntry.settled(
            1, .images, 100, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 149_900)
        let last = LedgerEntry.settled(
            2, .images, 2, from: .noon.after(-7_000), to: .noon.after(-6_000), left: 998)
        let failed = LedgerEntry.settled(
            3, .images, 100, from: .noon.after(-5_000), to: .noon.after(-4_000), .failed)
        let open = LedgerEntry.open(4, .barcodes, 30, from: .noon)
        #expect(tokens(before) == 149_900)
        #expect(tokens(before, last) == 998)
        #expect(tokens(before, last, failed) == 898)
        #expect(tokens(before, last, failed, open) == 868)
    }

    @Test(
        "calls that end and begin in the same millisecond may have overlapped",
        arguments: [(-1, 1), (0, 0), (1, 0)])
    func sameMillisecond(end: Int, left: Int) {
        let counted = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-9_000), to: .noon.after(end), left: 0)
        let before = LedgerEntry.settled(
            2, .barcodes, 20, from: .noon, to: .noon.after(2), left: 1)
        #expect(tokens(counted, before, at: .noon.after(2)) == left)
    }

    @Test(
        "a call without a reply that ends as another begins may not be in the balance yet",
        arguments: [(-1, 50), (0, 20), (1, 20)])
    func lostInTheSameMillisecond(end: Int, left: Int) {
        let lost = LedgerEntry.settled(
            1, .images, 30, from: .noon.after(-9_000), to: .noon.after(end), .failed)
        let balance = LedgerEntry.settled(
            2, .barcodes, 20, from: .noon, to: .noon.after(2), left: 50)
        #expect(tokens(lost, balance, at: .noon.after(2)) == left)
    }

    @Test("a balance above an older one takes precedence too: the server may give tokens back")
    func risenBalance() {
        let low = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 10)
        let high = LedgerEntry.settled(
            2, .images, 1, from: .noon.after(-7_000), to: .noon.after(-6_000), left: 5_000)
        #expect(tokens(low, high) == 5_000)
    }

    @Test(
        "a refused call costs the pool nothing",
        arguments: [LedgerEntry.Outcome.rateLimited, .rejected, .unauthorized])
    func refused(outcome: LedgerEntry.Outcome) {
        let balance = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 700)
        var refused = LedgerEntry.settled(2, .barcodes, 0, from: .noon, to: .noon, outcome)
        refused.reserved = 100
        #expect(tokens(balance, refused) == 700)
    }

    @Test(
        "the pool resets when the reply predicted it, and not a millisecond sooner",
        arguments: [(-1, 3), (0, 150_000), (1, 150_000)])
    func foretold(offset: Int, left: Int) {
        let reset = Timestamp.noon.after(5_000)
        let call = LedgerEntry.settled(
            1, .images, 7, from: .noon.after(-2_000), to: .noon.after(-1_000), left: 3,
            reset: reset)
        #expect(tokens(call, at: reset.after(offset)) == left)
        let level = pool.level(Ledger([call]), at: reset.after(offset))
        #expect(level.resetsAt == (offset < 0 ? reset : .midnight))
    }

    @Test("charges after a predicted reset count for the new day, earlier ones do not")
    func afterForetoldReset() {
        let reset = Timestamp.noon.after(-3_000)
        let balance = LedgerEntry.settled(
            1, .images, 7, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 3,
            reset: reset)
        let before = LedgerEntry.settled(
            2, .images, 20, from: .noon.after(-7_000), to: .noon.after(-4_001), .failed)
        let after = LedgerEntry.settled(
            3, .images, 30, from: .noon.after(-3_000), to: .noon.after(-2_500), .failed)
        #expect(tokens(balance, before, after) == 149_970)
    }

    @Test("an overdrawn pool is below zero, and pays for nothing")
    func overdrawn() {
        let balance = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 20)
        let open = LedgerEntry.open(2, .barcodes, 30, from: .noon)
        #expect(tokens(balance, open) == -10)
        let snapshot = Snapshot(
            endpoint: .images, ready: jobs(1), ledger: Ledger([balance, open]))
        #expect(
            Planner.decide(snapshot, at: .noon) == .hold(.dailyPool, until: .midnight))
    }

    @Test("the horizon is the start of the last balance's call, otherwise the day's beginning")
    func horizon() {
        let lapsed = LedgerEntry.settled(
            1, .images, 1, from: .noon - .day, to: .noon - .day + .seconds(1), left: 20)
        let early = LedgerEntry.settled(
            2, .barcodes, 10, from: .noon.after(-9_000), to: .noon.after(-2_000), left: 20)
        let late = LedgerEntry.settled(
            3, .images, 1, from: .noon.after(-4_000), to: .noon.after(-3_000), left: 30)
        #expect(DailyPool.asinscope.horizon(Ledger(), at: .noon) == .noon.startOfDay)
        #expect(DailyPool.asinscope.horizon(Ledger([lapsed]), at: .noon) == .noon.startOfDay)
        #expect(DailyPool.asinscope.horizon(Ledger([lapsed, late]), at: .noon) == late.startedAt)
        #expect(DailyPool.asinscope.horizon(Ledger([early, late]), at: .noon) == early.startedAt)
    }
}
