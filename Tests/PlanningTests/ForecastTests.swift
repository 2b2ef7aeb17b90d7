import Testing

@testable import Planning

/// Small backlogs whose end can be calculated by hand.
struct ForecastTests {
    private let call = Duration.milliseconds(400)

    @Test("an empty backlog has no end, takes no call and asks the planner nothing")
    func empty() {
        let forecast = Forecast(Backlog())
        #expect(forecast.finishesAt == nil && forecast.calls.isEmpty && forecast.decisions == 0)
        #expect(forecast.endpoints.map(\.finishesAt) == [nil, nil])
        #expect(forecast.endpoints.map(\.standstill) == [nil, nil])
        #expect(forecast.pools[0].tokensLeft == 150_000 && forecast.daysOutOfTokensCount == 0)
    }

    /// The bucket gives 100 of its 120 at once; the other 80 go when 60 more tokens have been refilled after
    /// the end of that call (and a millisecond). The window gives 500 at once, in five calls; each of the
    /// others goes when one of these has left it.
    @Test("180 images and 1,000 barcodes from full limits take a minute")
    func mainJob() {
        let forecast = Forecast(Backlog(images: [5: 180], barcodes: [5: 1_000]), callDuration: call)
        #expect(forecast.milliseconds(to: "images") == 60_801)
        #expect(forecast.milliseconds(to: "barcodes") == 62_401)
        #expect(forecast.finishesAt == Timestamp.noon.after(62_401))
        #expect(forecast.endpoints.map(\.jobs) == [180, 1_000])
        #expect(forecast.endpoints.map(\.calls) == [2, 10])
        #expect(forecast.endpoints.map(\.tokens) == [180, 1_000])
        #expect(!forecast.isApproximate)
    }

    @Test("the next calls come in the order of their times, each with the reason for its wait")
    func nextCalls() {
        let backlog = Backlog(images: [5: 180], barcodes: [5: 1_000])
        let forecast = Forecast(backlog, callDuration: call, nextCalls: 8)
        func next(_ after: Int, _ endpoint: String, _ products: Int, _ reason: Hold?)
            -> Forecast.Call
        {
            Forecast.Call(
                at: .noon.after(after), account: "asinscope", endpoint: endpoint,
                products: products, tokens: products,
                reason: reason)
        }
        #expect(
            forecast.calls == [
                next(0, "images", 100, nil), next(0, "barcodes", 100, nil),
                next(400, "barcodes", 100, .calling), next(800, "barcodes", 100, .calling),
                next(1_200, "barcodes", 100, .calling), next(1_600, "barcodes", 100, .calling),
                next(60_401, "images", 80, .tokenBucket),
                next(60_401, "barcodes", 100, .slidingWindow),
            ])
        #expect(Forecast(backlog, nextCalls: 0).calls.isEmpty)
    }

    @Test("a paused lane never ends, and says so; its jobs are counted")
    func paused() {
        var backlog = Backlog(images: [5: 7], barcodes: [5: 20])
        backlog.lanes[0].isPaused = true
        backlog.queues[0].paused = 3
        let forecast = Forecast(backlog, callDuration: call)
        #expect(forecast["images"]?.standstill == .paused && forecast["images"]?.finishesAt == nil)
        #expect(forecast["images"]?.jobs == 7 && forecast["images"]?.paused == 3)
        #expect(forecast["images"]?.calls == 0)
        #expect(forecast.milliseconds(to: "barcodes") == 400)
        #expect(forecast.finishesAt == nil)
    }

    @Test("a lane that is blocked for another reason makes no call, and its groups have no end")
    func standing() {
        for reason in [Standstill.noAccount, .diskFull] {
            var backlog = Backlog(images: [5: 7], barcodes: [5: 20])
            for index in backlog.lanes.indices { backlog.lanes[index].standstill = reason }
            backlog.queues[0].markLast(7, priority: 5, at: backlog.at)
            let forecast = Forecast(backlog, callDuration: call)
            #expect(forecast.endpoints.map(\.standstill) == [reason, reason])
            #expect(forecast.endpoints.allSatisfy { $0.finishesAt == nil && $0.calls == 0 })
            #expect(forecast["images"]?.groups.map(\.finishesAt) == [nil])
            #expect(forecast.calls.isEmpty && forecast.finishesAt == nil)
        }
        var idle = Backlog(images: [:])
        idle.lanes[0].standstill = .noAccount
        #expect(Forecast(idle)["images"]?.standstill == nil, "nothing waits")
    }

    @Test("a lane whose key was refused never ends, unless it was resumed since")
    func halted() {
        let refused = LedgerEntry.settled(
            9, .images, 0, from: .noon.after(-900), to: .noon.after(-500), .unauthorized)
        var backlog = Backlog(images: [5: 7], ledger: Ledger([refused]))
        #expect(Forecast(backlog)["images"]?.standstill == .halted)
        backlog.lanes[0].resumedAfter = 9
        let forecast = Forecast(backlog, callDuration: call)
        #expect(forecast["images"]?.standstill == nil)
        #expect(forecast.milliseconds(to: "images") == 400)
    }

    @Test("scheduled jobs start when they are due")
    func onlyLater() {
        let due = Timestamp.noon.after(3_600_000)
        let backlog = Backlog(
            at: .noon, of: [.images], [QueueBacklog(.images, later: [(due, 5, 50, 0)])])
        let forecast = Forecast(backlog, callDuration: call)
        #expect(forecast.milliseconds(to: "images") == 3_600_400)
        #expect(forecast.calls.map(\.at) == [due] && forecast.calls.map(\.reason) == [.notDue])
    }

    @Test("years of waiting cost no more than days", arguments: [1, 30, 3_000])
    func years(days: Int) {
        let due = Timestamp.noon + .day * days
        let backlog = Backlog(
            at: .noon, of: [.barcodes], [QueueBacklog(.barcodes, later: [(due, 0, 5, 0)])])
        let forecast = Forecast(backlog, callDuration: call)
        #expect(forecast["barcodes"]?.finishesAt == due.after(400))
        #expect(forecast.decisions <= 4)
    }

    @Test("a call in progress ends first, and its jobs with it")
    func underWay() {
        let open = LedgerEntry.open(3, .images, 60, from: .noon.after(-100))
        var backlog = Backlog(images: [5: 20], ledger: Ledger([open]))
        backlog.queues[0].running = [RunningJobs(callID: 3, count: 60)]
        let forecast = Forecast(backlog, callDuration: call)
        // 60 of 120 are left at its end, and 20 wanted.
        #expect(forecast.milliseconds(to: "images") == 700)
        #expect(forecast["images"]?.jobs == 80 && forecast["images"]?.calls == 1)
        #expect(forecast.calls.map(\.reason) == [.calling])
        backlog.queues[0].lines[5].ready = 0
        #expect(Forecast(backlog, callDuration: call).milliseconds(to: "images") == 300)
    }

    @Test("when the pool runs out the rest waits for the reset, and the day is named")
    func poolRunsOut() {
        let backlog = Backlog(barcodes: [5: 250], at: .midnight.after(-600_000))
        let forecast = Forecast(backlog.with(allowance: 100), callDuration: call)
        // 100 today, 100 tomorrow, 50 the day after.
        #expect(
            forecast["barcodes"]?.finishesAt == Timestamp.midnight + .day + .milliseconds(400))
        #expect(forecast.daysOutOfTokens == [Timestamp.noon.startOfDay, .midnight])
        #expect(forecast.daysOutOfTokensCount == 2 && forecast.pools[0].tokensLeft == 100)
        #expect(forecast.calls.map(\.reason) == [nil, .dailyPool, .dailyPool])
    }

    @Test("of two priorities the more urgent one is done first, whichever was added first")
    func priorities() {
        var backlog = Backlog(images: [2: 100, 7: 300])
        backlog.queues[0].groups = [2, 7].map { priority in
            JobGroup(
                label: "p\(priority)", jobs: 100,
                marks: [JobGroup.Mark(priority: priority, part: 0, position: 100)])
        }
        let forecast = Forecast(backlog, callDuration: call)
        let ends = forecast["images"]?.groups.map {
            $0.finishesAt.map { ($0 - .noon).milliseconds }
        }
        // The second hundred has to wait for 80 tokens from the end of the first.
        #expect(ends == [400, 400 + 80_001 + 400])
    }

    @Test("a call is assumed to last as long as the last ones did")
    func callDuration() {
        let took = [300, 9_000, 500]
        let ledger = Ledger(
            took.enumerated().map { number, milliseconds in
                let start = Timestamp.noon.after(-400_000 + number * 100_000)
                return .settled(
                    Int64(number + 1), .images, 1, from: start, to: start.after(milliseconds))
            })
        #expect(ledger.callDuration(at: "images") == .milliseconds(500))
        #expect(ledger.callDuration(at: "barcodes") == Ledger.usualCallDuration)
        let forecast = Forecast(Backlog(images: [5: 1], barcodes: [5: 10], ledger: ledger))
        #expect(forecast.milliseconds(to: "images") == 500)
        #expect(forecast.milliseconds(to: "barcodes") == 400)
    }

    @Test("the same backlog has the same forecast")
    func deterministic() {
        let backlog = Backlog(images: [1: 500, 5: 90_000], barcodes: [3: 200_000, 5: 4_001])
        #expect(Forecast(backlog) == Forecast(backlog))
    }
}
