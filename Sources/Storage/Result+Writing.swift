internal import GRDB
internal import Planning

extension Database {
    /// Stores the result of a call for `job`: in place of the earlier result, or appended to it if the job
    /// fetches a further page of the same answer.
    ///
    /// The product is the job's own, byte for byte.
    ///
    /// - Parameter job: As it was when its call was made.
    func store(_ item: Item?, of job: Job, _ call: LedgerEntry, now: Timestamp) throws {
        try cachedStatement(
            sql: """
                INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
                VALUES ((SELECT endpoint FROM queue WHERE id = ?5),
                        (SELECT product FROM queue WHERE id = ?5), ?1, ?2, ?3, ?4)
                ON CONFLICT (endpoint, product) DO UPDATE SET
                    \(job.pagesDone == 0 ? Self.replaced : appended),
                    fetched_at = excluded.fetched_at, call_id = excluded.call_id
                """
        ).execute(arguments: [
            item?.isFound ?? false, item?.body, now.milliseconds, call.id, job.id,
        ])
    }

    /// The same for a call that is settled, unless a later call has brought a result. A search's pages are one
    /// result, which is not known here.
    func storeLate(
        _ item: Item, _ product: String, _ endpoint: String, _ callID: Int64, now: Timestamp
    ) throws {
        try cachedStatement(
            sql: """
                INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (endpoint, product) DO UPDATE SET \(Self.replaced),
                    fetched_at = excluded.fetched_at, call_id = excluded.call_id
                WHERE result.call_id < excluded.call_id
                """
        ).execute(arguments: [
            endpoint, product, item.isFound, item.body, now.milliseconds, callID,
        ])
    }

    private static let replaced = "found = excluded.found, body = excluded.body"

    /// Joins two arrays. Both are cut and joined as text, so that each item stays as it was sent.
    private var appended: String {
        // Without the blanks around it.
        func text(_ body: String) -> String {
            isPostgreSQL ? "btrim(CAST(\(body) AS TEXT), E' \\t\\r\\n')" : "json(\(body))"
        }
        let joined = """
            substr(\(text("result.body")), 1, length(\(text("result.body"))) - 1) || ','
                || substr(\(text("excluded.body")), 2)
            """
        return """
            found = max(result.found, excluded.found),
            body = CASE
                WHEN coalesce(json_array_length(excluded.body), 0) = 0 THEN result.body
                WHEN coalesce(json_array_length(result.body), 0) = 0 THEN excluded.body
                ELSE \(isPostgreSQL ? "CAST(\(joined) AS JSON)" : joined)
            END
            """
    }

    /// Whether there is a result at least as recent as `since`.
    func isFresh(_ product: String, at endpoint: String, since: Timestamp?) throws -> Bool {
        guard let since else { return false }
        let fetched = try cachedStatement(
            sql: "SELECT fetched_at FROM result WHERE endpoint = ? AND product = ?")
        guard let at = try Int64.fetchOne(fetched, arguments: [endpoint, product]) else {
            return false
        }
        return at >= since.milliseconds
    }

    /// The provider's last answer about a product.
    func resultBody(_ product: String, at endpoint: String) throws -> String? {
        let body = try cachedStatement(
            sql: "SELECT body FROM result WHERE endpoint = ? AND product = ? AND found = 1")
        return try String.fetchOne(body, arguments: [endpoint, product])
    }
}
