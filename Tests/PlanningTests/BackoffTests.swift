import Planning
import Testing

/// How long a lane makes no call after failed calls, and how long a hint it accepts.
struct BackoffTests {
    /// The lane's waits in seconds over calls that all end with `outcome`.
    private func waits(_ outcome: CallOutcome, calls: Int, after before: Ledger = Ledger())
        -> [Int64]
    {
        var ledger = before
        var now = Timestamp.noon
        return (0..<calls).map { index in
            let call = LedgerEntry.open(100 + Int64(index), .images, 1, from: now)
            now = now.after(500)
            let settlement = Planner.resolve(
                outcome, of: call, jobs: jobs(1), endpoint: .images, ledger: ledger, at: now)
            ledger = Ledger(ledger.entries + [call.settled(as: settlement, at: now)])
            let wait = (settlement.retryAt! - now).milliseconds
            now = settlement.retryAt!
            return wait / 1_000
        }
    }

    private func images(_ outcomes: [LedgerEntry.Outcome]) -> Ledger {
        Ledger(
            outcomes.enumerated().map { index, outcome in
                let end = Timestamp.noon.after(-9_000 + index * 100)
                return .settled(Int64(index), .images, 0, from: end.after(-50), to: end, outcome)
            })
    }

    @Test(
        "failures, and refusals without a hint, wait 1, 2, 4 … 300 s",
        arguments: [
            CallOutcome.failed(status: 500, message: ""), .failed(status: nil, message: ""),
            .rateLimited(.minute, hint: nil, message: ""),
        ])
    func sequence(outcome: CallOutcome) {
        #expect(waits(outcome, calls: 12) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    }

    @Test("an answer, even a refusal of the products, restarts the sequence")
    func anew() {
        for outcome in [LedgerEntry.Outcome.succeeded, .rejected, .unauthorized] {
            let before = images([.failed, .failed, .failed, outcome])
            #expect(waits(.failed(status: 502, message: ""), calls: 3, after: before) == [1, 2, 4])
        }
    }

    @Test("a call that we lost neither counts nor ends the run")
    func lost() {
        let before = images([.failed, .failed, .expired])
        #expect(waits(.failed(status: 502, message: ""), calls: 2, after: before) == [4, 8])
    }

    @Test("the other lane's failures do not count")
    func otherLane() {
        let before = Ledger(
            (1...5).map { id in
                .settled(
                    id, .barcodes, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), .failed)
            })
        #expect(waits(.failed(status: 502, message: ""), calls: 2, after: before) == [1, 2])
    }

    @Test(
        "a back-off is bounded however long the run", arguments: [-5, 0, 1, 10, 17, 64, 1_000_000])
    func bounded(calls: Int) {
        for backoff in [
            Planner.laneBackoff(consecutiveFailures: calls), Planner.jobBackoff(failures: calls),
        ] {
            #expect(backoff >= .seconds(1) && backoff <= .seconds(300))
        }
    }

    @Test(
        "a hint is accepted between zero and a day",
        arguments: [
            (.seconds(-5), 0), (.zero, 0), (.milliseconds(1), 1), (.seconds(36), 36_000),
            (.day, 86_400_000), (.day + .milliseconds(1), 86_400_000),
            (.seconds(Int64.max / 1_000), 86_400_000),
        ] as [(Duration, Int)])
    func hints(hint: Duration, wait: Int) {
        let call = LedgerEntry.open(1, .images, 1, from: .noon.after(-500))
        func resolve(_ outcome: CallOutcome) -> Settlement {
            Planner.resolve(
                outcome, of: call, jobs: jobs(1), endpoint: .images, ledger: Ledger(), at: .noon)
        }
        let minute = resolve(.rateLimited(.minute, hint: hint, message: ""))
        #expect(minute.retryAt == .noon.after(wait + 1_000))
        #expect(minute.changes.first.map { $0.job.snoozes } == 1)
        let day = resolve(.rateLimited(.day, hint: hint, message: ""))
        #expect(day.retryAt == .noon.after(wait))
        #expect(day.dailyResetAt == .noon.after(wait))
        let reset = resolve(answer(jobs(1), left: 5, resetsIn: hint)).dailyResetAt
        #expect(reset == .noon.after(wait))
    }
}
