import Testing

@testable import Planning

/// Several accounts and several calls in flight: their lanes take from the same lines.
struct ForecastAccountsTests {
    private static let call = Duration.milliseconds(400)

    private static func barcodes(_ account: String, isShared: Bool = true) -> Endpoint {
        var endpoint = Endpoint.barcodes
        endpoint.account = account
        endpoint.isShared = isShared
        return endpoint
    }

    private static let both = [barcodes("asinscope"), barcodes("second")]

    private static func forecast(
        _ queues: [QueueBacklog], of endpoints: [Endpoint] = both,
        ledgers: [String: Ledger] = [:], _ change: (inout Backlog) -> Void = { _ in }
    ) -> EndpointForecast {
        var backlog = Backlog(
            at: .noon, ledgers: ledgers, lanes: endpoints.map { LaneCondition(endpoint: $0) },
            queues: queues)
        change(&backlog)
        return Forecast(backlog, callDuration: call)["barcodes"]!
    }

    private static func milliseconds(_ forecast: EndpointForecast) -> Int64? {
        forecast.finishesAt.map { ($0 - .noon).milliseconds }
    }

    /// Each account's window allows 500 at once.
    @Test("jobs that name no account are shared by all shared accounts")
    func shared() {
        let forecast = Self.forecast([QueueBacklog(.barcodes, ready: [5: 1_000])])
        #expect(Self.milliseconds(forecast) == 2_000)
        #expect(forecast.jobs == 1_000 && forecast.calls == 10 && forecast.tokens == 1_000)
        #expect(forecast.accounts.map(\.account) == ["asinscope", "second"])
        #expect(forecast.accounts.map(\.calls) == [5, 5])
    }

    @Test("jobs that name an account are taken only by its lanes")
    func named() {
        let forecast = Self.forecast([
            QueueBacklog(.barcodes), QueueBacklog(.barcodes, account: "second", ready: [5: 1_000]),
        ])
        #expect(Self.milliseconds(forecast) == 62_401)
        #expect(forecast.accounts.map(\.calls) == [0, 10])
        #expect(forecast.accounts.map(\.finishesAt) == [nil, .noon.after(62_401)])
    }

    @Test("an account that is not shared takes no jobs that name none")
    func unshared() {
        let queues = [QueueBacklog(.barcodes, ready: [5: 1_000])]
        let own = [Self.barcodes("asinscope"), Self.barcodes("second", isShared: false)]
        #expect(Self.milliseconds(Self.forecast(queues, of: own)) == 62_401)
        let none = Self.forecast(queues, of: [Self.barcodes("second", isShared: false)])
        #expect(none.standstill == .noAccount && none.finishesAt == nil && none.calls == 0)
    }

    @Test("jobs of an unconfigured account are never done")
    func unknown() {
        let forecast = Self.forecast([
            QueueBacklog(.barcodes, ready: [5: 10]),
            QueueBacklog(.barcodes, account: "gone", ready: [5: 3]),
        ])
        #expect(
            forecast.standstill == .missingAccount && forecast.jobs == 13 && forecast.calls == 1)
    }

    /// The first in goes first: jobs that name an account get half of its window, or all of it.
    @Test(
        "lanes take from two lines in the order in which jobs were added", arguments: [true, false])
    func order(isNamedFirst: Bool) {
        var open = QueueBacklog(.barcodes, ready: [5: 600])
        var named = QueueBacklog(.barcodes, account: "second", ready: [5: 400])
        let (first, last) = isNamedFirst ? (401, 1) : (1, 601)
        (open.lines[5].firstID, open.lines[5].lastID) = (Int64(first), Int64(first + 599))
        (named.lines[5].firstID, named.lines[5].lastID) = (Int64(last), Int64(last + 399))
        let forecast = Self.forecast([open, named])
        #expect(Self.milliseconds(forecast) == (isNamedFirst ? 2_000 : 61_201))
    }

    @Test("a halt stops its own account, and only jobs that name it wait for a resume")
    func halted() {
        let refused = LedgerEntry.settled(
            9, Self.both[1], 0, from: .noon.after(-900), to: .noon.after(-500), .unauthorized)
        let ledgers = ["second": Ledger([refused])]
        let open = QueueBacklog(.barcodes, ready: [5: 1_000])
        let shared = Self.forecast([open], ledgers: ledgers)
        #expect(Self.milliseconds(shared) == 62_401 && shared.standstill == nil)
        #expect(shared.accounts.map(\.calls) == [10, 0])
        #expect(shared.accounts.map(\.standstill) == [nil, .halted])
        let named = QueueBacklog(.barcodes, account: "second", ready: [5: 20])
        let standing = Self.forecast([open, named], ledgers: ledgers)
        #expect(standing.standstill == .halted && standing.finishesAt == nil)
    }

    @Test("an account's calls count for its own limits alone")
    func ownLimits() {
        let spent = LedgerEntry.settled(
            1, Self.both[0], 500, from: .noon.after(-1_000), to: .noon.after(-500))
        let forecast = Self.forecast(
            [QueueBacklog(.barcodes, ready: [5: 500])], ledgers: ["asinscope": Ledger([spent])])
        #expect(Self.milliseconds(forecast) == 2_000)
        #expect(forecast.accounts.map(\.calls) == [0, 5])
    }

    @Test("each account has its own day's tokens, and the rest of them is added up")
    func pools() {
        var backlog = Backlog(
            at: .noon, lanes: Self.both.map { LaneCondition(endpoint: $0) },
            queues: [QueueBacklog(.barcodes, ready: [5: 250])]
        ).with(allowance: 100)
        let forecast = Forecast(backlog, callDuration: Self.call)
        // 200 today, 50 tomorrow.
        #expect(forecast["barcodes"]?.finishesAt == Timestamp.midnight.after(400))
        #expect(forecast.dayLeft(at: "barcodes")?.tokens == 200)
        #expect(forecast.pools.map(\.account) == ["asinscope", "second"])
        backlog.lanes[1].endpoint.isShared = false
        #expect(Forecast(backlog).dayLeft(at: "barcodes")?.tokens == 100)
    }

    @Test("a label is done when the last of the calls with its jobs ends, at every account")
    func label() {
        var open = QueueBacklog(.barcodes, ready: [5: 1_000], groups: [.label("a", upTo: 600)])
        let first = Self.forecast([open])
        #expect(first.groups.map(\.finishesAt) == [.noon.after(1_200)])
        open.groups = [.label("a", upTo: 1_000)]
        let named = QueueBacklog(
            .barcodes, account: "second", ready: [9: 100],
            groups: [
                JobGroup(
                    label: "a", jobs: 100, paused: 2,
                    marks: [JobGroup.Mark(priority: 9, part: 0, position: 100)])
            ])
        let both = Self.forecast([open, named])
        #expect(both.groups.count == 1 && both.groups[0].jobs == 1_100)
        #expect(both.groups[0].paused == 2 && both.groups[0].tokens == 1_100)
        #expect(both.groups[0].finishesAt == both.finishesAt)
    }

    @Test("the next calls name their account")
    func nextCalls() {
        let backlog = Backlog(
            at: .noon, lanes: Self.both.map { LaneCondition(endpoint: $0) },
            queues: [QueueBacklog(.barcodes, ready: [5: 300])])
        let forecast = Forecast(backlog, callDuration: Self.call)
        #expect(forecast.calls.map(\.account) == ["asinscope", "second", "asinscope"])
    }

    /// Twelve a second, and a call takes 300 ms.
    @Test("an endpoint with calls in flight makes that many at once", arguments: [1, 2, 8])
    func slots(callsInFlight: Int) {
        let endpoint = Endpoint(
            name: "lookup", provider: "codes", batchLimit: 1, tariff: .perCall(batchLimit: 1),
            limits: [
                .slidingWindow(SlidingWindow(capacityTokens: 12, period: .seconds(1)))
            ],
            pools: [DailyPool(allowanceTokens: 5_000)], linger: .zero, timeout: .seconds(30),
            clientPolicy: ClientPolicy(callsInFlight: callsInFlight))
        let backlog = Backlog(
            at: .noon, of: [endpoint], [QueueBacklog(endpoint, ready: [5: 240])])
        let forecast = Forecast(backlog, callDuration: .milliseconds(300), nextCalls: 9)
        let seconds = Double(forecast.milliseconds(to: "lookup")!) / 1_000
        #expect(forecast["lookup"]?.calls == 240)
        switch callsInFlight {
        case 1: #expect(seconds == 72)
        case 2: #expect(seconds == 36)
        default: #expect((19.3...22).contains(seconds), "\(seconds)")
        }
        let atOnce = forecast.calls.count { $0.at == Timestamp.noon }
        #expect(atOnce == callsInFlight)
        #expect(forecast.calls.prefix(callsInFlight).allSatisfy { $0.reason == nil })
    }

    @Test("open calls keep their slots until they end")
    func openSlots() {
        var endpoint = Self.both[0]
        endpoint.clientPolicy.callsInFlight = 3
        let open = [0, 2].map { slot in
            LedgerEntry(
                id: Int64(slot + 1), account: "asinscope", endpoint: "barcodes", slot: slot,
                reserved: 200, startedAt: .noon.after(-100 * slot), leaseUntil: .noon.after(9_000))
        }
        var queue = QueueBacklog(.barcodes, ready: [5: 200])
        queue.running = open.map { RunningJobs(callID: $0.id, count: 100) }
        queue.groups = [JobGroup(label: "a", jobs: 200, calls: [1, 3])]
        let forecast = Self.forecast(
            [queue], of: [endpoint], ledgers: ["asinscope": Ledger(open)])
        // 100 of 500 are left for the free slot.
        #expect(forecast.calls == 2 && forecast.jobs == 400)
        #expect(forecast.groups.map(\.finishesAt) == [.noon.after(400)])
        #expect(Self.milliseconds(forecast) == 60_601)
    }
}
