import Planning
import Testing

/// An answer with pages is fetched page by page, each with its own call.
struct PagesTests {
    private func resolve(_ job: Job, nextPageOffset: Int?, isFound: Bool = true) -> JobChange? {
        let item = Item(isFound: isFound, body: "[]", nextPageOffset: nextPageOffset)
        return Planner.resolve(
            .succeeded(Answer(items: [job.product: item])),
            of: .open(1, .search, 1, from: .noon), jobs: [job], endpoint: .search,
            ledger: Ledger(), at: .noon.after(300)
        ).changes.first
    }

    private func job(done: Int, most: Int, offset: Int = 0, failures: Int = 0) -> Job {
        Job(
            id: 1, product: "lego 42", failures: failures, pagesDone: done, pagesMax: most,
            pageOffset: offset)
    }

    @Test("the job continues at the offset of the reply, until it has its number of pages")
    func limit() {
        for most in 1...4 {
            var job = job(done: 0, most: most)
            var calls = 1
            while case .continued(let next, _) = resolve(job, nextPageOffset: calls * 10) {
                #expect(next.pageOffset == calls * 10 && next.pagesDone == calls)
                job = next
                calls += 1
            }
            #expect(calls == most)
        }
    }

    @Test("it ends if there are no more pages, or if the server would send it back")
    func end() {
        for offset in [nil, 0, 10, 20] {
            guard
                case .completed = resolve(
                    job(done: 2, most: 5, offset: 20), nextPageOffset: offset)
            else {
                Issue.record("continued at \(String(describing: offset))")
                continue
            }
        }
    }

    @Test("a page clears the failures of the previous one")
    func failures() {
        let change = resolve(job(done: 0, most: 2, failures: 4), nextPageOffset: 10)
        #expect(change?.job.failures == 0)
    }

    @Test("a failure or a snooze between pages keeps the offset")
    func place() {
        let job = job(done: 1, most: 3, offset: 10)
        for outcome in [
            CallOutcome.failed(status: 500, message: "x"), .expired,
            .rateLimited(.minute, hint: .seconds(5), message: "TOO_FAST"),
        ] {
            let change = Planner.resolve(
                outcome, of: .open(1, .search, 1, from: .noon), jobs: [job], endpoint: .search,
                ledger: Ledger(), at: .noon.after(300)
            ).changes[0]
            #expect(change.job.pagesDone == 1 && change.job.pageOffset == 10)
        }
    }

    @Test("the product that an answer leads to is looked up next, if that was requested")
    func followUps() {
        let asked = [
            Job(id: 1, product: "A", lookupMaxAge: .seconds(90)),
            Job(id: 2, product: "B", lookupMaxAge: .zero),
            Job(id: 3, product: "C"),
            Job(id: 4, product: "D", lookupMaxAge: .zero),
            Job(id: 5, product: "E", lookupMaxAge: .zero),
        ]
        let items = ["A": "1", "B": "2", "C": "3", "D": nil].mapValues {
            Item(isFound: true, body: "{}", leadsTo: $0)
        }
        let now = Timestamp.noon.after(300)
        var barcodes = Endpoint.barcodes
        func followUps() -> [FollowUp] {
            Planner.resolve(
                DatedOutcome(.succeeded(Answer(items: items))),
                of: .open(1, .barcodes, 10, from: .noon), jobs: asked, endpoint: barcodes,
                ledger: Ledger(), at: now
            ).followUps
        }
        #expect(followUps() == [], "the endpoint leads nowhere")
        barcodes.leadsTo = "lookup"
        #expect(
            followUps() == [
                FollowUp(
                    jobID: 1, endpoint: "lookup", product: "1", freshSince: now - .seconds(90)),
                FollowUp(jobID: 2, endpoint: "lookup", product: "2", freshSince: now),
            ])
    }
}
