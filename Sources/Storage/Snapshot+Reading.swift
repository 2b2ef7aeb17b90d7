internal import GRDB
package import Planning

extension Store {
    /// The state that a lane would read now, for reports. Jobs that have become due but were not promoted yet
    /// are not in `ready`.
    package func snapshot(
        _ endpoint: Endpoint, slot: Int = 0, among endpoints: [Endpoint], at now: Timestamp
    ) throws -> Snapshot {
        try read { db in
            try db.together { try db.snapshot(endpoint, slot: slot, among: endpoints, at: now) }
        }
    }

    /// The instant that means "not before a person resumes it".
    package static let pausedUntil = Timestamp.latest
}

extension Database {
    /// - Parameter isLocking: Whether the ready jobs are locked, without those that another program has
    ///   locked. On PostgreSQL only.
    func snapshot(
        _ endpoint: Endpoint, slot: Int, among endpoints: [Endpoint], at now: Timestamp,
        isLocking: Bool = false
    ) throws -> Snapshot {
        let lane = try lane(endpoint)
        let ready = try ready(at: endpoint, isLocking: isLocking)
        let nextDueAt = try nextDueAt(endpoint)
        let ledger = try ledger(of: endpoints, asOf: nil, now: now)
        return Snapshot(
            endpoint: endpoint, slot: slot, isPaused: lane.isPaused,
            resumedAfter: lane.resumedAfter, ready: ready, nextDueAt: nextDueAt, ledger: ledger,
            peers: try peers(of: endpoint, among: endpoints, ready, ledger, at: now))
    }

    private func peers(
        of endpoint: Endpoint, among endpoints: [Endpoint], _ ready: [Job], _ ledger: Ledger,
        at now: Timestamp
    ) throws -> [PoolPeer] {
        guard let sharedPool = endpoint.sharedPool else { return [] }
        try awaitRows()
        let pool = sharedPool.level(ledger, at: now)
        return try endpoints.filter { $0.name != endpoint.name && $0.sharedPool != nil }
            .map { peer in
                let lane = try lane(peer)
                let most = PoolPeer.jobsThatMatter(
                    peer, to: endpoint, among: endpoints, pool, ledger, at: now)
                return PoolPeer(
                    endpoint: peer, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter,
                    waiting: try waiting(
                        at: peer,
                        through: PoolPeer.lastPriorityThatMatters(peer, to: endpoint, ready),
                        before: pool.resetsAt, upTo: most))
            }
    }

    private func ready(at endpoint: Endpoint, isLocking: Bool) throws -> [Job] {
        // Twice a batch, because jobs with a limit of their own may be skipped.
        let most = endpoint.batchLimit * 2
        var jobs: [Job] = []
        for (index, failures) in [("queue_ready", "failures = 0"), ("queue_retry", "failures > 0")]
        {
            let statement = try cachedStatement(
                sql: """
                    SELECT \(Job.columns(endpoint)) FROM queue INDEXED BY \(index)
                    WHERE endpoint = ? AND account IS ? AND state = 'available'
                      AND not_before = 0 AND \(failures)
                    ORDER BY priority, id LIMIT ?\(isLocking ? " FOR UPDATE SKIP LOCKED" : "")
                    """)
            for account in endpoint.jobAccounts {
                jobs += try all(statement, [endpoint.name, account, most]) { Job($0) }
            }
        }
        return jobs.sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
    }

    /// When the next job of a later time becomes due, including one that is due but was not promoted yet.
    func nextDueAt(_ endpoint: Endpoint) throws -> Timestamp? {
        let statement = try cachedStatement(
            sql: """
                SELECT min((
                    SELECT min(not_before) FROM queue INDEXED BY queue_scheduled
                    WHERE endpoint = ? AND account IS ? AND priority = each.column1
                      AND state = 'available' AND not_before > 0 AND not_before < ?))
                FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS each
                """)
        return try endpoint.jobAccounts.compactMap { account in
            try Int64.fetchOne(
                statement, arguments: [endpoint.name, account, Store.pausedUntil.milliseconds])
        }.min().map(Timestamp.init(milliseconds:))
    }

    /// Jobs by priority that may run before `reset`; a job with pages counts once for each page. Counting
    /// stops at `most`, and after `last`.
    func waiting(
        at endpoint: Endpoint, through last: Int, before reset: Timestamp, upTo most: Int
    ) throws -> [Int] {
        let (sum, each) =
            endpoint.hasPages ? ("coalesce(sum(n), 0)", Self.pagesLeft) : ("count(*)", "1")
        func part(_ index: String, _ condition: String) -> String {
            """
            (SELECT \(sum) FROM (
                SELECT \(each) AS n FROM queue INDEXED BY \(index)
                WHERE endpoint = ?1 AND account IS ?2 AND priority = ?3 AND state = 'available'
                  AND \(condition) LIMIT ?5) AS part)
            """
        }
        let statement = try cachedStatement(
            sql: """
                SELECT \(part("queue_ready", "not_before = 0 AND failures = 0"))
                    + \(part("queue_retry", "not_before = 0 AND failures > 0"))
                    + \(part("queue_scheduled", "not_before > 0 AND not_before < ?4"))
                """)
        var left = max(0, most)
        return try (0...9).map { priority in
            var count = 0
            for account in endpoint.jobAccounts where left > 0 && priority <= last {
                let found =
                    try Int.fetchOne(
                        statement,
                        arguments: [
                            endpoint.name, account, priority, reset.milliseconds,
                            // Each count would wait for the one before it.
                            isPostgreSQL ? most : left,
                        ]) ?? 0
                let more = min(found, left)
                count += more
                left -= more
            }
            return count
        }
    }

    func lane(_ endpoint: Endpoint) throws -> (isPaused: Bool, resumedAfter: Int64) {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: """
                    SELECT paused_at IS NOT NULL, resumed_after FROM lane
                    WHERE account = ? AND endpoint = ?
                    """),
            arguments: [endpoint.account, endpoint.name])
        return row.map { ($0[0], $0[1]) } ?? (false, 0)
    }
}
