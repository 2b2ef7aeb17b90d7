import Planning
import Testing

/// The pool around its reset.
struct DailyPoolMidnightTests {
    private func resolve(
        _ outcome: CallOutcome, startedAt start: Timestamp, at end: Timestamp,
        _ ledger: Ledger = Ledger()
    ) -> (settlement: Settlement, ledger: Ledger) {
        let call = LedgerEntry.open(9, .images, 7, from: start)
        let settlement = Planner.resolve(
            outcome, of: call, jobs: jobs(7), endpoint: .images, ledger: ledger, at: end)
        return (settlement, Ledger(ledger.entries + [call.settled(as: settlement, at: end)]))
    }

    @Test(
        "a call counted before midnight and answered after it holds its balance for its transit only"
    )
    func countedBefore() {
        let end = Timestamp.midnight.after(1_000)
        let (settlement, ledger) = resolve(
            answer(jobs(7), left: 3, resetsIn: .milliseconds(500)),
            startedAt: .midnight.after(-2_000), at: end)
        #expect(settlement.dailyResetAt == end.after(500))
        #expect(DailyPool.asinscope.level(ledger, at: end).tokens == 3)
        let newDay = DailyPool.asinscope.level(ledger, at: end.after(500)).tokens
        #expect((149_993...150_000).contains(newDay))
    }

    @Test("a call counted after midnight brings the new day's balance")
    func countedAfter() {
        let old = LedgerEntry.settled(
            1, .barcodes, 10, from: .midnight.after(-9_000), to: .midnight.after(-8_000), left: 4)
        let end = Timestamp.midnight.after(1_000)
        let (settlement, ledger) = resolve(
            answer(jobs(7), left: 149_993, resetsIn: .day - .milliseconds(900)),
            startedAt: .midnight.after(-2_000), at: end, Ledger([old]))
        #expect(settlement.driftTokens == nil, "nothing is expected across a reset")
        #expect(DailyPool.asinscope.level(ledger, at: end).tokens == 149_993)
    }

    @Test("the old day's reply that comes behind the new day's gives way once it lapses")
    func lateReply() {
        let new = LedgerEntry.settled(
            1, .images, 7, from: .midnight.after(100), to: .midnight.after(400), left: 149_993,
            reset: .midnight + .day)
        let old = LedgerEntry.settled(
            2, .barcodes, 10, from: .midnight.after(-900), to: .midnight.after(800), left: 4,
            reset: .midnight.after(1_000))
        let ledger = Ledger([new, old])
        #expect(DailyPool.asinscope.level(ledger, at: .midnight.after(999)).tokens == 4)
        #expect(DailyPool.asinscope.level(ledger, at: .midnight.after(1_000)).tokens == 149_993)
    }

    @Test("a call that failed across midnight is charged to the new day, as a precaution")
    func failedAcross() {
        let (_, ledger) = resolve(
            .failed(status: 500, message: "oops"), startedAt: .midnight.after(-2_000),
            at: .midnight.after(1))
        #expect(DailyPool.asinscope.level(ledger, at: .midnight.after(2)).tokens == 149_993)
    }

    @Test(
        "a balance without a reset, counted before midnight and read after it, binds no further day"
    )
    func balanceWithoutReset() {
        let end = Timestamp.midnight.after(1_000)
        let (_, ledger) = resolve(
            answer(jobs(7), left: 3), startedAt: .midnight.after(-2_000), at: end)
        let nextMorning = Timestamp.midnight + .seconds(3_600)
        #expect(DailyPool.asinscope.level(ledger, at: nextMorning).tokens > 3)
    }

    @Test(
        "a day's refusal without a hint, sent before midnight and read after it, binds no further day"
    )
    func refusalWithoutHint() throws {
        let end = Timestamp.midnight.after(1_000)
        let yesterday = LedgerEntry.settled(
            1, .images, 7, from: .midnight.after(-9_000), to: .midnight.after(-8_000), left: 3)
        let (settlement, _) = resolve(
            .rateLimited(.day, hint: nil, message: "Daily limit reached"),
            startedAt: .midnight.after(-2_000), at: end, Ledger([yesterday]))
        let retryAt = try #require(settlement.retryAt)
        #expect(retryAt - end < .seconds(3_600))
    }

    /// Counted 9 s before midnight and answered 8 s after it: the reset that it predicts is 17 s late, though
    /// the server's was at midnight.
    private let slow = LedgerEntry.settled(
        1, .barcodes, 10, from: .midnight.after(-10_000), to: .midnight.after(8_000), left: 4_000,
        reset: .midnight.after(17_000))

    @Test("the new day's balance is no drift, though the old one's has not lapsed yet")
    func driftBehindSlowReply() {
        let (settlement, _) = resolve(
            answer(jobs(7), left: 149_993, resetsIn: .day - .milliseconds(9_500)),
            startedAt: .midnight.after(9_000), at: .midnight.after(10_000), Ledger([slow]))
        #expect(settlement.driftTokens == nil)
    }

    @Test("a failure between the reset and its predicted instant is charged to the new day")
    func failedBehindSlowReply() {
        let (_, ledger) = resolve(
            .failed(status: 500, message: "oops"), startedAt: .midnight.after(9_000),
            at: .midnight.after(12_000), Ledger([slow]))
        let level = DailyPool.asinscope.level(ledger, at: .midnight.after(18_000))
        #expect(level.tokens <= 149_993)
    }
}
