internal import GRDB
package import Planning

extension Store {
    /// What a lane would look at now, for those who only want to know. Jobs that have become due and
    /// were not taken over yet do not show in it as ready.
    package func snapshot(
        _ endpoint: Endpoint, among endpoints: [Endpoint], at now: Timestamp
    ) throws -> Snapshot {
        try read { try $0.snapshot(endpoint, among: endpoints, at: now) }
    }

    /// The instant that stands for "not before somebody resumes it": the end of the year 9999.
    package static let pausedUntil = Timestamp(milliseconds: 253_402_300_799_999)
}

extension Database {
    func snapshot(
        _ endpoint: Endpoint, among endpoints: [Endpoint], at now: Timestamp
    ) throws -> Snapshot {
        let lane = try lane(endpoint.name)
        let ledger = try ledger(of: endpoints, asOf: now, now: now)
        let ready = try ready(at: endpoint)
        return Snapshot(
            endpoint: endpoint, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter,
            ready: ready,
            nextDueAt: try nextDueAt(endpoint.name), ledger: ledger,
            rivals: try rivals(of: endpoint, among: endpoints, ready, ledger, at: now))
    }

    private func rivals(
        of endpoint: Endpoint, among endpoints: [Endpoint], _ ready: [Job], _ ledger: Ledger,
        at now: Timestamp
    ) throws -> [Rival] {
        guard let pool = endpoint.sharedPool?.level(ledger, at: now) else { return [] }
        return try endpoints.filter { $0.name != endpoint.name && $0.sharedPool != nil }
            .map { rival in
                let lane = try lane(rival.name)
                let most = Rival.jobsThatMatter(
                    rival, to: endpoint, among: endpoints, pool, ledger, at: now)
                return Rival(
                    endpoint: rival, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter,
                    waiting: try waiting(
                        at: rival.name,
                        through: Rival.lastPriorityThatMatters(rival, to: endpoint, ready),
                        before: pool.resetsAt, upTo: most))
            }
    }

    private func ready(at endpoint: Endpoint) throws -> [Job] {
        // Twice a batch, because jobs with a limit of their own may be passed over.
        let most = endpoint.batchLimit * 2
        let jobs = try [("queue_ready", "failures = 0"), ("queue_again", "failures > 0")].flatMap {
            index, failures in
            let statement = try cachedStatement(
                sql: """
                    SELECT \(Job.columns) FROM queue INDEXED BY \(index)
                    WHERE endpoint = ? AND state = 'available' AND not_before = 0 AND \(failures)
                    ORDER BY priority, id LIMIT ?
                    """)
            return try all(statement, [endpoint.name, most]) { Job($0) }
        }
        return jobs.sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
    }

    /// When the next job that was put off becomes due; also one that is due already and was not taken
    /// over yet.
    func nextDueAt(_ endpoint: String) throws -> Timestamp? {
        let statement = try cachedStatement(
            sql: """
                SELECT min((
                    SELECT min(not_before) FROM queue INDEXED BY queue_later
                    WHERE endpoint = ? AND priority = each.column1 AND state = 'available'
                      AND not_before > 0 AND not_before < ?))
                FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS each
                """)
        return try Int64.fetchOne(
            statement, arguments: [endpoint, Store.pausedUntil.milliseconds]
        ).map(Timestamp.init(milliseconds:))
    }

    /// Jobs by priority that may run before `reset`, a search for each of its pages. Counting stops at
    /// `most`, and after `last`.
    private func waiting(
        at endpoint: String, through last: Int, before reset: Timestamp, upTo most: Int
    ) throws -> [Int] {
        let (sum, each) =
            Self.hasPages(endpoint) ? ("coalesce(sum(n), 0)", Self.pagesLeft) : ("count(*)", "1")
        let statement = try cachedStatement(
            sql: """
                SELECT
                  (SELECT \(sum) FROM (
                    SELECT \(each) AS n FROM queue INDEXED BY queue_ready
                    WHERE endpoint = ?1 AND priority = ?2 AND state = 'available'
                      AND not_before = 0 AND failures = 0 LIMIT ?4))
                + (SELECT \(sum) FROM (
                    SELECT \(each) AS n FROM queue INDEXED BY queue_again
                    WHERE endpoint = ?1 AND priority = ?2 AND state = 'available'
                      AND not_before = 0 AND failures > 0 LIMIT ?4))
                + (SELECT \(sum) FROM (
                    SELECT \(each) AS n FROM queue INDEXED BY queue_later
                    WHERE endpoint = ?1 AND priority = ?2 AND state = 'available'
                      AND not_before > 0 AND not_before < ?3 LIMIT ?4))
                """)
        var left = max(0, most)
        return try (0...9).map { priority in
            guard left > 0, priority <= last else { return 0 }
            let count =
                try Int.fetchOne(
                    statement, arguments: [endpoint, priority, reset.milliseconds, left]) ?? 0
            left -= min(count, left)
            return count
        }
    }

    func lane(_ endpoint: String) throws -> (isPaused: Bool, resumedAfter: Int64) {
        let row = try Row.fetchOne(
            cachedStatement(
                sql: "SELECT paused_at IS NOT NULL, resumed_after FROM lane WHERE endpoint = ?"),
            arguments: [endpoint])
        return row.map { ($0[0], $0[1]) } ?? (false, 0)
    }
}
