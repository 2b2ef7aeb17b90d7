import Planning
import Testing

/// One product that makes the server fail, in a batch of a hundred.
struct PoisonTests {
    private static let positions: [Int64] = [1, 37, 50, 51, 100]

    /// - Parameters:
    ///   - others: Jobs that wait behind the first hundred.
    ///   - fresh: Jobs that are added every ten minutes, so that there are always others to be answered.
    private func run(
        _ endpoint: String, others: Int, fresh: Int = 10, hours: Int = 12,
        _ change: (ProviderModel) -> Void
    ) -> VirtualRun {
        var run = VirtualRun(latency: 100_000...900_000)
        change(run.provider)
        run.queues[endpoint]!.add(100 + others, at: run.now)
        for _ in 0..<hours * 6 {
            run.run(for: .seconds(600))
            run.queues[endpoint]!.add(fresh, at: run.now)
        }
        run.run(for: .seconds(600))
        return run
    }

    /// These were discarded, and all the others answered.
    private func expectDiscarded(
        _ bad: Set<Int64>, _ run: VirtualRun, _ endpoint: String,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let queue = run.queues[endpoint]!
        #expect(queue.discarded == bad, "\(endpoint)", sourceLocation: location)
        #expect(
            queue.completed.count == queue.added - bad.count, "\(endpoint)",
            sourceLocation: location)
    }

    private func failures(_ run: VirtualRun) -> Int {
        run.calls.count {
            switch $0.outcome {
            case .failed, .rejected: true
            default: false
            }
        }
    }

    @Test(
        "a product that fails every call is discarded within 30 of them, and no other product is",
        arguments: positions)
    func failing(position: Int64) {
        for endpoint in ["images", "barcodes"] {
            let run = run(endpoint, others: 1_000, hours: 8) { $0.failing = ["P\(position)"] }
            expectDiscarded([position], run, endpoint)
            #expect(failures(run) <= 30, "\(failures(run)) failed calls at \(endpoint)")
        }
    }

    @Test("two of them are both discarded, and no other product is", arguments: [98, 1_098])
    func twoFailing(second: Int64) {
        for endpoint in ["images", "barcodes"] {
            let run = run(endpoint, others: 1_000, hours: 8) { $0.failing = ["P3", "P\(second)"] }
            expectDiscarded([3, second], run, endpoint)
        }
    }

    @Test("after a call that failed, others go before its jobs", arguments: ["images", "barcodes"])
    func othersGoFirst(endpoint: String) throws {
        let run = run(endpoint, others: 500, hours: 1) { $0.failing = ["P37"] }
        let second = try #require(run.calls.dropFirst().first?.outcome)
        guard case .succeeded = second else {
            Issue.record("\(second)")
            return
        }
    }

    @Test("in the last batch of a queue, the others of the batch still get their answers")
    func lastBatch() {
        let run = run("images", others: 0, fresh: 0) { $0.failing = ["P37"] }
        #expect(run.queues["images"]!.completed.count == 99, "after \(failures(run)) failed calls")
    }

    @Test(
        "a product that is refused is alone within log2 n of the calls that carry it",
        arguments: positions)
    func refused(position: Int64) {
        for endpoint in ["images", "barcodes"] {
            let run = run(endpoint, others: 300, hours: 2) { $0.unacceptable = ["P\(position)"] }
            expectDiscarded([position], run, endpoint)
            #expect(failures(run) <= 7)
        }
    }

    @Test(
        "a refused product in a queue of n jobs costs at most log2 n calls and one",
        arguments: 1...100)
    func refusedAmong(count: Int) {
        var run = VirtualRun(latency: 100_000...100_000)
        let position = Int64(count * 2 / 3 + (count == 1 ? 1 : 0))
        run.provider.unacceptable = ["P\(position)"]
        run.queues["images"]!.add(count, at: run.now)
        run.run(for: .seconds(3_600))
        expectDiscarded([position], run, "images")
        let logarithm = Int.bitWidth - 1 - count.leadingZeroBitCount
        #expect(failures(run) <= logarithm + 1)
    }

    @Test("refused and failing products of one batch do not discard each other's neighbors")
    func mixed() {
        let run = run("images", others: 1_000, hours: 8) {
            $0.unacceptable = ["P10", "P11", "P90"]
            $0.failing = ["P50"]
        }
        expectDiscarded([10, 11, 50, 90], run, "images")
    }
}
