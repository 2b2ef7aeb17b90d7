import Planning
import Testing

/// A clock that was set back leaves calls that were settled in the future.
struct ClampTests {
    private let entry = LedgerEntry.settled(
        1, .images, 100, from: .noon.after(3_599_000), to: .noon.after(3_600_000), .rateLimited,
        left: 500, reset: .noon.after(3_700_000), retryAt: .noon.after(3_630_000),
        fullAt: .noon.after(3_650_000))

    @Test(
        "all instants of a call's end move back by as much as the call is in the future",
        arguments: [0, 1, 1_800_000, 3_599_999])
    func moves(now offset: Int) {
        let clamped = entry.clamped(to: .noon.after(offset))
        #expect(clamped.settledAt == .noon.after(offset))
        #expect(clamped.retryAt == .noon.after(offset + 30_000))
        #expect(clamped.fullAt == .noon.after(offset + 50_000))
        #expect(clamped.dailyResetAt == .noon.after(offset + 100_000))
        #expect(clamped.charged == entry.charged && clamped.dailyRemaining == entry.dailyRemaining)
        #expect(clamped.outcome == entry.outcome && clamped.id == entry.id)
    }

    @Test(
        "a call that is over by now, or still open, stays as it is",
        arguments: [3_600_000, 3_600_001, 9_000_000])
    func unmoved(now offset: Int) {
        #expect(entry.clamped(to: .noon.after(offset)) == entry)
        let open = LedgerEntry.open(2, .images, 5, from: .noon.after(9_999_999))
        #expect(open.clamped(to: .noon.after(offset)) == open)
    }

    @Test("missing values stay missing")
    func absent() {
        let plain = LedgerEntry.settled(
            1, .barcodes, 10, from: .noon.after(1_000), to: .noon.after(2_000))
        let clamped = plain.clamped(to: .noon)
        #expect(clamped.retryAt == nil && clamped.fullAt == nil && clamped.dailyResetAt == nil)
    }

    @Test("clamping again to the same instant changes nothing")
    func idempotent() {
        let once = entry.clamped(to: .noon)
        #expect(once.clamped(to: .noon) == once)
        #expect(once.clamped(to: .noon.after(5_000)) == once)
    }

    @Test("a lane waits as long after the clock was set back as it had to before")
    func laneWait() {
        let snapshot = Snapshot(
            endpoint: .images, ready: jobs(5), ledger: Ledger([entry.clamped(to: .noon)]))
        #expect(
            Planner.decide(snapshot, at: .noon) == .hold(.rateLimited, until: .noon.after(30_000)))
        #expect(
            TokenBucket.images.available(fullAt: entry.clamped(to: .noon).fullAt, at: .noon) == 70)
    }

    @Test("a failure after the clock was set back is still subtracted from the pool")
    func poolAfterClamp() {
        let balance = LedgerEntry.settled(
            1, .images, 10, from: .noon.after(3_599_000), to: .noon.after(3_600_000), left: 500,
            reset: .midnight.after(3_600_000)
        ).clamped(to: .noon)
        let failed = LedgerEntry.settled(
            2, .images, 100, from: .noon.after(1_000), to: .noon.after(2_000), .failed)
        let level = DailyPool.asinscope.level(Ledger([balance, failed]), at: .noon.after(3_000))
        #expect(level.tokens == 400)
    }
}
