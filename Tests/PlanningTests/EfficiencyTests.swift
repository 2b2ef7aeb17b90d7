import Planning
import Testing

/// An hour of endless backlog at one latency: the lanes use what the limits allow.
struct EfficiencyTests {
    private static let hour = 3_600

    private func hour(latency: Int, endless: Set<String>) -> VirtualRun {
        var run = VirtualRun(latency: latency * 1_000...latency * 1_000)
        for endpoint in endless { run.queues[endpoint]!.isEndless = true }
        run.run(for: .seconds(Self.hour))
        return run
    }

    private func products(_ run: VirtualRun, _ endpoint: String) -> Int {
        let done = run.calls.filter { $0.endpoint == endpoint && $0.outcome != nil }
        return done.map(\.products).reduce(0, +)
    }

    @Test(
        "images spend 60 a minute and most of the first bucket",
        arguments: [0, 50, 400, 3_000, 10_000, 19_000])
    func images(latency: Int) {
        let run = hour(latency: latency, endless: ["images"])
        // One batch may be in progress and another be waiting for its last token.
        #expect(products(run, "images") >= Self.hour - 100)
        #expect(products(run, "images") <= Self.hour + 120)
        #expect(run.calls.filter { $0.endpoint == "images" }.allSatisfy { $0.products == 100 })
    }

    @Test(
        "barcodes come within the latency of 500 a minute", arguments: [0, 50, 400, 3_000, 10_000])
    func barcodes(latency: Int) {
        let run = hour(latency: latency, endless: ["barcodes"])
        let periods = Double(Self.hour * 1_000) / Double(60_001 + latency)
        #expect(products(run, "barcodes") >= Int(periods) * 500)
        #expect(products(run, "barcodes") <= 500 * 61)
        #expect(run.calls.filter { $0.endpoint == "barcodes" }.allSatisfy { $0.products == 100 })
    }

    @Test("barcodes slower than the window go one call after another", arguments: [16_000, 20_000])
    func slowBarcodes(latency: Int) {
        let run = hour(latency: latency, endless: ["barcodes"])
        #expect(products(run, "barcodes") == Self.hour * 1_000 / latency * 100)
    }

    @Test(
        "all batches of barcodes but the last are full tens, and no token is wasted",
        arguments: [1, 9, 10, 99, 101, 503, 1_234, 4_321])
    func fullTens(count: Int) {
        var run = VirtualRun(latency: 100_000...900_000)
        run.queues["barcodes"]!.add(count, at: run.now)
        run.run(for: .seconds(Self.hour))
        #expect(run.calls.dropLast().allSatisfy { $0.products.isMultiple(of: 10) })
        #expect(run.calls.map(\.products).reduce(0, +) == count)
        #expect(run.provider.pool.left == 150_000 - (count + 9) / 10 * 10)
    }

    @Test("barcodes that arrive four by four go in full tens too")
    func trickle() {
        var run = VirtualRun(latency: 100_000...900_000)
        for _ in 0..<300 {
            run.queues["barcodes"]!.add(4, at: run.now)
            run.run(for: .milliseconds(500))
        }
        run.run(for: .minute)
        #expect(run.calls.map(\.products).reduce(0, +) == 1_200)
        #expect(run.calls.dropLast().allSatisfy { $0.products.isMultiple(of: 10) })
    }

    @Test(
        "a whole day of both backlogs leaves images the full output of their bucket, and spends the pool"
    )
    func day() {
        var run = VirtualRun(latency: 400_000...400_000, from: Timestamp.noon.startOfDay)
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(86_400 - 1))
        #expect(products(run, "images") >= 86_400 - 100)
        #expect(run.provider.pool.left < 210)
    }
}
