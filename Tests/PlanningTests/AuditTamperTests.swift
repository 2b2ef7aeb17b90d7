import Planning
import Testing

/// An honest ledger with one change: the audit finds it, at its entry.
struct AuditTamperTests {
    /// Forty minutes of backlog in both lanes, and the position of a call in the middle of it.
    private static let honest: [LedgerRecord] = {
        var run = VirtualRun(seed: 4, latency: 50_000...300_000)
        run.provider.losesOneIn = 15
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(2_400))
        return run.records
    }()

    struct Tampering: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var endpoint: String
        var outcome: LedgerEntry.Outcome
        var code: AuditCode
        var change: @Sendable (inout LedgerRecord) -> Void

        init(
            _ testDescription: String, at endpoint: String = "images",
            _ outcome: LedgerEntry.Outcome = .succeeded, gives code: AuditCode,
            _ change: @escaping @Sendable (inout LedgerRecord) -> Void
        ) {
            self.testDescription = testDescription
            self.endpoint = endpoint
            self.outcome = outcome
            self.code = code
            self.change = change
        }
    }

    static let tamperings = [
        Tampering("a token too many reserved", gives: .wrongReservation) { $0.entry.reserved += 1 },
        Tampering("a ten too few reserved", at: "barcodes", gives: .wrongReservation) {
            $0.entry.reserved -= 10
        },
        Tampering("a product more than is paid for", at: "barcodes", gives: .wrongReservation) {
            $0.products += 1
        },
        Tampering("a batch over the limit", gives: .overBatch) {
            $0.products = 101
            $0.entry.reserved = 101
        },
        Tampering("a charge changed", gives: .wrongCharge) { $0.entry.charged! -= 1 },
        Tampering("an answer charged nothing", at: "barcodes", gives: .wrongCharge) {
            $0.entry.charged = 0
        },
        Tampering("a lost reply charged nothing", at: "barcodes", .failed, gives: .wrongCharge) {
            $0.entry.charged = 0
        },
        Tampering("a part charged of what never left", at: "barcodes", .failed, gives: .wrongCharge)
        {
            $0.isIntercepted = true
            $0.entry.charged = 1
        },
        Tampering("a refusal that is charged", gives: .wrongCharge) {
            $0.entry.outcome = .rejected
        },
        Tampering("an answer called another outcome", gives: .wrongCharge) {
            $0.entry.outcome = .unauthorized
        },
        Tampering("images a millisecond before the bucket has them", gives: .overBucket) {
            $0.entry.startedAt = $0.entry.startedAt.after(-1)
        },
        Tampering(
            "barcodes a millisecond before the window has room", at: "barcodes", gives: .overWindow
        ) {
            $0.entry.startedAt = $0.entry.startedAt.after(-1)
        },
        Tampering("a bucket said to be full an hour early", gives: .wrongFullAt) {
            $0.entry.fullAt = $0.entry.fullAt!.after(-3_600_000)
        },
        Tampering("a bucket that is not spoken of", gives: .wrongFullAt) { $0.entry.fullAt = nil },
        Tampering("a drift made up", gives: .wrongDrift) { $0.driftTokens = -500 },
        Tampering("a drift one off", gives: .wrongDrift) { $0.driftTokens! += 1 },
        Tampering("a drift kept back", gives: .wrongDrift) { $0.driftTokens = nil },
        Tampering("a drift without a balance", .failed, gives: .wrongDrift) { $0.driftTokens = 0 },
        Tampering("a balance raised", gives: .wrongDrift) { $0.entry.dailyRemaining! += 1_000 },
        Tampering("a pool said to be empty", at: "barcodes", gives: .overPool) {
            $0.entry.dailyRemaining = 0
        },
        Tampering("an endpoint that is not set up", gives: .unknownEndpoint) {
            $0.entry.endpoint = "lookup"
        },
        Tampering("a charge that no call has", gives: .impossibleValue) { $0.entry.charged = .max },
        Tampering("an instant before 1970", gives: .impossibleValue) {
            $0.entry.settledAt = Timestamp(milliseconds: .min)
        },
        Tampering("an instant after the year 9999", gives: .impossibleValue) {
            $0.entry.startedAt = Timestamp(milliseconds: .max)
        },
        Tampering("a balance of another endpoint's pool", gives: .impossibleValue) {
            $0.entry.dailyPool = "titles"
        },
        Tampering("a pool without a balance", gives: .impossibleValue) {
            $0.entry.dailyPool = $0.entry.endpoint
            $0.entry.dailyRemaining = nil
            $0.entry.dailyResetAt = nil
        },
        Tampering("an outcome without a charge", gives: .impossibleValue) {
            $0.entry.charged = nil
        },
    ]

    @Test("the tampered ledgers start from an honest one that contains the changed part")
    func untouched() {
        #expect(Self.honest.audited().findings == [])
        #expect(Self.honest.count > 200)
        #expect(Set(Self.tamperings.map { $0.code }).count > 8)
    }

    @Test("each is found", arguments: tamperings)
    func found(_ tampering: Tampering) throws {
        var records = Self.honest
        let place = try #require(
            records.indices.first {
                $0 > 100 && records[$0].entry.endpoint == tampering.endpoint
                    && records[$0].entry.outcome == tampering.outcome
                    && records[$0].products == 100
            })
        tampering.change(&records[place])
        let report = records.audited()
        // A changed balance shows at the next calculation with it.
        let hits = report.findings.filter { finding in
            finding.code == tampering.code
                && (0...8).contains(finding.callID! - records[place].entry.id)
        }
        #expect(!hits.isEmpty, "\(report.findings)")
        #expect(report.count(of: .problem) > 0)
    }

    @Test("two calls at once at an endpoint are found, open or settled later")
    func overlapping() throws {
        let place = try #require(
            Self.honest.indices.first { $0 > 100 && Self.honest[$0].entry.endpoint == "images" })
        var open = Self.honest
        open[place].entry.settledAt = nil
        open[place].entry.outcome = nil
        open[place].entry.charged = nil
        open[place].entry.dailyRemaining = nil
        open[place].entry.dailyResetAt = nil
        open[place].driftTokens = nil
        #expect(open.audited().codes.contains(.overlappingCalls))
        var late = Self.honest
        let next = late[(place + 1)...].first { $0.entry.endpoint == "images" }!
        late[place].entry.settledAt = next.entry.startedAt
        #expect(!late.audited().codes.contains(.overlappingCalls))
        late[place].entry.settledAt = next.entry.startedAt.after(1)
        #expect(late.audited().codes.contains(.overlappingCalls))
    }

    @Test("calls before a refusal's hint are found, calls at it are not", arguments: [-1, 0, 1])
    func hints(offset: Int) {
        let refused = LedgerEntry.settled(
            1, .barcodes, 0, from: .noon, to: .noon.after(100), .rateLimited,
            retryAt: .noon.after(9_000))
        let next = LedgerEntry.settled(
            2, .barcodes, 10, from: .noon.after(9_000 + offset), to: .noon.after(9_500 + offset))
        var first = LedgerRecord(entry: refused, products: 3)
        first.entry.reserved = 10
        let codes = [first, LedgerRecord(entry: next, products: 7)].audited().codes
        #expect(codes == (offset < 0 ? [.refused, .beforeRetry] : [.refused]))
    }
}
