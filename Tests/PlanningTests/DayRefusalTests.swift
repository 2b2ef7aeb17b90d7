import Planning
import Testing

/// 429 for the day: the pool is empty until the reset, whatever our own calculation says.
struct DayRefusalTests {
    private func refuse(
        hint: Duration?, _ ledger: Ledger = Ledger(), at now: Timestamp = .noon
    ) -> (settlement: Settlement, ledger: Ledger) {
        let call = LedgerEntry.open(9, .images, 7, from: now.after(-500))
        let settlement = Planner.resolve(
            .rateLimited(.day, hint: hint, message: "Daily limit reached"), of: call,
            jobs: jobs(7), endpoint: .images, ledger: ledger, at: now)
        return (settlement, Ledger(ledger.entries + [call.settled(as: settlement, at: now)]))
    }

    @Test(
        "a known reset within a minute of a hint in minutes takes precedence",
        arguments: [
            (719, .midnight), (720, .midnight), (721, .midnight),
            (718, .noon.after(718 * 60_000)), (722, .noon.after(722 * 60_000)),
            (320, .noon.after(320 * 60_000)), (0, .noon),
        ] as [(Int, Timestamp)])
    func minutes(hint: Int, reset: Timestamp) {
        let (settlement, _) = refuse(hint: .seconds(hint * 60))
        #expect(settlement.dailyResetAt == reset)
        #expect(settlement.retryAt == reset)
        #expect(settlement.dailyRemaining == 0)
        #expect(settlement.chargedTokens == 0)
    }

    @Test(
        "the known reset is the one that the last reply gave to the millisecond",
        arguments: [-59_999, -1, 0, 1, 60_000])
    func knownReset(apart: Int) {
        let reset = Timestamp.midnight.after(1_234)
        let known = LedgerEntry.settled(
            1, .barcodes, 10, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 5,
            reset: reset)
        let hint = (reset - .noon) + .milliseconds(apart)
        #expect(refuse(hint: hint, Ledger([known])).settlement.retryAt == reset)
    }

    @Test("without a hint, the pool is empty until the known reset, otherwise until 00:00 UTC")
    func noHint() {
        let known = LedgerEntry.settled(
            1, .barcodes, 10, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 500,
            reset: .noon.after(7_000))
        #expect(refuse(hint: nil, Ledger([known])).settlement.retryAt == .noon.after(7_000))
        #expect(refuse(hint: nil).settlement.retryAt == .midnight)
    }

    @Test("both lanes make no calls until the reset, then both continue")
    func bothLanes() {
        let known = LedgerEntry.settled(
            1, .barcodes, 10, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 70_000)
        let (_, ledger) = refuse(hint: .seconds(320 * 60), Ledger([known]))
        let reset = Timestamp.noon.after(320 * 60_000)
        #expect(DailyPool.asinscope.level(ledger, at: .noon).tokens == 0)
        for offset in [1, 60_000, 320 * 60_000 - 1] {
            let now = Timestamp.noon.after(offset)
            let images = Snapshot(endpoint: .images, ready: jobs(100), ledger: ledger)
            #expect(Planner.decide(images, at: now) == .hold(.rateLimited, until: reset))
            let barcodes = Snapshot(endpoint: .barcodes, ready: jobs(100), ledger: ledger)
            #expect(Planner.decide(barcodes, at: now) == .hold(.dailyPool, until: reset))
        }
        for endpoint in [Endpoint.images, .barcodes] {
            let snapshot = Snapshot(endpoint: endpoint, ready: jobs(100), ledger: ledger)
            #expect(Planner.decide(snapshot, at: reset).called?.count == 100)
        }
    }

    @Test("a reply that was counted before the refusal and comes after it does not refill the pool")
    func overlapped() {
        let (_, ledger) = refuse(hint: nil)
        let late = LedgerEntry.settled(
            10, .barcodes, 10, from: .noon.after(-800), to: .noon.after(200), left: 3)
        let level = DailyPool.asinscope.level(
            Ledger(ledger.entries + [late]), at: .noon.after(300))
        #expect(level.tokens == 0)
    }

    @Test(
        "the pool is spent to the last token: images take 7 if 7 are left, barcodes leave them")
    func lastTokens() {
        let ledger = Ledger().with(poolLeft: 7, at: .noon)
        let images = Snapshot(endpoint: .images, ready: jobs(100), ledger: ledger)
        #expect(Planner.decide(images, at: .noon).called == jobs(7))
        let barcodes = Snapshot(endpoint: .barcodes, ready: jobs(100), ledger: ledger)
        #expect(Planner.decide(barcodes, at: .noon) == .hold(.dailyPool, until: .midnight))
    }

    @Test("the rest pays for full tens of barcodes", arguments: 0...120)
    func lastTens(left: Int) {
        let snapshot = Snapshot(
            endpoint: .barcodes, ready: jobs(100), ledger: Ledger().with(poolLeft: left, at: .noon))
        let called = Planner.decide(snapshot, at: .noon).called?.count ?? 0
        #expect(called == min(100, left / 10 * 10))
    }
}
