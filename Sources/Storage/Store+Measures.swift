internal import GRDB
package import Planning

/// The sums of an endpoint of an account over all hours of the tally, by outcome.
package struct TallyTotal: Equatable, Sendable {
    package var account: String
    package var endpoint: String
    package var outcome: String
    package var calls: Double
    package var products: Double
    package var tokens: Double
    package var driftUp: Double
    package var driftDown: Double
    package var durationSeconds: Double
    /// Calls that took at most as long as each of `secondsMax`.
    package var within: [Double]

    /// The bounds of the tally's columns.
    package static let secondsMax = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
}

extension Store {
    /// Sums that never fall: the tally stays when the ledger is pruned. As floating-point numbers, which do
    /// not overflow. Reads the whole tally, a row for each hour with calls.
    package func tallyTotals() throws -> [TallyTotal] {
        let columns = [
            "calls", "products", "tokens", "drift_up", "drift_down", "duration_ms", "le_100",
            "le_250", "le_500", "le_1000", "le_2500", "le_5000", "le_10000", "le_30000",
        ]
        return try read { db in
            try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT account, endpoint, outcome, \(columns.map { "total(\($0))" }.joined(separator: ", "))
                        FROM tally GROUP BY account, endpoint, outcome
                        """), []
            ) { row in
                TallyTotal(
                    account: row[0], endpoint: row[1], outcome: row[2], calls: row[3],
                    products: row[4], tokens: row[5], driftUp: row[6], driftDown: row[7],
                    durationSeconds: row[8] / 1_000, within: (9...16).map { row[$0] })
            }
        }
    }

    /// How many jobs ended in each state at each endpoint, those that were pruned too.
    package func finishedJobs() throws -> [(endpoint: String, state: String, jobs: Int)] {
        try read { db in
            try db.all(
                db.cachedStatement(
                    sql: "SELECT endpoint, state, jobs FROM job_tally ORDER BY endpoint, state"), []
            ) { (endpoint: $0[0], state: $0[1], jobs: $0[2]) }
        }
    }

    /// The products that were answered by today's accounts in each hour since an instant, by the number of
    /// the hour since 1970; hours without any are left out.
    package func answersByHour(since: Timestamp) throws -> [Int64: Int] {
        try read { db in
            var answers: [Int64: Int] = [:]
            try db.each(
                """
                SELECT hour, sum(products)
                FROM account CROSS JOIN endpoint ON endpoint.provider = account.provider
                CROSS JOIN tally
                  ON tally.account = account.name AND tally.endpoint = endpoint.name
                 AND tally.hour >= ?
                WHERE outcome = 'succeeded' GROUP BY hour
                """, [since.milliseconds / 3_600_000]
            ) { answers[$0[0]] = $0[1] }
            return answers
        }
    }

    /// When the oldest of an endpoint's ready jobs was enqueued: of the first of each line, because ids follow
    /// the order of arrival.
    package func oldestReady() throws -> [String: Timestamp] {
        try read { db in
            func first(_ index: String, _ failures: String) -> String {
                """
                SELECT endpoint.name, (
                    SELECT enqueued_at FROM queue INDEXED BY \(index)
                    WHERE queue.endpoint = endpoint.name AND queue.account IS line.account
                      AND priority = each.column1 AND state = 'available' AND not_before = 0
                      AND \(failures) ORDER BY id LIMIT 1)
                FROM endpoint
                CROSS JOIN (SELECT NULL AS account UNION ALL SELECT name FROM account) AS line
                CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS each
                """
            }
            var oldest: [String: Timestamp] = [:]
            try db.each(
                """
                \(first("queue_ready", "failures = 0")) UNION ALL
                \(first("queue_retry", "failures > 0"))
                """
            ) { row in
                guard let at = (row[1] as Int64?).map(Timestamp.init(milliseconds:)) else { return }
                oldest[row[0]] = min(oldest[row[0]] ?? at, at)
            }
            return oldest
        }
    }

    /// The length of the database without its WAL.
    package func databaseBytes() throws -> Int {
        try read { db in
            try Int.fetchOne(
                db,
                sql: db.isPostgreSQL
                    ? "SELECT pg_database_size(current_database())"
                    : "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") ?? 0
        }
    }
}
