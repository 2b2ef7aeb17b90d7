import Planning
import Testing

/// The server is down for hours, which is no job's failure.
struct OutageTests {
    private func run(downFor hours: Int, after minutes: Int) -> VirtualRun {
        var run = VirtualRun(latency: 100_000...900_000)
        let down = (Timestamp.noon + .seconds(minutes * 60)).milliseconds * 1_000
        run.provider.outage = down..<down + Int64(hours) * 3_600_000_000
        run.queues["images"]!.add(400, at: run.now)
        run.queues["barcodes"]!.add(800, at: run.now)
        run.run(for: .seconds((hours + 2) * 3_600))
        return run
    }

    @Test("an outage discards no job, and after it every job completes", arguments: [0, 1, 2])
    func noneDiscarded(minutes: Int) {
        for hours in [1, 9] {
            let run = run(downFor: hours, after: minutes)
            for (endpoint, count) in [("images", 400), ("barcodes", 800)] {
                #expect(run.queues[endpoint]!.discarded.isEmpty)
                #expect(run.queues[endpoint]!.completed.count == count)
            }
        }
    }

    @Test("in an outage a lane calls every five minutes, after nine calls at shorter intervals")
    func calls() {
        let run = run(downFor: 9, after: 1)
        for endpoint in ["images", "barcodes"] {
            let failed = run.calls.filter {
                if case .failed = $0.outcome { $0.endpoint == endpoint } else { false }
            }
            #expect(failed.count > 50)
            #expect(failed.count <= 9 + 9 * 12)
        }
    }

    @Test("both lanes are at work again within five minutes of its end")
    func recovery() {
        let run = run(downFor: 9, after: 1)
        let end = run.provider.outage.upperBound
        for endpoint in ["images", "barcodes"] {
            let first = run.calls.first { $0.endpoint == endpoint && $0.start >= end }
            #expect(first.map { $0.start - end <= 301_000_000 } ?? false)
        }
    }

    @Test("a server that fails every third call discards no job in batches")
    func flapping() {
        var run = VirtualRun(latency: 100_000...900_000)
        run.provider.losesOneIn = 3
        run.queues["barcodes"]!.add(2_000, at: run.now)
        run.run(for: .seconds(12 * 3_600))
        #expect(run.queues["barcodes"]!.completed.count == 2_000)
        #expect(run.queues["barcodes"]!.discarded.isEmpty)
    }
}
