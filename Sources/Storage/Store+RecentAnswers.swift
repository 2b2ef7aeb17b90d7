internal import GRDB
package import Planning

/// The products of the calls that succeeded in the recent past.
package struct RecentAnswers: Equatable, Sendable {
    package var products: Int
    /// The start of the first call, or of the period if there was none.
    package var since: Timestamp
}

extension Store {
    private static let millisecondsPerHour: Int64 = 3_600_000

    /// The answers of this hour and the one before it: the tally counts by hour.
    package func recentAnswers(at now: Timestamp) throws -> RecentAnswers {
        let hour = now.milliseconds / Self.millisecondsPerHour - 1
        let start = hour * Self.millisecondsPerHour
        return try read { db in
            // Accounts and endpoints first: the tally is never pruned, and its key begins with both.
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT coalesce(sum(products), 0) AS products, min((
                        SELECT started_at FROM ledger
                        WHERE ledger.account = tally.account AND ledger.endpoint = tally.endpoint
                          AND settled_at >= ?2
                        ORDER BY settled_at LIMIT 1)) AS since
                    FROM account CROSS JOIN endpoint ON endpoint.provider = account.provider
                    CROSS JOIN tally
                      ON tally.account = account.name AND tally.endpoint = endpoint.name
                     AND tally.hour >= ?1
                    WHERE outcome = 'succeeded'
                    """,
                arguments: [hour, start])
            let since: Int64? = row?["since"]
            return RecentAnswers(
                products: row?["products"] ?? 0,
                since: Timestamp(milliseconds: since ?? start))
        }
    }
}
