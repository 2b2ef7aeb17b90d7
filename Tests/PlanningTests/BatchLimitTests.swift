import Planning
import TestSupport
import Testing

/// A job's own batch limit, lowered by a failure or a refusal.
struct BatchLimitTests {
    private func called(_ endpoint: Endpoint, _ ready: [Job]) -> [Job]? {
        Planner.decide(Snapshot(endpoint: endpoint, ready: ready), at: .noon).called
    }

    @Test(
        "no batch is larger than its head's limit, and barcodes still go in full tens",
        arguments: [
            (1, 1, 1), (2, 2, 2), (5, 5, 5), (9, 9, 9), (10, 10, 10), (12, 12, 10),
            (25, 25, 20), (50, 50, 50), (99, 99, 90), (100, 100, 100),
        ])
    func headLimit(limit: Int, images: Int, barcodes: Int) {
        let ready = jobs(1, batchLimit: limit) + jobs(120, from: 2)
        #expect(called(.images, ready) == Array(ready.prefix(images)))
        #expect(called(.barcodes, ready) == Array(ready.prefix(barcodes)))
    }

    @Test("a batch that may not fill a ten does not linger", arguments: [1, 5, 9])
    func noLinger(limit: Int) {
        let ready = jobs(20, enqueuedAt: .noon, batchLimit: limit)
        #expect(called(.barcodes, ready) == Array(ready.prefix(limit)))
    }

    @Test("a batch that may fill a ten lingers")
    func linger() {
        #expect(called(.barcodes, jobs(9, enqueuedAt: .noon, batchLimit: 10)) == nil)
    }

    @Test("a job with a lower limit than the head's is skipped", arguments: [1, 5, 25])
    func passedOver(limit: Int) {
        let small = jobs(3, from: 11, batchLimit: limit)
        let ready = jobs(10) + small + jobs(120, from: 14)
        let first = called(.images, ready)
        #expect(first == Array((jobs(10) + jobs(120, from: 14)).prefix(100)))
        #expect(first?.contains { $0.batchLimit < 100 } == false)
    }

    @Test("a skipped job heads a batch of its own later", arguments: [1, 5, 25])
    func leadsLater(limit: Int) {
        let small = jobs(3, from: 11, batchLimit: limit)
        let rest = small + jobs(120, from: 200)
        #expect(called(.images, rest) == Array(rest.prefix(limit)))
    }

    @Test("every job runs once, in batches within the limit of each, for random limits")
    func allGo() {
        for seed in 1...100 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var ready = jobs(150).map { job in
                var limited = job
                limited.batchLimit = random.pick([1, 3, 5, 12, 25, 50, 100])
                return limited
            }
            let endpoint = random.pick([Endpoint.images, .barcodes])
            var gone: Set<Int64> = []
            for _ in 0..<200 where !ready.isEmpty {
                let batch = called(endpoint, ready) ?? []
                #expect(batch.allSatisfy { $0.batchLimit >= batch.count }, "seed \(seed)")
                #expect(batch.first == ready.first, "seed \(seed)")
                gone.formUnion(batch.map(\.id))
                ready.removeAll { gone.contains($0.id) }
            }
            #expect(gone.count == 150, "seed \(seed)")
        }
    }

    @Test("an endpoint's own limit is the maximum for all", arguments: [1, 10, 25])
    func endpointLimit(limit: Int) {
        var endpoint = Endpoint.images
        endpoint.batchLimit = limit
        #expect(called(endpoint, jobs(120)) == jobs(limit))
        #expect(called(endpoint, jobs(120, batchLimit: 50)) == jobs(limit, batchLimit: 50))
    }
}
