import Planning
import Testing

/// The end of a halt or a back-off: a resume, which is recorded as the ledger's last id at that time.
struct ResumeTests {
    private func decide(
        _ outcome: LedgerEntry.Outcome, retryAt: Timestamp? = nil, resumedAfter: Int64
    ) -> Decision<CallPlan> {
        let last = LedgerEntry.settled(
            5, .images, 0, from: .noon.after(-900), to: .noon.after(-100), outcome,
            retryAt: retryAt)
        return Planner.decide(
            Snapshot(
                endpoint: .images, resumedAfter: resumedAfter, ready: jobs(3),
                ledger: Ledger([last])),
            at: .noon)
    }

    @Test(
        "a halt ends with a resume after the call",
        arguments: [(4, true), (5, false), (6, false)])
    func halt(resumedAfter: Int64, isHalted: Bool) {
        let decision = decide(.unauthorized, resumedAfter: resumedAfter)
        #expect((decision == .hold(.halted, until: nil)) == isHalted)
        #expect((decision.called?.count == 3) == !isHalted)
    }

    @Test("a back-off ends with a resume too", arguments: [(4, true), (5, false)])
    func backoff(resumedAfter: Int64, isBackingOff: Bool) {
        let decision = decide(.failed, retryAt: .noon.after(9_000), resumedAfter: resumedAfter)
        #expect((decision == .hold(.backingOff, until: .noon.after(9_000))) == isBackingOff)
        #expect((decision.called != nil) == !isBackingOff)
    }

    @Test("a wait that the server asked for outlasts a resume", arguments: [4, 5])
    func rateLimited(resumedAfter: Int64) {
        let decision = decide(
            .rateLimited, retryAt: .noon.after(9_000), resumedAfter: resumedAfter)
        #expect(decision == .hold(.rateLimited, until: .noon.after(9_000)))
    }

    @Test("only the last call counts: an answer after a refused key is no halt")
    func answeredSince() {
        let ledger = Ledger([
            .settled(5, .images, 0, from: .noon.after(-900), to: .noon.after(-800), .unauthorized),
            .settled(6, .images, 3, from: .noon.after(-700), to: .noon.after(-600)),
        ])
        #expect(!ledger.isHalted("images", resumedAfter: 0))
    }

    @Test("a lane halts for its own key only")
    func otherLane() {
        let ledger = Ledger([
            .settled(5, .images, 0, from: .noon.after(-900), to: .noon.after(-800), .unauthorized)
        ])
        let barcodes = Snapshot(endpoint: .barcodes, ready: jobs(10), ledger: ledger)
        #expect(Planner.decide(barcodes, at: .noon).called?.count == 10)
    }
}
