import Simulation
import Testing

/// A backlog without trouble, against the least time that the limits allow.
struct BacklogTests {
    static let backlogs = [
        SimulatedBacklog(images: 2_000, barcodes: 0),
        SimulatedBacklog(images: 0, barcodes: 5_000),
        SimulatedBacklog(images: 300, barcodes: 2_600),
        SimulatedBacklog(images: 1_500, barcodes: 1_500, figures: .trial),
        SimulatedBacklog(images: 700, barcodes: 0, figures: .tenth),
    ]

    @Test(
        "it is done within 1.01 of the bound, and none of its calls is refused", arguments: backlogs
    )
    func bound(_ backlog: SimulatedBacklog) throws {
        for seed in UInt64(1)...3 {
            let report = try Runs.report(seed: seed, faults: [], backlog: backlog)
            #expect(report.isHeldToBound)
            #expect(report.findings == [])
            #expect(report.refused == 0)
            #expect(report.jobs == backlog.counts.values.reduce(0, +))
            #expect(try #require(report.makespanRatio) <= 1.01)
        }
    }

    /// Twenty seconds' worth of PRO's 12 lookups a second, with replies that last as long as four or five of
    /// them; some claims wait, some requests are lost on their way.
    @Test("calls in flight are done within 1.1 of what their window needs, and none is refused")
    func inFlight() throws {
        let backlog = SimulatedBacklog(
            lookups: 240, plan: "pro", latencyMilliseconds: 200...400)
        for seed in UInt64(1)...10 {
            let report = try Runs.report(seed: seed, faults: [], backlog: backlog)
            #expect(report.findings == [])
            #expect(report.refused == 0 && report.calls == 240)
            #expect(report.makespanMilliseconds <= 22_000, "seed \(seed)")
        }
    }

    static let shared = [
        SimulatedBacklog(barcodes: 10_000, accounts: 2),
        SimulatedBacklog(images: 2_500, accounts: 2),
        SimulatedBacklog(lookups: 150, plan: "dev", accounts: 2),
    ]

    @Test(
        "two accounts do it in half of one's time, give or take a batch, and no call is refused",
        arguments: shared)
    func accounts(_ backlog: SimulatedBacklog) throws {
        var alone = backlog
        alone.accounts = 1
        let one = try Runs.report(seed: 1, faults: [], backlog: alone)
        let two = try Runs.report(seed: 1, faults: [], backlog: backlog)
        for report in [one, two] {
            #expect(report.isHeldToBound && report.findings == [] && report.refused == 0)
        }
        #expect(two.accounts == 2 && two.jobs == one.jobs)
        #expect(two.boundMilliseconds * 2 <= one.boundMilliseconds)
        #expect(two.makespanMilliseconds * 20 <= one.makespanMilliseconds * 11)
    }

    /// Ten minutes' worth of barcodes take nine waits for the window, each longer by no more than the
    /// latency of the call that it waits for, and a last batch.
    @Test("counting from the finish costs a minute window its calls' latency, and no more")
    func latency() throws {
        for seed in UInt64(1)...6 {
            var latencies: [Int64] = []
            let report = try Runs.report(
                seed: seed, faults: [], backlog: SimulatedBacklog(images: 0, barcodes: 5_000),
                onEvent: { latencies.record($0) })
            let most = try #require(latencies.max())
            let over = report.makespanMilliseconds - report.boundMilliseconds
            #expect(over > 0)
            #expect(over <= 15 * (most + 2), "seed \(seed): \(over) ms over, latency \(most) ms")
        }
    }
}

extension [Int64] {
    /// From a claim's line to the settlement's: one lane has one call in progress.
    fileprivate mutating func record(_ event: String) {
        let words = event.split(separator: " ")
        guard let at = Int64(words[0]) else { return }
        if words[1] == "claim" { append(-at) }
        if words[1] == "settle", let claimed = last, claimed < 0 {
            self[count - 1] = (at + claimed) / 1_000
        }
    }
}
