@testable import Planning

extension QueueBacklog {
    /// Jobs that are ready, by priority, and scheduled ones: when they are due, at which priority, how many,
    /// behind how many of the ready ones.
    init(
        _ endpoint: Endpoint, account: String? = nil, ready: [Int: Int] = [:],
        later: [(dueAt: Timestamp, priority: Int, count: Int, ahead: Int)] = [],
        groups: [JobGroup] = []
    ) {
        self.init(endpoint: endpoint.name, account: account, groups: groups)
        for (priority, count) in ready { lines[priority].ready = count }
        for (dueAt, priority, count, ahead) in later.sorted(by: { $0.dueAt < $1.dueAt }) {
            lines[priority].scheduled.append(
                ScheduledJobs(dueAt: dueAt, count: count, ahead: ahead))
        }
    }
}

extension Backlog {
    init(
        at now: Timestamp, ledger: Ledger = Ledger(), of endpoints: [Endpoint],
        _ queues: [QueueBacklog]
    ) {
        self.init(
            at: now, ledgers: [endpoints[0].account: ledger],
            lanes: endpoints.map { LaneCondition(endpoint: $0) }, queues: queues)
    }

    /// At noon, with all limits full.
    init(
        images: [Int: Int] = [:], barcodes: [Int: Int] = [:], ledger: Ledger = Ledger(),
        at now: Timestamp = .noon
    ) {
        self.init(
            at: now, ledger: ledger, of: [.images, .barcodes],
            [QueueBacklog(.images, ready: images), QueueBacklog(.barcodes, ready: barcodes)])
    }

    /// The backlog with another allowance for a day.
    func with(allowance: Int) -> Backlog {
        var changed = self
        for index in changed.lanes.indices {
            changed.lanes[index].endpoint.pools = [DailyPool(allowanceTokens: allowance)]
        }
        return changed
    }
}

extension JobGroup {
    /// Jobs of priority 5, all ready, the last of them at a position in their line.
    static func label(_ label: String, upTo position: Int, jobs: Int? = nil) -> JobGroup {
        JobGroup(
            label: label, jobs: jobs ?? position,
            marks: [Mark(priority: 5, part: 0, position: position)])
    }
}

extension Forecast {
    /// A forecast that may skip days or not, with a maximum number of decisions.
    init(
        _ backlog: Backlog, callDuration: Duration = .milliseconds(400), passesOverDays: Bool,
        decisionsMax: Int = .max
    ) {
        var run = ForecastRun(backlog, callDuration: callDuration, nextCalls: 10)
        run.passesOverDays = passesOverDays
        run.decisionsMax = decisionsMax
        run.finish()
        self = run.forecast(backlog)
    }

    /// Milliseconds from the forecast to the end of an endpoint's jobs.
    func milliseconds(to endpoint: String) -> Int64? {
        self[endpoint]?.finishesAt.map { ($0 - at).milliseconds }
    }
}
