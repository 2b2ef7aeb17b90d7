internal import Planning
internal import Providers
internal import Storage

/// The properties that must become true once there are no faults.
struct LivenessChecks {
    /// How many products are added, ten minutes apart, while one always fails: it must have run out of
    /// attempts by then.
    static let fedMax = 200
    /// A few calls at the end that carry little, a linger, and a batch that waits for its last token.
    static let slackMilliseconds: Int64 = 15_000

    private(set) var findings: [RunFinding] = []
    var isGivenUp = false

    /// From here on the queue must drain: in the time that the limits need for the rest, and an hour of
    /// back-off. If a balance or a charge may be wrong, or another client has used the pool, the lanes may
    /// wait until the reset; if a product spoils its batches, the other products are separated from it step
    /// by step, each step with a longer back-off.
    func calm(_ run: SimulatedRun) throws {
        let least = try RunBound(left: run).milliseconds + daysMilliseconds(run)
        let isUncertain = !run.scenario.faults.isSubset(of: [.absent, .clock, .kill, .outage])
        let slack: Int64 = isUncertain ? 2 * 86_400_000 : 3_600_000
        run.add(.giveUp, afterMicroseconds: (least + least / 20 + slack) * 1_000)
    }

    /// An upper bound for the open work at providers that do not document when their day begins: the days that
    /// their fullest pool needs, with four pages for each query, and two more.
    private func daysMilliseconds(_ run: SimulatedRun) throws -> Int64 {
        let counts = try run.outside.jobCounts(at: run.now)
        let days = run.scenario.accounts.filter { !$0.tellsDay }.map { provider in
            let endpoints = provider.account.endpoints
            let days = endpoints.everyPool.map { pool in
                endpoints.filter { $0.pools.contains(pool) }.reduce(0) {
                    let open = counts[$1.name]?.unpaused ?? 0
                    return $0 + open * ($1.hasPages ? 4 : 1)
                } / pool.allowanceTokens
            }
            return Int64((days.max() ?? 0) + 2)
        }
        return (days.max() ?? 0) * 86_400_000
    }

    mutating func finish(_ run: SimulatedRun) {
        if !run.book.isDrained {
            let open = run.book.openJobs - run.book.openSpoiling
            findings.append(RunFinding(.drains, "\(open) jobs are not done", run))
        } else if run.book.openSpoiling > 0 {
            let open = run.book.openSpoiling
            findings.append(
                RunFinding(.poison, "\(open) products that always fail are retried", run))
        }
        if RunBound.isDue(run) { checkBound(run) }
    }

    /// Within a hundredth of the bound. Counting a call from its finish delays its share of a minute window
    /// by its latency, so that a minute's worth takes a minute and a latency: with half a second that is
    /// 1/120. And the slower of two endpoints goes first, which can leave the last day with one kind of work.
    private mutating func checkBound(_ run: SimulatedRun) {
        let least = RunBound(run).milliseconds
        // One client's calls run one after another: each adds its latency and, if both endpoints wait for the
        // same window, the turn of the slower one.
        let items = run.calls.count { run.endpoints[$0.lane.endpoint].clientPolicy.isOneConnection }
        let inTurn = Int64(items) * Int64(run.scenario.latencyMilliseconds.upperBound + 60)
        let most =
            least + least / 100 + Self.slackMilliseconds + inTurn + lastBatchMilliseconds(run)
        let taken = run.makespanMilliseconds
        if taken > most {
            findings.append(
                RunFinding(
                    .bound,
                    "\(taken) ms, where the limits need \(least) and \(most) are allowed",
                    run))
        }
        if taken < least {
            findings.append(
                RunFinding(.bound, "\(taken) ms is less than the bound of \(least)", run))
        }
    }

    /// Where accounts share the work, one of them takes the last batch and waits until its own limits let it
    /// pass, though the others could have taken a part of it.
    private func lastBatchMilliseconds(_ run: SimulatedRun) -> Int64 {
        let sharing = run.scenario.accountsByProvider.filter { $0.count > 1 }.joined()
            .map(\.account.name)
        let called = Set(run.calls.map(\.lane.endpoint)).map { run.endpoints[$0] }
        return called.filter { sharing.contains($0.account) }.flatMap { endpoint in
            let tokens = endpoint.tariff.cost(of: endpoint.batchLimit)
            return endpoint.limits.map { limit in
                switch limit {
                case .tokenBucket(let bucket): Int64(tokens * 60_000 / bucket.tokensPerMinute)
                case .slidingWindow(let window):
                    window.period.milliseconds * Int64(1 + tokens / window.capacityTokens)
                }
            }
        }.max() ?? 0
    }
}
