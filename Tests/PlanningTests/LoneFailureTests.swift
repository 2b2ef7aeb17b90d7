import Planning
import Testing

/// The last product of an endpoint fails call after call: no other call shows that it is no outage.
struct LoneFailureTests {
    private func change(
        _ lone: LoneFailures?, _ outcome: CallOutcome = .failed(status: 500, message: "boom"),
        _ jobs: [Job] = jobs(1, failures: 1)
    ) -> JobChange {
        let failed = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), .failed)
        return Planner.resolve(
            outcome, of: .open(2, .images, jobs.count, from: .noon.after(-1)), jobs: jobs,
            endpoint: .images, ledger: Ledger([failed], loneFailures: lone), at: .noon
        ).changes[0]
    }

    private func alone(milliseconds: Int, calls: Int) -> LoneFailures {
        LoneFailures(since: .noon.after(-milliseconds), calls: calls)
    }

    private func isDiscarded(_ change: JobChange) -> Bool {
        change == .discarded(change.job, error: "boom")
    }

    @Test("it becomes a dead letter after a day and as many attempts as any other has")
    func day() {
        #expect(isDiscarded(change(alone(milliseconds: 86_400_000, calls: 4))))
        #expect(!isDiscarded(change(alone(milliseconds: 86_399_999, calls: 300))))
        #expect(!isDiscarded(change(alone(milliseconds: 999_999_999, calls: 3))))
        #expect(!isDiscarded(change(nil)))
    }

    @Test("it does not in a batch, nor for a call that never reached the API")
    func others() {
        let long = alone(milliseconds: 999_999_999, calls: 300)
        #expect(!isDiscarded(change(long, .failed(status: 500, message: "boom"), jobs(2))))
        #expect(!isDiscarded(change(long, .unsent(.connectionRefused))))
        #expect(!isDiscarded(change(long, .intercepted(status: 403, message: "boom"))))
        #expect(!isDiscarded(change(long, .expired)))
    }
}
