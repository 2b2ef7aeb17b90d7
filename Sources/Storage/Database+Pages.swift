internal import GRDB
internal import Planning

/// If an answer has pages, each page is a call, so a job counts as the pages that it may still take. Other
/// jobs are one call each, which an index can count.
extension Database {
    /// The calls that one waiting job may still take.
    static let pagesLeft = "max(1, pages - pages_done)"

    /// The number of calls that the selected waiting jobs at `endpoint` may still take.
    static func calls(at endpoint: Endpoint) -> String {
        endpoint.hasPages ? "coalesce(sum(\(pagesLeft)), 0)" : "count(*)"
    }

    /// Jobs of the open call, and the pages that each may still fetch after this one. They come first in
    /// their line when the call ends, because the id stays.
    func runningPages(_ queue: QueueLine) throws -> [LabelPlace] {
        let statement = try cachedStatement(
            sql: """
                SELECT \(Self.bytes("coalesce(label, '')")), priority, id, pages - pages_done - 1
                FROM queue INDEXED BY queue_running
                WHERE state = 'running' AND pages - pages_done > 1 AND account IS ? AND call_id IN
                  (SELECT ledger.id FROM account CROSS JOIN ledger ON ledger.account = account.name
                   WHERE ledger.settled_at IS NULL AND ledger.endpoint = ?)
                """)
        let arguments: StatementArguments = [queue.account, queue.endpoint.name]
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            LabelPlace(
                label: row.text(at: 0), jobID: row[2], endpoint: queue.endpoint.name,
                account: queue.account, priority: row[1],
                ready: row[3], lastReadyID: row[2])
        }
    }
}
