internal import Planning
internal import Providers
internal import Sandbox

/// What schedules leave to other jobs, by the server's count, without the planner's arithmetic.
extension SafetyChecks {
    /// A look has enqueued products of the schedule. Deferred jobs, and the clocks and clients that faults
    /// bring in, make both counts uncertain.
    ///
    /// - Parameter waiting: The waiting jobs at each of the account's endpoints before that.
    mutating func addedStanding(
        _ added: Int, at index: Int, waiting: [Int], _ run: SimulatedRun
    ) {
        guard run.scenario.faults.isSubset(of: [.absent]) else { return }
        let endpoint = run.endpoints[index]
        let accounts =
            run.scenario.accountsByProvider.first {
                $0[0].account.definition.name == endpoint.provider
            } ?? []
        // The accounts' limits differ: each has calls of its own size.
        let most = run.endpoints.filter { $0.name == endpoint.name }
            .reduce(0) { $0 + $1.batchLimit * ($1.lanes.count + 1) }
        if run.book.openStanding > most {
            found(.standing, "\(run.book.openStanding) jobs of the schedule are open", run)
        }
        let account = run.account(of: index)
        let milliseconds = run.time / 1_000
        // Where several accounts share the waiting jobs, each counts all of them.
        guard accounts.count == 1, let allowance = account.account.endpoints[0].sharedPool,
            let left = run.servers[run.accountIndex(of: index)].dayTokensLeft(
                atMilliseconds: milliseconds)
        else { return }
        let minutes = Int((86_400_000 - milliseconds % 86_400_000) / 60_000)
        let figures = run.scenario.figures
        let needed = zip(account.account.endpoints, waiting).map { other, waiting in
            let most =
                other.tariff.step > 1
                ? figures.barcodesPerMinute * minutes : figures.imagesPerMinute * minutes
            return min(other.tariff.cost(of: waiting), most)
        }.reduce(0, +)
        let spent = endpoint.tariff.cost(of: added)
        if left - spent < needed + allowance.allowanceTokens / 10 {
            found(
                .floor,
                "\(added) jobs of the schedule were added with \(left) tokens left and \(needed) needed",
                run)
        }
    }
}
