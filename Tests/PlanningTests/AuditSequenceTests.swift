import Planning
import Testing

/// Entries that are missing, open, or out of the clock's order.
struct AuditSequenceTests {
    private static let honest: [LedgerRecord] = {
        var run = VirtualRun(seed: 2, latency: 20_000...2_000_000)
        run.provider.losesOneIn = 20
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3_600))
        return run.records
    }()

    @Test(
        "the rest after prune has no gaps: each endpoint's last entries, wherever the others begin")
    func pruned() {
        for (images, barcodes) in [(0, 0), (1, 0), (5, 300), (30, 7), (20, 20), (0, 150)] {
            var left = ["images": images, "barcodes": barcodes]
            let kept = Self.honest.filter { record in
                left[record.entry.endpoint]! -= 1
                return left[record.entry.endpoint]! < 0
            }
            let report = kept.audited(lastID: Self.honest.last!.entry.id)
            #expect(report.findings == [], "\(images), \(barcodes)")
            #expect(report.summary.calls == kept.count)
        }
    }

    @Test("an entry missing in the middle or at the end is found, and causes no other finding")
    func missing() {
        let lastID = Self.honest.last!.entry.id
        for place in stride(from: 10, to: Self.honest.count, by: 17) {
            var records = Self.honest
            let removed = records.remove(at: place)
            let report = records.audited(lastID: lastID)
            #expect(report.findings.map(\.code) == [.missingEntries], "\(removed)")
            #expect(report.findings[0].callID == removed.entry.id + 1)
        }
        let shorter = Array(Self.honest.dropLast(3)).audited(lastID: lastID)
        #expect(shorter.findings.map(\.code) == [.missingEntries])
        #expect(shorter.findings[0].text.contains("missing: 3, gaps: 1"))
    }

    @Test("in a ledger that was moved from a server, ids are consecutive after the last one there")
    func moved() {
        let lastID = Self.honest.last!.entry.id
        for gapsUpTo in [lastID - 1, lastID, lastID + 2] {
            var audit = LedgerAudit(AccountLimits.always([.images, .barcodes]), gapsUpTo: gapsUpTo)
            for record in Self.honest where record.entry.id != 20 { audit.take(record) }
            let missing = audit.finish(at: Self.honest.last!.entry.startedAt, lastID: lastID + 3)
                .findings.filter { $0.code == .missingEntries }
            #expect(missing.map(\.text).count == 1)
            #expect(
                missing[0].text.contains("missing: \(lastID + 3 - max(gapsUpTo, lastID)), gaps: 1"))
        }
    }

    @Test("an open call is a note once its lease is over")
    func open() {
        let record = LedgerRecord(entry: .open(1, .images, 5, from: .noon), products: 5)
        for (offset, isFound) in [(0, false), (59_999, false), (60_000, true), (9_000_000, true)] {
            var audit = LedgerAudit(AccountLimits.always([.images, .barcodes]))
            audit.take(record)
            let report = audit.finish(at: .noon.after(offset))
            #expect(report.findings.map(\.code) == (isFound ? [.leftOpen] : []), "\(offset)")
            #expect(report.summary.openCalls == 1)
        }
    }

    @Test("a call before an earlier one's start, or settled before its own, reveals the clock")
    func clock() {
        func call(_ id: Int64, from start: Int, to end: Int) -> LedgerRecord {
            var entry = LedgerEntry.settled(
                id, .images, 5, from: .noon.after(start), to: .noon.after(end))
            entry.fullAt = .noon.after(end + 5_001)
            return LedgerRecord(entry: entry, products: 5)
        }
        let other = LedgerRecord(
            entry: .settled(2, .barcodes, 10, from: .noon.after(-1), to: .noon.after(9)),
            products: 3)
        #expect([call(1, from: 0, to: 100)].audited().codes == [])
        #expect([call(1, from: 0, to: -1)].audited().codes == [.clockSetBack])
        let back = [call(1, from: 0, to: 100), other].audited()
        #expect(back.findings.map(\.code) == [.clockSetBack])
        #expect(back.findings[0].callID == 2)
    }

    @Test("the first findings of each code are kept, and all are counted")
    func kept() {
        for kept in 0...3 {
            var audit = LedgerAudit(AccountLimits.always([.images]), keptPerCode: kept)
            for id in 1...5 as ClosedRange<Int64> {
                audit.take(
                    LedgerRecord(
                        entry: .settled(
                            id, .images, 0, from: .noon.after(Int(id)), to: .noon.after(Int(id)),
                            .rejected, fullAt: .noon), products: 9))
            }
            let report = audit.finish(at: .noon)
            #expect(report.count(of: .wrongReservation) == 5)
            #expect(
                report.findings.compactMap(\.callID) == Array(1...5).prefix(kept).map(Int64.init))
            #expect(report.count(of: .problem) == 5 && report.count(of: .note) == 0)
        }
    }

    @Test("the summary adds up the entries")
    func summary() {
        let summary = Self.honest.audited().summary
        let entries = Self.honest.map(\.entry)
        #expect(summary.calls == entries.count)
        #expect(summary.products == Self.honest.reduce(0) { $0 + $1.products })
        #expect(summary.total(\.reserved) == entries.reduce(0) { $0 + $1.reserved })
        #expect(summary.total(\.charged) == entries.reduce(0) { $0 + ($1.charged ?? 0) })
        #expect(summary.openCalls == entries.count { $0.settledAt == nil })
        for outcome in LedgerEntry.Outcome.allCases {
            #expect(summary.count(of: outcome) == entries.count { $0.outcome == outcome })
        }
        #expect(summary.firstStartedAt == entries.first?.startedAt)
        #expect(summary.lastStartedAt == entries.last?.startedAt)
    }
}
