import Planning
import Testing

/// Which job goes first after a failed call, if all waiting jobs have failed before.
struct LeastRecentCallTests {
    private func decide(_ jobs: [Job], after outcome: LedgerEntry.Outcome = .failed) -> Decision<
        CallPlan
    > {
        let last = LedgerEntry.settled(
            20, .images, 1, from: .noon.after(-900_000), to: .noon.after(-800_000), outcome)
        return Planner.decide(
            Snapshot(endpoint: .images, ready: jobs, ledger: Ledger([last])), at: .noon)
    }

    private func failed(_ id: Int64, _ lastCallID: Int64?, priority: Int = 5) -> Job {
        Job(
            id: id, product: "P\(id)", priority: priority, failures: 2, batchLimit: 1,
            lastCallID: lastCallID)
    }

    @Test("the least recently tried job goes first, whatever its position and priority")
    func furthestBack() {
        let jobs = [failed(1, 19, priority: 0), failed(2, 20), failed(3, 7), failed(4, 8)]
        #expect(decide(jobs).called?.map(\.id) == [3])
    }

    @Test("jobs of the same call go by priority and then first in, first out")
    func sameCall() {
        let jobs = [
            failed(5, 7, priority: 2), failed(3, 7, priority: 4), failed(4, 7, priority: 4),
        ]
        #expect(decide(jobs).called?.map(\.id) == [5])
        #expect(decide(Array(jobs.dropFirst())).called?.map(\.id) == [3])
    }

    @Test("after an answer the usual order holds")
    func usualOrder() {
        let jobs = [failed(1, 19), failed(2, 7)]
        #expect(decide(jobs, after: .succeeded).called?.map(\.id) == [1])
    }

    @Test("a job that never failed goes before them all")
    func unblemished() {
        let jobs = [failed(1, 3), Job(id: 9, product: "P9", lastCallID: 19)]
        #expect(decide(jobs).called?.map(\.id) == [9])
    }

    @Test(
        "two products that always fail do not keep a third, which failed in the same batch, from the lane",
        arguments: ["images", "barcodes"])
    func notKept(endpoint: String) {
        var run = VirtualRun(latency: 100_000...900_000)
        run.provider.failing = ["P1", "P2"]
        run.queues[endpoint]!.add(3, at: run.now)
        run.run(for: .seconds(6 * 3_600))
        #expect(run.queues[endpoint]!.completed == [3])
    }
}
