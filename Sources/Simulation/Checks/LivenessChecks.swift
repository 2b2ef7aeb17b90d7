/// What must come about once there is no trouble.
struct LivenessChecks {
    /// How many products are fed, ten minutes apart, beside one that always fails: it must have run
    /// out of attempts by then.
    static let fedMost = 200
    /// A few calls at the end that carry little, a linger, a batch that waits for its last token.
    static let slackMilliseconds: Int64 = 15_000

    private(set) var findings: [Finding] = []
    var isGivenUp = false

    /// From here on the queue must drain: in the time that the limits need for all of it, and two days,
    /// because a wrong balance may have stopped the lanes until the next reset.
    func calm(_ run: SimulatedRun) {
        let least = RunBound(run).milliseconds
        run.add(.giveUp, afterMicroseconds: (least + least / 10 + 2 * 86_400_000) * 1_000)
    }

    mutating func finish(_ run: SimulatedRun) {
        if !run.book.isDrained {
            let open = run.book.openJobs - run.book.openSpoiling
            findings.append(Finding(.drains, "\(open) jobs are not done", run))
        } else if run.book.openSpoiling > 0 {
            let open = run.book.openSpoiling
            findings.append(Finding(.poison, "\(open) products that always fail are retried", run))
        }
        if RunBound.isDue(run) { checkBound(run) }
    }

    /// Counting a call from its finish delays what it holds of a minute window by its latency, so
    /// that a minute's worth takes a minute and a latency.
    private mutating func checkBound(_ run: SimulatedRun) {
        let least = RunBound(run).milliseconds
        let latency = Int64(run.scenario.latencyMilliseconds.upperBound)
        let most = least + least * latency / 60_000 + Self.slackMilliseconds
        let taken = run.makespanMilliseconds
        if taken > most {
            findings.append(
                Finding(
                    .bound,
                    "\(taken) ms, where the limits need \(least) and the calls' latency allows \(most)",
                    run))
        }
        if taken < least {
            findings.append(
                Finding(.bound, "\(taken) ms is less than the bound of \(least)", run))
        }
    }
}
