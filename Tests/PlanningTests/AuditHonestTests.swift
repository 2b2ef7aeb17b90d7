import Planning
import TestSupport
import Testing

/// Ledgers that the planner itself wrote, against a server that agrees with it or does not.
struct AuditHonestTests {
    private static let seeds = 1...5 as ClosedRange<UInt64>

    private func run(
        _ seed: UInt64, hours: Int = 1, allowance: Int = 150_000, from start: Timestamp = .noon,
        _ change: (inout VirtualRun, inout SplitMix64) -> Void = { _, _ in }
    ) -> AuditReport {
        var random = SplitMix64(seed: seed)
        var run = VirtualRun(
            seed: seed, latency: 5_000...random.pick([9_000, 700_000, 20_000_000]),
            allowance: allowance, from: start)
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        for _ in 0..<hours * 60 {
            change(&run, &random)
            run.run(for: .seconds(60))
        }
        return run.records.audited(allowance: allowance)
    }

    @Test("an hour of backlog causes no finding", arguments: seeds)
    func backlog(seed: UInt64) {
        let report = run(seed)
        #expect(report.findings == [], "seed \(seed)")
        #expect(report.summary.calls > 200)
    }

    @Test("an occasional few jobs, at every priority, cause no finding", arguments: seeds)
    func trickle(seed: UInt64) {
        let report = run(seed) { run, random in
            for endpoint in ["images", "barcodes"] {
                run.queues[endpoint]!.isEndless = false
                run.queues[endpoint]!.add(
                    random.below(60), priority: random.pick([0, 1, 5]), at: run.now)
            }
        }
        #expect(report.findings == [], "seed \(seed)")
        #expect(report.summary.calls > 50)
    }

    @Test("midnight, with a pool that runs dry before it, causes no finding", arguments: seeds)
    func midnight(seed: UInt64) {
        let report = run(
            seed, hours: 2, allowance: 7_003, from: .midnight - .seconds(3_600)
        ) { run, _ in run.provider.losesOneIn = seed.isMultiple(of: 2) ? 5 : 0 }
        #expect(report.findings == [], "seed \(seed)")
        #expect(report.summary.total(\.charged) > 7_003)
    }

    @Test("replies that are lost, though charged, cause no finding", arguments: seeds)
    func lostReplies(seed: UInt64) {
        let report = run(seed) { run, _ in run.provider.losesOneIn = 7 }
        #expect(report.findings == [], "seed \(seed)")
        #expect(report.summary.count(of: .failed) > 10)
    }

    @Test(
        "the tokens of calls that an outage's server did not charge are found as lost replies",
        arguments: seeds)
    func outage(seed: UInt64) {
        let report = run(seed, hours: 2) { run, random in
            if random.once(in: 20) {
                run.provider.outage =
                    run.clock..<run.clock + Int64(random.within(1...900)) * 1_000_000
            }
        }
        #expect(report.codes.isSubset(of: [.lostReply]), "seed \(seed): \(report.codes)")
        #expect(report.summary.total(\.lostReply) > 0 && report.summary.total(\.unexplained) == 0)
    }

    @Test("another client on the key is found as such, and as refusals", arguments: seeds)
    func rival(seed: UInt64) {
        let report = run(seed) { run, random in
            let tokens = random.within(1...12) * 10
            run.provider.spendElsewhere(
                tokens, at: random.pick(["images", "barcodes"]), run.clock)
        }
        #expect(report.codes.isSubset(of: [.anotherClient, .refused]), "seed \(seed)")
        #expect(report.summary.total(\.otherClient) > 0 && report.summary.total(\.unexplained) == 0)
        #expect(report.count(of: .refused) == report.summary.count(of: .rateLimited))
    }

    @Test(
        "a clock that is set back causes notes and no problem",
        arguments: 1...8 as ClosedRange<UInt64>)
    func clock(seed: UInt64) {
        let report = run(seed, hours: 2, from: .midnight - .seconds(3_600)) { run, random in
            run.provider.losesOneIn = 9
            run.run(for: .milliseconds(random.within(0...30_000)))
            if random.once(in: 12) {
                run.setClockBack(
                    by: .milliseconds(random.pick([3, 900, 12_000, 70_000, 2_000_000])))
            }
        }
        #expect(report.count(of: .problem) == 0, "seed \(seed): \(report.findings)")
        #expect(report.count(of: .clockSetBack) > 0)
    }
}

extension [LedgerRecord] {
    /// The audit of these entries by the limits of the samples, or others.
    func audited(
        by endpoints: [Endpoint] = [.images, .barcodes], allowance: Int? = 150_000,
        lastID: Int64? = nil
    ) -> AuditReport {
        audited(
            by: AccountLimits.always(
                endpoints.map {
                    var endpoint = $0
                    if let allowance { endpoint.pools = [DailyPool(allowanceTokens: allowance)] }
                    return endpoint
                }), lastID: lastID)
    }

    func audited(by accounts: [AccountLimits], lastID: Int64? = nil) -> AuditReport {
        var audit = LedgerAudit(accounts)
        for record in self { audit.take(record) }
        return audit.finish(at: last?.entry.startedAt ?? .noon, lastID: lastID)
    }
}

extension AuditReport {
    var codes: Set<AuditCode> { Set(findings.map(\.code)) }
}
