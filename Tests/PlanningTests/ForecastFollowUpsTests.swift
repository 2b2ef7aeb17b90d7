import Testing

@testable import Planning

/// The jobs that answers may lead to, as an upper bound.
struct ForecastFollowUpsTests {
    private static let call = Duration.milliseconds(400)

    private static func barcodes(leadingTo next: String) -> Endpoint {
        var endpoint = Endpoint.barcodes
        endpoint.leadsTo = next
        return endpoint
    }

    private static func backlog(
        _ jobs: Int, leading: Int, to next: String = "lookup", priority: Int = 5
    ) -> Backlog {
        var queue = QueueBacklog(.barcodes, ready: [priority: jobs])
        queue.lines[priority].leading = leading
        return Backlog(
            at: .noon, of: [.images, barcodes(leadingTo: next)], [QueueBacklog(.images), queue])
    }

    private static func codes(_ lookups: Int = 0, searches: Int = 0) -> Backlog {
        Backlog(
            at: .noon, of: [.lookup, .search],
            [
                QueueBacklog(.lookup, ready: [5: lookups]),
                QueueBacklog(.search, ready: [5: searches]),
            ])
    }

    private static func days(_ instant: Timestamp?) -> Double? {
        instant.map { Double(($0 - .noon).milliseconds) / 86_400_000 }
    }

    @Test("17,000 barcodes lead to lookups that take half a year, however few there are now")
    func halfAYear() throws {
        let forecast = Forecast(
            of: [Self.backlog(17_000, leading: 17_000), Self.codes(375)], callDuration: Self.call)
        let lookup = try #require(forecast["lookup"])
        #expect(lookup.jobs == 375 && lookup.followUps == 17_000)
        // A hundred a day.
        #expect(abs(try #require(Self.days(lookup.finishesAt)) - 3) < 1)
        #expect(abs(try #require(Self.days(lookup.finishesAtLatest)) - 173) < 1.5)
        #expect(forecast["barcodes"]?.followUps == 0)
        #expect(forecast["barcodes"]?.finishesAtLatest == forecast["barcodes"]?.finishesAt)
        #expect(forecast.finishesAt == lookup.finishesAt)
        #expect(forecast.finishesAtLatest == lookup.finishesAtLatest)
    }

    @Test("if no answer leads on, both ends are the same and nothing runs twice")
    func none() {
        let backlogs = [Self.backlog(2_000, leading: 0), Self.codes(30, searches: 3)]
        let forecast = Forecast(of: backlogs, callDuration: Self.call)
        let apart = backlogs.map { Forecast($0, callDuration: Self.call) }
        #expect(forecast == Forecast(joining: apart, nextCalls: 10))
        #expect(forecast.endpoints.allSatisfy { $0.followUps == 0 })
        #expect(forecast.endpoints.allSatisfy { $0.finishesAtLatest == $0.finishesAt })
        #expect(forecast.decisions == apart.reduce(0) { $0 + $1.decisions })
    }

    @Test("the order of the providers makes no difference")
    func providerOrder() {
        let backlogs = [Self.backlog(900, leading: 300), Self.codes(30, searches: 3)]
        let forward = Forecast(of: backlogs, callDuration: Self.call)
        let backward = Forecast(of: backlogs.reversed(), callDuration: Self.call)
        for name in ["barcodes", "lookup", "search"] {
            #expect(forward[name] == backward[name])
        }
    }

    @Test("jobs at another endpoint that have to wait for following ones end later")
    func others() {
        let forecast = Forecast(
            of: [Self.backlog(60, leading: 60, priority: 1), Self.codes(searches: 19)],
            callDuration: Self.call)
        let search = forecast["search"]!
        #expect(search.followUps == 0 && search.finishesAtLatest! > search.finishesAt!)
    }

    @Test("a following job has the priority of the job that led to it", arguments: [1, 9])
    func priority(_ priority: Int) {
        var codes = Self.codes()
        codes.queues[0].lines[5].ready = 50
        codes.queues[0].groups = [.label("mine", upTo: 50)]
        let forecast = Forecast(
            of: [Self.backlog(40, leading: 40, priority: priority), codes],
            callDuration: Self.call)
        let run = Self.latest(codes, after: Self.backlog(40, leading: 40, priority: priority))
        let label = run.groups[0].finishesAt!
        #expect((label == run.finishesAt!) == (priority == 1))
        #expect(forecast["lookup"]?.finishesAtLatest == run.finishesAt)
    }

    private static func latest(_ codes: Backlog, after source: Backlog) -> EndpointForecast {
        var run = ForecastRun(source, callDuration: call, nextCalls: 0)
        run.finish()
        var fuller = codes
        run.followUps.add(to: &fuller)
        return Forecast(fuller, callDuration: call)["lookup"]!
    }

    @Test("at the same provider following jobs are added by the call that led to them")
    func sameProvider() {
        let forecast = Forecast(
            Self.backlog(100, leading: 100, to: "images"), callDuration: Self.call)
        #expect(forecast["images"]?.followUps == 100 && forecast["images"]?.finishesAt == nil)
        #expect(forecast["images"]?.finishesAtLatest == .noon.after(800))
        #expect(forecast.finishesAt == .noon.after(400))
    }

    /// The first of two calls of 100 leads to at least 20, if 120 of all lead on.
    @Test("the last jobs of a line lead on, so that the forecast is not too early")
    func last() {
        for (leading, latest) in [(120, 2_800), (100, 2_800), (1, 2_400), (0, 2_000)] {
            let forecast = Forecast(
                Self.backlog(500, leading: leading, to: "images"), callDuration: Self.call)
            #expect(forecast["barcodes"]?.finishesAt == .noon.after(2_000))
            let end = forecast["images"]?.finishesAtLatest
            #expect((end == nil) == (leading == 0), "\(leading)")
            if leading > 0 { #expect(end! >= .noon.after(2_400) && end! <= .noon.after(latest)) }
        }
    }

    @Test("jobs of an open call lead on when it ends")
    func running() {
        let open = LedgerEntry.open(3, .barcodes, 10, from: .noon)
        var backlog = Self.backlog(0, leading: 0, to: "images")
        backlog.ledgers = ["asinscope": Ledger([open])]
        backlog.queues[1].running = [
            RunningJobs(callID: 3, count: 10, leading: [0, 0, 0, 0, 0, 10])
        ]
        let forecast = Forecast(backlog, callDuration: Self.call)
        #expect(forecast["images"]?.followUps == 10)
        // Some linger in vain for a full batch.
        #expect(forecast["images"]?.finishesAtLatest == .noon.after(800))
    }

    @Test("the jobs that a halted endpoint would lead to have no end, and name that endpoint")
    func standing() {
        var paused = Self.backlog(50, leading: 50)
        paused.lanes[1].isPaused = true
        let source = Forecast(of: [paused, Self.codes(3)], callDuration: Self.call)
        #expect(source["lookup"]?.finishesAt != nil && source["lookup"]?.finishesAtLatest == nil)
        #expect(
            source["lookup"]?.followUpStandstill
                == EndpointForecast.FollowUpStandstill(endpoint: "barcodes", standstill: .paused))
        var codes = Self.codes()
        codes.lanes[0].standstill = .noAccount
        let target = Forecast(
            of: [Self.backlog(50, leading: 50), codes], callDuration: Self.call)
        #expect(
            target["lookup"]?.followUpStandstill
                == EndpointForecast.FollowUpStandstill(
                    endpoint: "lookup", standstill: .noAccount))
        #expect(target["lookup"]?.standstill == nil, "nothing waits there")
        #expect(target.finishesAt == .noon.after(400) && target.finishesAtLatest == nil)
    }

    @Test("a following job has the account of its job, if its provider has that account")
    func account() {
        var second = Self.barcodes(leadingTo: "images")
        second.account = "second"
        var images = Endpoint.images
        images.account = "second"
        var queue = QueueBacklog(.barcodes, account: "second", ready: [5: 100])
        queue.lines[5].leading = 100
        let backlog = Backlog(
            at: .noon,
            lanes: [Endpoint.images, Self.barcodes(leadingTo: "images"), images, second].map {
                LaneCondition(endpoint: $0)
            },
            queues: [QueueBacklog(.images), queue])
        var run = ForecastRun(backlog, callDuration: Self.call, nextCalls: 9, withFollowUps: true)
        run.finish()
        #expect(run.nextCalls.map(\.account) == ["second", "second"])
        #expect(Self.latest(Self.codes(), after: Self.backlog(9, leading: 9)).finishesAt != nil)
    }

    @Test("days that are skipped lead to as many jobs, to within a day", arguments: [0, 200_000])
    func passedOver(others: Int) {
        var backlog = Self.backlog(1_200_000, leading: 1_200_000 - others)
        backlog.lanes = backlog.lanes.map { lane in
            var lane = lane
            lane.endpoint.pools = [DailyPool(allowanceTokens: 150_000)]
            return lane
        }
        let ends = [true, false].map { passesOverDays in
            var run = ForecastRun(backlog, callDuration: Self.call, nextCalls: 0)
            run.passesOverDays = passesOverDays
            run.decisionsMax = .max
            run.finish()
            var fuller = Self.codes()
            run.followUps.add(to: &fuller)
            return fuller.queues[0].lines[5].scheduled
        }
        #expect(ends[0].reduce(0) { $0 + $1.count } == 1_200_000 - others)
        #expect(ends[1].reduce(0) { $0 + $1.count } == 1_200_000 - others)
        let last = ends.map { $0.last!.dueAt }
        #expect(last[0] >= last[1] && last[0] - last[1] <= .day)
        #expect(ends.allSatisfy { $0.count < 200 })
        #expect(ends[0].map(\.dueAt) == ends[0].map(\.dueAt).sorted())
    }

    @Test("following jobs are counted as well if the rest is extrapolated")
    func extrapolated() {
        for next in ["lookup", "images"] {
            let backlog = Self.backlog(400_000, leading: 400_000, to: next)
            var run = ForecastRun(
                backlog, callDuration: Self.call, nextCalls: 0, withFollowUps: true)
            run.decisionsMax = 3_000
            run.finish()
            let forecast = run.forecast(backlog)
            #expect(forecast.isApproximate && forecast["barcodes"]?.finishesAt != nil)
            if next == "images" {
                #expect(forecast["images"]!.tokens == 400_000)
                #expect(forecast["images"]!.finishesAt! >= forecast["barcodes"]!.finishesAt!)
            } else {
                var fuller = Self.codes()
                run.followUps.add(to: &fuller)
                let count = fuller.queues[0].lines[5].count
                #expect(count == 400_000)
            }
        }
    }
}
