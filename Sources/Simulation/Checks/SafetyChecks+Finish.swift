internal import Planning
internal import Providers
internal import Sandbox
internal import Storage

/// What must hold at the end of a run.
extension SafetyChecks {
    mutating func finish(_ run: SimulatedRun) throws {
        let counts = try run.outside.jobCounts(at: run.now)
        let kept = counts.values.reduce(0) { $0 + $1.total }
        jobsLost = run.book.addedJobs - kept
        if jobsLost != 0 { found(.lost, "\(jobsLost) jobs are lost", run) }
        let running = counts.values.reduce(0) { $0 + $1.running }
        let open = try run.outside.openCalls(at: run.endpoints)
        if open.isEmpty && running > 0 {
            found(.lost, "\(running) jobs are running without a call", run)
        }
        try checkAudit(run)
        checkRejected(run)
        try checkFollowUps(run)
        if run.book.isDrained && run.book.openSpoiling == 0 && !open.isEmpty {
            found(.settledOnce, "calls \(open.map(\.id)) were never settled", run)
        }
    }

    /// A settlement that found the disk full was written minutes after the instant that it states, and the
    /// ledger does not show what its drift was calculated from.
    private mutating func checkAudit(_ run: SimulatedRun) throws {
        let isLate = run.scenario.faults.contains(.commit)
        // Around a reset at which the clock is set, the audit calculates a small pool's day differently from
        // the planner.
        let isClockSet = run.scenario.faults.contains(.clock)
        let untold = run.scenario.accounts.filter { !$0.tellsDay }.map(\.account.name)
        for finding in try run.outside.audit(
            AccountLimits.always(run.endpoints), at: run.now
        ).findings
        where finding.code.severity == .problem && !(isLate && finding.code == .wrongDrift)
            && !(isClockSet && finding.code == .overPool
                && untold.contains(finding.account ?? ""))
        {
            found(.audit, "\(finding.code.rawValue): \(finding.text)", run)
        }
    }
}
