internal import Planning
internal import Providers
internal import Sandbox
internal import Storage

/// The bound of a run: the time that the limits alone require for the products that were added. Products that
/// results lead to are not counted.
struct RunBound {
    /// From the start of the run until its last product could be counted.
    let milliseconds: Int64

    /// Every pool is full at the start.
    init(_ run: SimulatedRun) {
        let additions = run.book.additions.filter { addition in
            addition.label.map { !run.book.cancelledLabels.contains($0) } ?? true
        }
        milliseconds =
            run.scenario.providers.map { provider in
                let shift = provider.dayBeginsMilliseconds
                let arrivals = additions.map { addition in
                    LowerBound.Arrival(
                        atMilliseconds: addition.atMicroseconds / 1_000 - shift,
                        products: provider.account.endpoints.map {
                            $0.name == addition.endpoint ? addition.units : 0
                        })
                }
                return provider.bound.milliseconds(
                    for: arrivals, from: run.scenario.startMicroseconds / 1_000 - shift,
                    tokensLeft: provider.bound.day)
            }.max() ?? 0
    }

    /// The bound for the work that is open now, from now on, at providers that document when their day
    /// begins.
    init(left run: SimulatedRun) throws {
        let counts = try run.outside.jobCounts(at: run.now)
        milliseconds =
            run.scenario.providers.indices.compactMap { index in
                let (provider, server) = (run.scenario.providers[index], run.servers[index])
                guard let left = server.dayTokensLeft(atMilliseconds: run.time / 1_000) else {
                    return nil
                }
                let open = provider.account.endpoints.map { endpoint in
                    let jobs = counts[endpoint.name] ?? JobCounts()
                    return jobs.ready + jobs.later + jobs.running
                }
                return provider.bound.milliseconds(
                    for: open, from: run.time / 1_000,
                    tokensLeft: DayTokens(shared: left, own: provider.bound.day.own))
            }.max() ?? 0
    }

    /// Whether the planner must reach it: no faults, and all of the work at one provider and present at the
    /// start. Work that arrives later may find the tokens spent on work that could have waited.
    static func isDue(_ run: SimulatedRun) -> Bool {
        let start = run.scenario.startMicroseconds
        let submissions = run.scenario.workload.submissions
        let asked = run.scenario.providers.count { provider in
            submissions.contains { submission in
                provider.account.endpoints.contains { $0.name == submission.endpoint }
            }
        }
        return run.scenario.faults.isSubset(of: [.absent]) && asked <= 1
            && run.scenario.latencyMilliseconds.upperBound <= 500
            && run.scenario.workload.cancellations.isEmpty
            && submissions.allSatisfy { $0.atMicroseconds == start && $0.priority > 0 }
    }
}
