import Planning
import Testing

/// The server's balance less the one that the ledger predicts.
struct DriftTests {
    /// - Parameter before: The balance that the previous call gave.
    private func drift(
        left: Int, before: Int, products: Int = 2, at endpoint: Endpoint = .images,
        since between: [LedgerEntry] = []
    ) -> Int? {
        let anchor = LedgerEntry.settled(
            1, endpoint, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), left: before)
        return Planner.resolve(
            answer(jobs(products), left: left),
            of: .open(9, endpoint, endpoint.tariff.cost(of: products), from: .noon.after(-500)),
            jobs: jobs(products),
            endpoint: endpoint, ledger: Ledger([anchor] + between), at: .noon
        ).driftTokens
    }

    @Test("in a single lane each token of difference is reported", arguments: -5...5)
    func singleLane(difference: Int) {
        #expect(drift(left: 998 + difference, before: 1_000) == difference)
        #expect(drift(left: 990 + difference, before: 1_000, at: .barcodes) == difference)
    }

    @Test("the page's examples: 2 barcodes leave 998 of 1000, 2 more images 997")
    func documented() {
        #expect(drift(left: 998, before: 1_000, at: .barcodes) == 8)
        #expect(drift(left: 997, before: 998) == 1)
    }

    @Test("another client on the key causes a negative drift")
    func otherClient() {
        #expect(drift(left: 498, before: 1_000) == -500)
    }

    @Test("a call that was answered in between is certain")
    func certain() {
        let between = LedgerEntry.settled(
            2, .images, 50, from: .noon.after(-6_000), to: .noon.after(-5_000))
        #expect(drift(left: 948, before: 1_000, since: [between]) == 0)
        #expect(drift(left: 998, before: 1_000, since: [between]) == 50)
    }

    @Test("tokens counted as charged for a lost reply are drift until a balance shows they were")
    func lostReply() {
        let between = LedgerEntry.settled(
            2, .images, 50, from: .noon.after(-6_000), to: .noon.after(-5_000), .failed)
        for (left, expected) in [(999, 51), (998, 50), (970, 22), (948, 0), (947, -1)] {
            #expect(drift(left: left, before: 1_000, since: [between]) == expected)
        }
    }

    @Test("a call of the other lane that is still open may have been counted or not")
    func openElsewhere() {
        let open = LedgerEntry.open(2, .barcodes, 50, from: .noon.after(-6_000))
        for (left, expected) in [(999, 1), (998, 0), (948, 0), (947, -1)] {
            #expect(drift(left: left, before: 1_000, since: [open]) == expected)
        }
    }

    @Test(
        "a drift from a balance above the allowance or below zero is exact, and the balance is kept at zero or above"
    )
    func outOfRange() {
        let settlement = Planner.resolve(
            answer(jobs(1), left: -3), of: .open(1, .images, 1, from: .noon), jobs: jobs(1),
            endpoint: .images, ledger: Ledger(), at: .noon)
        #expect(settlement.dailyRemaining == 0)
        #expect(drift(left: -3, before: 2) == -3)
    }

    @Test("without an earlier balance, or across a reset, no drift is calculated")
    func unknown() {
        let call = LedgerEntry.open(9, .images, 2, from: .midnight.after(-500))
        let before = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 1_000)
        for (ledger, now) in [
            (Ledger(), Timestamp.midnight.after(-1)), (Ledger([before]), .midnight),
        ] {
            let settlement = Planner.resolve(
                answer(jobs(2), left: 998), of: call, jobs: jobs(2), endpoint: .images,
                ledger: ledger, at: now)
            #expect(settlement.driftTokens == nil)
            #expect(settlement.dailyRemaining == 998)
        }
    }

    @Test("a reply without a balance has no drift")
    func noBalance() {
        let settlement = Planner.resolve(
            answer(jobs(2)), of: .open(1, .images, 2, from: .noon), jobs: jobs(2),
            endpoint: .images, ledger: Ledger(), at: .noon)
        #expect(settlement.dailyRemaining == nil && settlement.dailyResetAt == nil)
        #expect(settlement.driftTokens == nil)
    }
}
