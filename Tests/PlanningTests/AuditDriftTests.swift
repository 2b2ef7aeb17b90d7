import Planning
import Testing

/// The audit's findings about balances that differ from those that our calls leave.
struct AuditDriftTests {
    /// Images calls a minute apart. `lost` ones failed; the others give a balance.
    private func ledger(_ calls: [(left: Int?, drift: Int?)]) -> [LedgerRecord] {
        calls.enumerated().map { index, call in
            let start = Timestamp.noon.after(index * 600_000)
            var entry = LedgerEntry.settled(
                Int64(index + 1), .images, 50, from: start, to: start.after(200),
                call.left == nil ? .failed : .succeeded, left: call.left, reset: .midnight)
            entry.fullAt = start.after(50_201)
            return LedgerRecord(entry: entry, products: 50, driftTokens: call.drift)
        }
    }

    @Test(
        "a drop below the expected balance is another client's, by that many tokens",
        arguments: [1, 50, 700])
    func otherClient(tokens: Int) {
        let report = ledger([(1_000, nil), (950 - tokens, -tokens)]).audited()
        #expect(report.codes == [.anotherClient])
        #expect(report.summary.total(\.otherClient) == tokens)
        #expect(report.findings.first?.callID == 2)
    }

    @Test("an excess that failed calls explain is theirs, and the rest is unexplained")
    func above() {
        for (lost, rise) in [(0, 30), (1, 30), (1, 50), (2, 50), (2, 100), (1, 80), (2, 130)] {
            let failed = Array(repeating: (left: Int?.none, drift: Int?.none), count: lost)
            let left = 950 - lost * 50 + rise
            let report = ledger([(1_000, nil)] + failed + [(left, rise)]).audited()
            let explained = min(rise, lost * 50)
            let codes: [AuditCode?] = [
                explained > 0 ? .lostReply : nil, rise > explained ? .unexplainedBalance : nil,
            ]
            #expect(report.findings.map(\.code) == codes.compactMap(\.self), "\(lost), \(rise)")
            #expect(report.summary.total(\.lostReply) == explained)
            #expect(report.summary.total(\.unexplained) == rise - explained)
        }
    }

    @Test("a failed call that was charged is neither, nor is one without a later balance")
    func charged() {
        #expect(ledger([(1_000, nil), (nil, nil), (900, 0)]).audited().codes == [])
        #expect(ledger([(1_000, nil), (nil, nil)]).audited().codes == [])
    }

    @Test("a balance of zero may have been below it", arguments: [-5, -1, 0, 1])
    func empty(drift: Int) {
        let codes = ledger([(50, nil), (0, drift)]).audited().codes
        #expect(codes == (drift < 0 ? [.anotherClient] : drift == 0 ? [] : [.wrongDrift]))
    }

    @Test("across the reset no balance is expected, and a drift is wrong there")
    func reset() {
        for (drift, isFound) in [(nil, false), (0, true), (-7, true)] as [(Int?, Bool)] {
            var records = ledger([(1_000, nil), (149_950, drift)])
            let start = Timestamp.midnight.after(60_000)
            records[1].entry.startedAt = start
            records[1].entry.leaseUntil = start.after(60_000)
            records[1].entry.settledAt = start.after(200)
            records[1].entry.dailyResetAt = start.nextMidnight
            records[1].entry.fullAt = start.after(50_201)
            #expect(records.audited().codes == (isFound ? [.wrongDrift] : []))
        }
    }

    @Test(
        "the cost of the other endpoint's last call explains no rise once that call is long over",
        arguments: [0, 1, 50, 100, 101])
    func notLongAgo(rise: Int) {
        let hour = Timestamp.noon.after(3_600_000)
        let entries: [(LedgerEntry, Int?)] = [
            (.settled(1, .barcodes, 100, from: .noon, to: .noon.after(200), left: 149_900), nil),
            (
                .settled(
                    2, .barcodes, 100, from: .noon.after(60_500), to: .noon.after(60_700),
                    left: 149_800), 0
            ),
            (
                .settled(
                    3, .images, 30, from: hour, to: hour.after(200), left: 149_770 + rise,
                    fullAt: hour.after(30_201)), 0
            ),
        ]
        let records = entries.map {
            LedgerRecord(entry: $0, products: $0.reserved, driftTokens: $1)
        }
        #expect(records.audited().codes == (rise == 0 ? [] : [.wrongDrift]))
    }

    @Test("a refusal is attributed to another client if one was noticed within the day")
    func refusal() {
        var records = ledger([(1_000, nil), (900, -50), (850, 0)])
        records[2].entry.outcome = .rateLimited
        records[2].entry.charged = 0
        records[2].entry.dailyRemaining = 0
        records[2].driftTokens = nil
        let shared = records.audited()
        #expect(shared.findings.map(\.code) == [.anotherClient, .refused])
        #expect(shared.findings[1].text.contains("another client"))
        records[1].entry.dailyRemaining = 950
        records[1].driftTokens = 0
        let alone = records.audited()
        #expect(alone.findings.map(\.code) == [.refused])
        #expect(alone.findings[0].text.contains("set higher than the key's"))
    }
}
