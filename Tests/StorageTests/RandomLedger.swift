import Planning
import TestSupport

@testable import Storage

/// A provider's calls over some hours, at random: the store must read the right part of them.
struct RandomLedger {
    private(set) var entries: [LedgerEntry] = []
    /// No earlier than any entry was settled.
    let now: Timestamp

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var made: [LedgerEntry] = []
        let reset = Timestamp.midnight
        for endpoint in Endpoint.both {
            var time = reset.after(-random.pick([90_000, 4_000_000, 80_000_000]))
            var left = random.pick([100, 5_000, 150_000])
            var fullAt = time
            for _ in 0..<random.below(30) {
                let start = time.after(random.pick([0, 1, 900, 20_000, 61_000, 3_600_000]))
                let end = start.after(random.pick([1, 300, 5_000, 60_000]))
                let tokens = random.within(1...10) * 10
                let outcome = random.pick([.succeeded, .succeeded] + LedgerEntry.Outcome.allCases)
                left = max(0, left - tokens - random.pick([0, 0, 7]))
                fullAt = max(fullAt, end).after(tokens * 1_000)
                let hasBalance = outcome == .succeeded && !random.once(in: 4)
                // The reply's arrival and the server's clock differ by some milliseconds each time.
                let resetAt = end.nextMidnight.after(random.below(20))
                made.append(
                    LedgerEntry(
                        id: 0, account: endpoint.account, endpoint: endpoint.name, reserved: tokens,
                        startedAt: start,
                        leaseUntil: start + endpoint.lease, settledAt: end, outcome: outcome,
                        charged: random.pick([0, tokens, tokens]),
                        dailyRemaining: hasBalance ? left : nil,
                        dailyResetAt: hasBalance ? resetAt : nil,
                        retryAt: random.once(in: 5) ? end.after(random.below(300_000)) : nil,
                        fullAt: endpoint == .images ? fullAt : nil,
                        isAlone: [.rejected, .failed, .unsent].contains(outcome)))
                time = end
            }
        }
        let last = made.compactMap(\.settledAt).max() ?? .noon
        let now = last.after(random.pick([0, 1, 30_000, 60_000, 60_001, 7_200_000, 86_400_000]))
        for endpoint in Endpoint.both where random.once(in: 3) {
            let start = max(
                now.after(-random.below(50_000)),
                made.last { $0.endpoint == endpoint.name }?.settledAt ?? .noon)
            made.append(
                LedgerEntry(
                    id: 0, account: endpoint.account, endpoint: endpoint.name, reserved: 40,
                    startedAt: start,
                    leaseUntil: start + endpoint.lease))
        }
        self.now = now
        for entry in made.sorted(by: { $0.startedAt < $1.startedAt }) {
            entries.append(entry.numbered(Int64(entries.count + 1)))
        }
    }

    func write(to store: Store) throws {
        try store.write { db in
            for entry in entries {
                try db.insert(entry)
            }
        }
    }
}

extension LedgerEntry {
    func numbered(_ id: Int64) -> LedgerEntry {
        var numbered = self
        numbered.id = id
        return numbered
    }
}

extension Database {
    /// Writes a ledger row as a claim and a settlement would.
    func insert(_ entry: LedgerEntry) throws {
        try cachedStatement(
            sql: """
                INSERT INTO ledger
                    (id, account, endpoint, slot, products, reserved, started_at, lease_until)
                    \(isPostgreSQL ? "OVERRIDING SYSTEM VALUE" : "")
                VALUES (?, ?, ?, ?, '["B000000001"]', ?, ?, ?)
                """
        ).execute(arguments: [
            entry.id, entry.account, entry.endpoint, entry.slot, entry.reserved,
            entry.startedAt.milliseconds,
            entry.leaseUntil.milliseconds,
        ])
        guard let settledAt = entry.settledAt else { return }
        try cachedStatement(
            sql: """
                UPDATE ledger SET settled_at = ?, outcome = ?, charged = ?, daily_left = ?,
                    daily_reset_at = ?, retry_at = ?, full_at = ?, daily_pool = ? WHERE id = ?
                """
        ).execute(arguments: [
            settledAt.milliseconds, entry.outcome?.rawValue, entry.charged, entry.dailyRemaining,
            entry.dailyResetAt?.milliseconds, entry.retryAt?.milliseconds,
            entry.fullAt?.milliseconds, entry.dailyPool, entry.id,
        ])
    }
}
