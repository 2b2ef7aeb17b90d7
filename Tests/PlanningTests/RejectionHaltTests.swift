import Planning
import Testing

/// A server that rejects everything must not empty the queue: three products rejected alone, with no
/// answer in between, halt the lane.
struct RejectionHaltTests {
    /// Calls of one product, or of several, from id 1 on, a second apart.
    private func ledger(_ calls: [(LedgerEntry.Outcome, isAlone: Bool)]) -> Ledger {
        Ledger(
            calls.enumerated().map { index, call in
                var entry = LedgerEntry.settled(
                    Int64(index + 1), .images, 0, from: .noon.after((index - 100) * 1_000),
                    to: .noon.after((index - 100) * 1_000 + 500), call.0)
                entry.isAlone = call.isAlone
                return entry
            })
    }

    private static let rejected: (LedgerEntry.Outcome, isAlone: Bool) = (.rejected, true)
    private static let answered: (LedgerEntry.Outcome, isAlone: Bool) = (.succeeded, false)

    private func resolve(_ before: Ledger, _ jobs: [Job] = jobs(1)) -> Settlement {
        Planner.resolve(
            .rejected(status: 400, message: "upgrade"),
            of: .open(99, .images, jobs.count, from: .noon), jobs: jobs, endpoint: .images,
            ledger: before, at: .noon.after(50))
    }

    @Test("the first two become dead letters, the third returns them to the queue")
    func third() {
        for count in 0...1 {
            let settlement = resolve(ledger(Array(repeating: Self.rejected, count: count)))
            #expect(settlement.changes == [.discarded(jobs(1)[0], error: "upgrade")])
            #expect(settlement.revivedCalls == [])
        }
        for count in 2...4 {
            let settlement = resolve(ledger(Array(repeating: Self.rejected, count: count)))
            #expect(settlement.changes == [.available(jobs(1)[0], notBefore: nil)])
            #expect(settlement.revivedCalls == (1...count).map(Int64.init))
            #expect(settlement.outcome == .rejected && settlement.retryAt == nil)
        }
    }

    @Test("an answer in between shows that the endpoint accepts others")
    func answered() {
        let settlement = resolve(ledger([Self.rejected, Self.rejected, Self.answered]))
        #expect(settlement.changes == [.discarded(jobs(1)[0], error: "upgrade")])
        #expect(settlement.revivedCalls == [])
    }

    @Test(
        "batches that were rejected, failures, refusals and lost calls neither count nor reset the count"
    )
    func others() {
        let before = ledger([
            Self.answered, Self.rejected, (.rejected, false), (.failed, true), Self.rejected,
            (.rateLimited, false), (.expired, false), (.failed, false),
        ])
        #expect(resolve(before).revivedCalls == [2, 5])
        #expect(!before.isHalted("images", resumedAfter: 0))
        #expect(
            resolve(before, jobs(4)).changes
                == jobs(4).map {
                    var smaller = $0
                    smaller.batchLimit = 2
                    return .available(smaller, notBefore: nil)
                })
    }

    @Test("three halt their own lane, until it is resumed")
    func halts() {
        let before = ledger([Self.answered, Self.rejected, Self.rejected, Self.rejected])
        func decide(_ endpoint: Endpoint, resumedAfter: Int64 = 0) -> Decision<CallPlan> {
            Planner.decide(
                Snapshot(
                    endpoint: endpoint, resumedAfter: resumedAfter, ready: jobs(10),
                    ledger: before), at: .noon)
        }
        #expect(decide(.images) == .hold(.halted, until: nil))
        #expect(decide(.barcodes).called?.count == 10)
        #expect(decide(.images, resumedAfter: 4).called?.count == 10)
        // Two of the three came later: one more halts it.
        #expect(decide(.images, resumedAfter: 2).called?.count == 1)
    }

    @Test("after two, the next call carries the product that is most likely to be good")
    func leastSuspect() {
        let ready =
            jobs(3, batchLimit: 1) + jobs(5, from: 4, batchLimit: 50) + jobs(4, from: 9)
            + jobs(1, from: 13, priority: 9, batchLimit: 6)
        func called(_ before: Ledger) -> [Int64]? {
            Planner.decide(Snapshot(endpoint: .images, ready: ready, ledger: before), at: .noon)
                .called?.map(\.id)
        }
        #expect(called(ledger([Self.rejected])) == [1])
        #expect(called(ledger([Self.rejected, Self.rejected])) == [12])
        #expect(called(ledger([Self.rejected, Self.rejected, Self.answered])) == [1])
    }

    @Test("a server that rejects everything gets few calls, and removes no product from the queue")
    func everything() {
        for endpoint in ["images", "barcodes"] {
            var run = VirtualRun(latency: 100_000...900_000)
            run.provider.unacceptable = Set((1...200).map { "P\($0)" })
            run.queues[endpoint]!.add(200, at: run.now)
            run.run(for: .seconds(3_600))
            #expect(run.calls.count <= 12, "\(run.calls.count) calls at \(endpoint)")
            #expect(run.queues[endpoint]!.discarded.isEmpty)
            #expect(run.queues[endpoint]!.count == 200)
        }
    }

    @Test("bad products in a row among good ones are discarded, and the lane is not halted")
    func row() {
        for endpoint in ["images", "barcodes"] {
            var run = VirtualRun(latency: 100_000...900_000)
            let bad: Set<Int64> = [11, 12, 13, 14, 15, 90, 91]
            run.provider.unacceptable = Set(bad.map { "P\($0)" })
            run.queues[endpoint]!.add(300, at: run.now)
            run.run(for: .seconds(3_600))
            #expect(run.queues[endpoint]!.discarded == bad, "\(endpoint)")
            #expect(run.queues[endpoint]!.completed.count == 300 - bad.count, "\(endpoint)")
        }
    }
}
