import Planning
import Testing

/// A window of few calls a second, at an endpoint that has several of them in flight.
struct OverlappingCallsWindowTests {
    private static let endpoint: Endpoint = {
        var endpoint = Endpoint.barcodes
        endpoint.clientPolicy.callsInFlight = 8
        endpoint.tariff = .perCall(batchLimit: 1)
        endpoint.batchLimit = 1
        endpoint.limits = [
            .slidingWindow(SlidingWindow(capacityTokens: 12, period: .seconds(1)))
        ]
        return endpoint
    }()

    /// A call whose request left 10 ms after its start.
    private static func call(
        _ id: Int64, sent: Int, reply: Int, _ outcome: LedgerEntry.Outcome = .succeeded
    ) -> LedgerEntry {
        var entry = LedgerEntry.settled(
            id, endpoint, 1, from: .noon.after(sent - 10), to: .noon.after(sent + reply), outcome)
        entry.sentAt = .noon.after(sent)
        return entry
    }

    /// Answers from long before, the fastest after 200 ms.
    private static let known = (1...20).map { call(Int64($0), sent: -60_000, reply: 190 + $0 * 10) }

    /// Twelve calls, the first of which is `first`: when the thirteenth may go.
    private static func next(
        _ first: LedgerEntry, among known: [LedgerEntry] = known, at now: Int = 900
    ) -> Int? {
        let others = (0..<11).map { call(Int64(200 + $0), sent: 600, reply: 250) }
        let snapshot = Snapshot(
            endpoint: endpoint, ready: jobs(1), ledger: Ledger(known + [first] + others))
        switch Planner.decide(snapshot, at: .noon.after(now)) {
        case .call: return now
        case .hold(_, let until): return until.map { Int(($0 - .noon).milliseconds) }
        case .expire: return nil
        }
    }

    @Test(
        "a call counts from 50 ms after its request left, however long its reply took",
        arguments: [(200, 1_051), (300, 1_051), (379, 1_051)])
    func fromLeaving(reply: Int, free: Int) {
        #expect(Self.next(Self.call(100, sent: 0, reply: reply)) == free)
    }

    @Test("in a long window a request counts as lost whenever its reply took 200 ms")
    func longWindow() {
        // Two in 30 s: the shortest known reply took 136 ms, that of a lost request 299 ms.
        let window = SlidingWindow(capacityTokens: 1, period: .seconds(30))
        func free(reply: Int) -> Timestamp? {
            window.earliest(
                for: 1, [Self.call(100, sent: 0, reply: reply)], at: .noon.after(900),
                shortestReply: .milliseconds(136))
        }
        #expect(free(reply: 199) == .noon.after(30_051))
        #expect(free(reply: 299) == .noon.after(30_300))
    }

    @Test("an earlier reply ends the time in which the server can have counted the call")
    func fromReply() {
        let fast = (1...20).map { Self.call(Int64($0), sent: -60_000, reply: 20) }
        #expect(Self.next(Self.call(100, sent: 0, reply: 30), among: fast) == 1_031)
    }

    @Test(
        "a reply almost 200 ms later than the shortest may come from a request that was lost and sent again",
        arguments: [(380, 1_251), (400, 1_271), (500, 1_371), (700, 1_571)])
    func lost(reply: Int, free: Int) {
        #expect(Self.next(Self.call(100, sent: 0, reply: reply)) == free)
    }

    @Test("with fewer than 20 answers a call counts from its finish")
    func unknown() {
        // Nine answers, twelve tokens.
        var first = Self.call(100, sent: 0, reply: 300)
        first.charged = 4
        let others = (0..<8).map { Self.call(Int64(200 + $0), sent: 600, reply: 250) }
        let snapshot = Snapshot(
            endpoint: Self.endpoint, ready: jobs(1), ledger: Ledger([first] + others))
        #expect(
            Planner.decide(snapshot, at: .noon.after(900))
                == .hold(.slidingWindow, until: .noon.after(1_301)))
    }

    @Test("a call without a known departure of its request counts from its finish")
    func withoutInstant() {
        var failed = Self.call(100, sent: 0, reply: 300, .failed)
        failed.sentAt = nil
        #expect(Self.next(failed) == 1_301)
    }

    @Test("a call that is open or lost holds its tokens as before")
    func open() {
        var open = LedgerEntry.open(100, Self.endpoint, 1, from: .noon)
        open.slot = 1
        #expect(Self.next(open) == 1_651, "when the others leave")
        var lost = Self.call(100, sent: 0, reply: 300, .expired)
        lost.sentAt = nil
        #expect(Self.next(lost) == 1_651)
    }

    @Test("sequential calls count from the finish")
    func alone() {
        let window = SlidingWindow(capacityTokens: 1, period: .seconds(1))
        let call = Self.call(100, sent: 0, reply: 300)
        #expect(window.earliest(for: 1, [call], at: .noon.after(900)) == .noon.after(1_301))
    }

    @Test(
        "a clock that was set back during a call moves nothing forward", arguments: [5, 3_000])
    func setBack(by step: Int) {
        var call = Self.call(100, sent: 0, reply: 300)
        call.sentAt = .noon.after(step)
        #expect(Self.next(call) == min(1_301, 1_051 + step))
    }

    @Test("the shortest reply is that of 20 answers or more, at the endpoint")
    func shortest() {
        let ledger = Ledger(Self.known)
        #expect(ledger.shortestReply(at: Self.endpoint.name) == .milliseconds(200))
        #expect(ledger.shortestReply(at: "images") == nil)
        #expect(Ledger(Array(Self.known.dropFirst())).shortestReply(at: Self.endpoint.name) == nil)
    }
}
