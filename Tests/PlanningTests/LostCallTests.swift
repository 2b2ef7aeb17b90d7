import Planning
import Testing

/// A daemon was killed and the next one settles its call at once. The request may still be on the way.
struct LostCallTests {
    /// Left 20 s before noon and settled 10 s before it; its lease of 60 s ends 40 s after it.
    private func lost(
        _ endpoint: Endpoint = .barcodes, _ outcome: LedgerEntry.Outcome = .expired,
        noon: Timestamp = .noon
    ) -> LedgerEntry {
        .settled(1, endpoint, 100, from: noon.after(-20_000), to: noon.after(-10_000), outcome)
    }

    @Test("only a lost call can be counted after its end, and only until its lease ends")
    func countedBy() {
        #expect(lost().leaseUntil == .noon.after(40_000))
        for outcome in LedgerEntry.Outcome.allCases {
            #expect(
                lost(.barcodes, outcome).countedBy
                    == .noon.after(outcome == .expired ? 40_000 : -10_000))
        }
        #expect(LedgerEntry.open(2, .images, 1, from: .noon).countedBy == nil)
        var late = lost()
        late.settledAt = .noon.after(40_001)
        #expect(late.countedBy == late.settledAt)
    }

    @Test("a clock that was set back by an hour before the settlement adds no more than a lease")
    func setBack() {
        var entry = lost()
        entry.settledAt = .noon.after(-3_600_000)
        #expect(entry.countedBy == .noon.after(-3_540_000))
        #expect(
            lost().clamped(to: .noon.after(-60_000)).countedBy == .noon.after(0),
            "a lease from where the settlement was moved to")
    }

    @Test(
        "the window counts it until a period after its lease",
        arguments: [(-10_000, 400), (39_999, 400), (100_000, 400), (100_001, 500)])
    func window(offset: Int, available: Int) {
        #expect(SlidingWindow.barcodes.available([lost()], at: .noon.after(offset)) == available)
        #expect(
            SlidingWindow.barcodes.earliest(for: 500, [lost()], at: .noon)
                == .noon.after(100_001))
        let failed = lost(.barcodes, .failed)
        #expect(SlidingWindow.barcodes.available([failed], at: .noon.after(50_001)) == 500)
    }

    @Test("the bucket refills from its lease's end", arguments: [true, false])
    func bucket(isLost: Bool) {
        let call = LedgerEntry.open(1, .images, 100, from: .noon.after(-20_000))
        let settlement = Planner.resolve(
            isLost ? .expired : .failed(status: nil, message: "timeout"), of: call,
            jobs: jobs(100), endpoint: .images, ledger: Ledger(), at: .noon.after(-10_000))
        #expect(settlement.fullAt == .noon.after((isLost ? 40_000 : -10_000) + 1 + 100_000))
    }

    @Test(
        "a balance that came after its settlement, but before its lease ended, may not include it",
        arguments: [(-5_000, 900), (40_000, 900), (40_001, 1_000)])
    func pool(start: Int, level: Int) {
        let balance = LedgerEntry.settled(
            2, .images, 1, from: .noon.after(start), to: .noon.after(start + 100), left: 1_000)
        let now = Timestamp.noon.after(start + 200)
        #expect(DailyPool.asinscope.level(Ledger([lost(), balance]), at: now).tokens == level)
        let failed = Ledger([lost(.barcodes, .failed), balance])
        #expect(DailyPool.asinscope.level(failed, at: now).tokens == 1_000)
    }

    @Test("a call settled before the reset, with a lease beyond it, may be charged to the new day")
    func acrossReset() {
        let ledger = Ledger([lost(noon: .midnight)])
        #expect(DailyPool.asinscope.level(ledger, at: .midnight.after(1)).tokens == 149_900)
        let early = Ledger([lost(noon: .midnight.after(-40_001))])
        #expect(DailyPool.asinscope.level(early, at: .midnight.after(1)).tokens == 150_000)
    }

    @Test(
        "whether it was counted before the next reply is not known until its lease ends",
        arguments: [
            (39_999, 999, 0), (39_999, 899, 0), (39_999, 898, -1), (40_000, 999, 100),
            (40_000, 899, 0),
        ])
    func drift(start: Int, left: Int, expected: Int) {
        let anchor = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-30_000), to: .noon.after(-29_000), left: 1_000)
        var lost = lost()
        lost.id = 2
        let settlement = Planner.resolve(
            answer(jobs(1), left: left), of: .open(3, .images, 1, from: .noon.after(start)),
            jobs: jobs(1), endpoint: .images, ledger: Ledger([anchor, lost]),
            at: .noon.after(start + 100))
        #expect(settlement.driftTokens == expected)
    }
}
