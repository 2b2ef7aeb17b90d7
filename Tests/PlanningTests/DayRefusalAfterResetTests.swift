import Planning
import Testing

/// The server says that the day's tokens are spent when by our calculation the next day has begun: our clock
/// was ahead when the reset was predicted.
struct DayRefusalAfterResetTests {
    /// A balance that lapsed two seconds ago, and a call since that was refused.
    private func retryAt(now: Timestamp, hint: Duration?) -> Timestamp? {
        let balance = LedgerEntry.settled(
            1, .barcodes, 10, from: now.after(-600_000), to: now.after(-599_000), left: 0,
            reset: now.after(-50))
        return Planner.resolve(
            .rateLimited(.day, hint: hint, message: "Daily limit reached"),
            of: .open(2, .barcodes, 10, from: now.after(-100)), jobs: jobs(10), endpoint: .barcodes,
            ledger: Ledger([balance]), at: now
        ).retryAt
    }

    @Test("shortly before 00:00 UTC the lane waits for that", arguments: [1, 2_600, 59_000])
    func midnight(before: Int) {
        let now = Timestamp.midnight.after(-before)
        #expect(retryAt(now: now, hint: .seconds(60)) == .midnight)
    }

    @Test("at another hour it waits as long as the hint says")
    func hint() {
        #expect(retryAt(now: .noon, hint: .seconds(120)) == .noon.after(120_000))
    }

    @Test("without a hint it waits a minute, and does not retry at once")
    func noHint() {
        #expect(retryAt(now: .noon, hint: nil) == .noon.after(60_000))
    }
}
