import Planning
import Testing

/// When a failure counts against its jobs, and the effects of the count.
struct FailureCountTests {
    private func fail(_ asked: [Job], after outcomes: [LedgerEntry.Outcome]) -> [JobChange] {
        let ledger = Ledger(
            outcomes.enumerated().map { index, outcome in
                let end = Timestamp.noon.after(-60_000 + index * 1_000)
                return .settled(Int64(index), .images, 1, from: end.after(-500), to: end, outcome)
            })
        return Planner.resolve(
            .failed(status: 500, message: "oops"), of: .open(99, .images, asked.count, from: .noon),
            jobs: asked, endpoint: .images, ledger: ledger, at: .noon.after(300)
        ).changes
    }

    @Test(
        "a failure counts only if the endpoint was answering before it",
        arguments: [
            ([.succeeded], true), ([.rejected], true), ([.failed, .succeeded], true),
            ([.succeeded, .rateLimited], true), ([.succeeded, .expired], true),
            ([.succeeded, .rateLimited, .expired], true),
            ([], false), ([.failed], false), ([.succeeded, .failed], false),
            ([.succeeded, .failed, .rateLimited], false), ([.succeeded, .unauthorized], false),
            ([.rateLimited], false), ([.expired], false),
        ] as [([LedgerEntry.Outcome], Bool)])
    func counts(before: [LedgerEntry.Outcome], isCounted: Bool) {
        let job = jobs(1, failures: 2)
        #expect(fail(job, after: before).first?.job.failures == (isCounted ? 3 : 2))
    }

    @Test("in an outage a failure is recorded once, and no batch is halved", arguments: 0...9)
    func outage(failures: Int) {
        for change in fail(jobs(10, failures: failures), after: [.failed]) {
            #expect(change.job.failures == max(1, failures))
            #expect(change.job.batchLimit == 100)
            guard case .available = change else {
                Issue.record("\(change)")
                return
            }
        }
    }

    @Test(
        "the second counted failure halves the batch, and each one after it",
        arguments: [(0, 100, 100), (1, 100, 50), (2, 50, 25), (3, 25, 12), (7, 3, 1), (9, 2, 1)])
    func halves(failures: Int, size: Int, limit: Int) {
        for change in fail(jobs(size, failures: failures), after: [.succeeded]) {
            #expect(change.job.batchLimit == limit)
            // In a batch no more than two count.
            #expect(change.job.failures == max(failures, min(failures + 1, 2)))
        }
    }

    @Test("a lower limit is never raised")
    func neverRaised() {
        let mixed =
            jobs(10, failures: 1, batchLimit: 12) + jobs(2, from: 11, failures: 1, batchLimit: 3)
        let limits = fail(mixed, after: [.succeeded]).map(\.job.batchLimit)
        #expect(limits == Array(repeating: 6, count: 10) + [3, 3])
    }

    @Test(
        "a job alone runs out of attempts at its fifth failure, in a batch never", arguments: 0...9)
    func attempts(failures: Int) throws {
        let alone = try #require(fail(jobs(1, failures: failures), after: [.succeeded]).first)
        if failures + 1 >= 5 {
            var dead = jobs(1)[0]
            dead.failures = failures + 1
            #expect(alone == .discarded(dead, error: "oops"))
        } else {
            #expect(alone.job.failures == failures + 1)
            #expect(alone.job.batchLimit == 100)
        }
        for change in fail(jobs(2, failures: failures), after: [.succeeded]) {
            guard case .available = change else {
                Issue.record("\(change)")
                return
            }
        }
    }

    @Test("a job waits longer than its lane, 5 s and twice as long each time, up to 5 minutes")
    func standsBack() {
        let waits = (1...9).map { failures in
            guard
                case .available(_, let notBefore?) = fail(
                    jobs(2, failures: failures), after: [.failed])[0]
            else { return 0 as Int64 }
            return (notBefore - Timestamp.noon.after(2_300)).milliseconds / 1_000
        }
        #expect(waits == [5, 10, 20, 40, 80, 160, 300, 300, 300])
    }

    @Test(
        "failures in a batch leave a job attempts of its own: a single failure alone does not discard it"
    )
    func innocentAfterCompany() {
        // The attempts that a batch of 100 with a poison product leaves its last neighbor.
        let company = fail(jobs(2, failures: 9), after: [.succeeded])
        #expect(company.map(\.job.failures) == [9, 9])
        let neighbour = jobs(1, failures: 2, batchLimit: 1)
        guard case .available = fail(neighbour, after: [.succeeded])[0] else {
            Issue.record("discarded after its first failure alone")
            return
        }
    }
}
