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
            run.scenario.accountsByProvider.map { accounts in
                Self.groups(accounts).map { group in
                    Self.milliseconds(
                        for: additions.filter { group.takes($0.account) }, by: group.accounts, run)
                }.max() ?? 0
            }.max() ?? 0
    }

    /// Some of the jobs, and all accounts that may take one of them. The limits of these accounts add up.
    private struct Group {
        var accounts: [SimulatedAccount]
        /// Whether a job that names an account, or none, is one of them.
        var takes: (String?) -> Bool
    }

    /// All jobs; those that name no account; those of each account.
    private static func groups(_ accounts: [SimulatedAccount]) -> [Group] {
        [
            Group(accounts: accounts) { _ in true },
            Group(accounts: accounts.filter(\.account.isShared)) { $0 == nil },
        ]
            + accounts.map { account in
                Group(accounts: [account]) { $0 == account.account.name }
            }
    }

    private static func milliseconds(
        for additions: [RunBook.Added], by accounts: [SimulatedAccount], _ run: SimulatedRun
    ) -> Int64 {
        // The days of one provider's accounts begin together.
        let shift = accounts[0].dayBeginsMilliseconds
        let arrivals = additions.map { addition in
            LowerBound.Arrival(
                atMilliseconds: addition.atMicroseconds / 1_000 - shift,
                products: accounts[0].account.endpoints.map {
                    $0.name == addition.endpoint ? addition.units : 0
                })
        }
        let bound = LowerBound(of: accounts.map(\.bound))
        return bound.milliseconds(
            for: arrivals, from: run.scenario.startMicroseconds / 1_000 - shift,
            tokensLeft: bound.accounts.map(\.day))
    }

    /// For the work that is open now, from now on, at providers that document when their day begins: as if
    /// each account had to do all of it, because any part of it may name that account.
    init(left run: SimulatedRun) throws {
        let counts = try run.outside.jobCounts(at: run.now)
        milliseconds =
            run.scenario.accounts.indices.compactMap { index in
                let (account, server) = (run.scenario.accounts[index], run.servers[index])
                guard let left = server.dayTokensLeft(atMilliseconds: run.time / 1_000) else {
                    return nil
                }
                let open = account.account.endpoints.map { counts[$0.name]?.unpaused ?? 0 }
                return account.bound.milliseconds(
                    for: open, from: run.time / 1_000,
                    tokensLeft: DayTokens(shared: left, own: account.bound.day.own))
            }.max() ?? 0
    }

    /// Whether the planner must reach it: no faults, also of hosts, and all of the work at one provider, for any
    /// account and present at the start. Work that arrives later may find the tokens spent on work that could have waited.
    static func isDue(_ run: SimulatedRun) -> Bool {
        let start = run.scenario.startMicroseconds
        let submissions = run.scenario.workload.submissions
        let asked = run.scenario.accountsByProvider.filter { accounts in
            submissions.contains { submission in
                accounts[0].account.endpoints.contains { $0.name == submission.endpoint }
            }
        }
        return run.scenario.schedule == nil
            && run.scenario.faults.isSubset(of: [.absent]) && run.scenario.kills.isEmpty
            && run.scenario.hosts?.restarts.isEmpty ?? true && asked.count <= 1
            && asked.joined().allSatisfy(\.account.isShared)
            && run.scenario.latencyMilliseconds.upperBound <= 500
            && run.scenario.workload.cancellations.isEmpty
            && submissions.allSatisfy {
                $0.atMicroseconds == start && $0.priority > 0 && $0.account == nil
            }
    }
}
