import Testing

@testable import Planning

/// The sums by hour compared with their calls.
struct AuditTallyTests {
    /// Three days of calls, two an hour, that take longer and longer.
    private static let records: [LedgerRecord] = (1...144).map { number in
        let start = Timestamp.midnight.after(number * 1_800_000)
        let isFailed = number.isMultiple(of: 7)
        let entry = LedgerEntry.settled(
            Int64(number), .images, isFailed ? 0 : 10, from: start, to: start.after(number * 300),
            isFailed ? .failed : .succeeded)
        return LedgerRecord(
            entry: entry, products: 10, driftTokens: number.isMultiple(of: 5) ? number - 60 : nil)
    }

    /// As the database's trigger counts them.
    private static func tally(_ records: [LedgerRecord]) -> [TallyRow] {
        var rows: [TallyRow] = []
        for record in records {
            let entry = record.entry
            let hour = entry.settledAt!.milliseconds / 3_600_000
            let milliseconds = (entry.settledAt! - entry.startedAt).milliseconds
            let index =
                rows.firstIndex { $0.hour == hour && $0.outcome == entry.outcome!.rawValue }
                ?? rows.endIndex
            if index == rows.endIndex {
                rows.append(
                    TallyRow(
                        account: entry.account, endpoint: entry.endpoint, hour: hour,
                        outcome: entry.outcome!.rawValue,
                        sums: TallySums(
                            calls: 0, products: 0, tokens: 0, driftUp: 0, driftDown: 0,
                            durationMilliseconds: 0, within: .zero)))
            }
            let drift = record.driftTokens ?? 0
            rows[index].sums.calls += 1
            rows[index].sums.products += record.products
            rows[index].sums.tokens += entry.charged!
            if drift > 0 { rows[index].sums.driftUp += drift }
            if drift < 0 { rows[index].sums.driftDown -= drift }
            rows[index].sums.durationMilliseconds += Int(milliseconds)
            for (place, bound) in [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000].enumerated()
            where milliseconds <= bound { rows[index].sums.within[place] += 1 }
        }
        return rows
    }

    private func findings(_ records: [LedgerRecord], _ tally: [TallyRow]) -> [AuditFinding] {
        var audit = LedgerAudit(
            AccountLimits.always([.images, .barcodes]), keptPerCode: 1_000)
        for record in records { audit.take(record) }
        audit.compareTally { take in tally.shuffled().forEach(take) }
        return audit.report.findings.filter { $0.code == .wrongTally }
    }

    private let records = Self.records
    private let tally = Self.tally(Self.records)

    @Test("The sums of the ledger's calls cause no finding, nor does a ledger without a tally")
    func honest() {
        #expect(findings(records, tally) == [])
        #expect(findings([], []) == [])
        #expect(tally.count > 72)
    }

    private static let columns:
        [(name: String, column: any WritableKeyPath<TallySums, Int> & Sendable)] = [
            ("calls", \.calls), ("products", \.products), ("tokens", \.tokens),
            ("drift_up", \.driftUp), ("drift_down", \.driftDown),
        ]

    @Test("A wrong sum is found at its hour", arguments: columns.indices, [-1, 1])
    func planted(index: Int, difference: Int) throws {
        let (name, column) = Self.columns[index]
        for place in tally.indices {
            var tally = tally
            tally[place].sums[keyPath: column] += difference
            let found = findings(records, tally)
            #expect(found.count == 1)
            let finding = try #require(found.first)
            #expect(finding.endpoint == "images" && finding.account == "asinscope")
            #expect(finding.startedAt?.milliseconds == tally[place].hour * 3_600_000)
            #expect(
                finding.text == "the tally of \(tally[place].outcome) calls is wrong by "
                    + "\(name) \(difference > 0 ? "+" : "")\(difference)")
        }
    }

    @Test("A missing row is found, and so is one that no call explains")
    func rows() {
        for place in tally.indices {
            var fewer = tally
            let removed = fewer.remove(at: place)
            let found = findings(records, fewer)
            #expect(found.map(\.startedAt?.milliseconds) == [removed.hour * 3_600_000])
            var more = tally
            more.append(removed)
            more[more.endIndex - 1].account = "second"
            #expect(findings(records, more).map(\.account) == ["second"])
        }
        #expect(findings([], tally).count == 2, "one of each outcome")
        #expect(findings(records, []).count == tally.count)
        var last = tally[0]
        last.hour = .max
        last.sums.calls = .min
        #expect(findings(records, tally + [last]).count == 1)
    }

    @Test("Durations shorter than the calls', and calls within a bound that took longer, are found")
    func durations() {
        var shorter = tally
        shorter[3].sums.durationMilliseconds -= 1
        #expect(findings(records, shorter).map(\.text).first?.contains("durations") == true)
        for bound in 0..<8 {
            var tally = tally
            tally[3].sums.within[bound] += 1
            #expect(findings(records, tally).count == 1, "\(bound)")
        }
    }

    @Test("Days whose calls were pruned are skipped, and the others are compared")
    func pruned() {
        for first in [2, 20, 60, 96, 143, 144] {
            let kept = records.filter { $0.entry.id >= first }
            #expect(findings(kept, tally) == [], "\(first)")
        }
        // The ledger has all calls of the third day, and not all of the second.
        let kept = records.filter { $0.entry.id >= 60 }
        for place in tally.indices {
            var tally = tally
            tally[place].sums.calls += 1
            let day = tally[place].hour * 3_600_000 - Timestamp.midnight.milliseconds
            #expect(
                findings(kept, tally).count == (day >= 2 * 86_400_000 ? 1 : 0),
                "\(tally[place].hour)")
        }
    }

    @Test("Calls that moved back with the clock stay in the hours in which they were counted")
    func clockSetBack() {
        for (first, back) in [(100, 7_000_000), (140, 100_000_000), (120, 5), (1, 1_000)] {
            let moved = records.map { record in
                guard record.entry.id >= first else { return record }
                var record = record
                record.entry.settledAt = record.entry.settledAt!.after(-back)
                return record
            }
            #expect(findings(moved, tally) == [], "\(first), \(back)")
            // They may not move forward.
            #expect(findings(records, Self.tally(moved)) != [], "\(first), \(back)")
        }
    }

    @Test("After an entry with impossible values, the next whole day counts")
    func impossible() {
        var records = records
        records[40].entry.outcome = nil
        #expect(findings(records, tally) == [])
        var wrong = tally
        wrong[wrong.endIndex - 1].sums.calls += 1
        #expect(findings(records, wrong).count == 1)
    }
}
