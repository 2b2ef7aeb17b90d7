import Planning
import Testing

/// If the provider sees one client, its endpoints take turns.
struct OneClientTests {
    private func decide(
        _ endpoint: Endpoint, _ entries: [LedgerEntry], resumedAfter: Int64 = 0,
        at now: Timestamp = .noon
    ) -> Decision<CallPlan> {
        Planner.decide(
            Snapshot(
                endpoint: endpoint, resumedAfter: resumedAfter, ready: jobs(3),
                ledger: Ledger(entries)),
            at: now)
    }

    private func refusal(
        _ scope: RateLimitScope, hint: Duration?, before: [LedgerEntry] = [],
        at now: Timestamp = .noon
    ) -> LedgerEntry {
        let id = Int64(before.count + 1)
        let call = LedgerEntry.open(id, .search, 1, from: now.after(-300))
        let settlement = Planner.resolve(
            .rateLimited(scope, hint: hint, allowance: nil, message: "TOO_FAST"), of: call,
            jobs: jobs(1), endpoint: .search, ledger: Ledger(before), at: now)
        return call.settled(as: settlement, at: now)
    }

    @Test("no call is made while one is in progress at the other endpoint")
    func oneConnection() {
        let open = LedgerEntry.open(1, .search, 1, from: .noon.after(-300))
        #expect(decide(.lookup, [open]) == .hold(.calling, until: open.leaseUntil))
        #expect(
            decide(.lookup, [open], at: open.leaseUntil.after(5))
                == .hold(.calling, until: open.leaseUntil.after(1_005)),
            "it is for its own lane to settle as lost")
        var barcodes = Snapshot(endpoint: .barcodes, ready: jobs(10))
        barcodes.ledger = Ledger([.open(1, .images, 1, from: .noon)])
        #expect(Planner.decide(barcodes, at: .noon).called?.count == 10, "others have no such rule")
    }

    @Test("a block holds all endpoints to its very end, and no start or resume lifts it")
    func block() {
        let refused = refusal(.minute, hint: .seconds(40))
        let over = Timestamp.noon.after(41_000)
        for endpoint in [Endpoint.lookup, .search] {
            for resumedAfter in [Int64(0), 1] {
                for now in [Timestamp.noon, over.after(-1)] {
                    #expect(
                        decide(endpoint, [refused], resumedAfter: resumedAfter, at: now)
                            == .hold(.rateLimited, until: over))
                }
                #expect(
                    decide(endpoint, [refused], resumedAfter: resumedAfter, at: over).called
                        != nil)
            }
        }
    }

    @Test("of two blocks the later end counts, whichever came first")
    func twoBlocks() {
        let first = refusal(.minute, hint: .seconds(90))
        let second = LedgerEntry.settled(
            2, .lookup, 1, from: .noon.after(-200), to: .noon.after(100), .rateLimited,
            retryAt: .noon.after(20_000))
        #expect(decide(.lookup, [first, second]).until == .noon.after(91_000))
    }

    @Test("the day's end at one endpoint is no block of the other, which has a pool of its own")
    func dayRefusal() {
        let refused = refusal(.day, hint: .seconds(7_200))
        #expect(decide(.search, [refused], at: .noon.after(15_000)).hold == .rateLimited)
        #expect(decide(.lookup, [refused], at: .noon.after(15_000)).called != nil)
    }

    @Test(
        "a refusal without a time blocks for a whole burst, twice as long each further time"
    )
    func untold() {
        var entries: [LedgerEntry] = []
        for seconds in [60, 120, 240, 300, 300] {
            let now = entries.last?.retryAt?.after(300) ?? .noon
            let refused = refusal(.minute, hint: nil, before: entries, at: now)
            #expect(refused.retryAt == now.after(seconds * 1_000))
            entries.append(refused)
        }
    }

    @Test("a window that all endpoints share counts the calls at each of them")
    func sharedWindow() {
        let call = LedgerEntry.settled(
            1, .search, 1, from: .noon.after(-400), to: .noon.after(-100))
        #expect(
            decide(.lookup, [call]) == .hold(.slidingWindow, until: .noon.after(-100 + 10_051)))
        #expect(decide(.lookup, [call], at: .noon.after(9_951)).called?.count == 1)
    }

    @Test(
        "a refused call counts as charged, and so does a rejected one",
        arguments: [
            CallOutcome.rateLimited(.minute, hint: .seconds(3), message: "TOO_FAST"),
            .rateLimited(.day, hint: .seconds(3), message: "EXCEED_LIMIT"),
            .rejected(status: 400, message: "INVALID_UPC"),
        ])
    func charges(_ outcome: CallOutcome) {
        func charged(_ endpoint: Endpoint) -> Int {
            Planner.resolve(
                outcome, of: .open(1, endpoint, 1, from: .noon.after(-300)), jobs: jobs(1),
                endpoint: endpoint, ledger: Ledger(), at: .noon
            ).chargedTokens
        }
        #expect(charged(.lookup) == 1)
        #expect(charged(.images) == 0)
    }
}
