internal import GRDB
internal import Planning

/// Jobs of one line that become due at about the same time.
struct ScheduledRange {
    var count: Int
    var lastDueAt: Timestamp
    /// The first of them in the order of arrival.
    var firstID: Int64
}

extension Database {
    /// The jobs of a line that have a later time, in the order in which they become due. Jobs that are due
    /// within a minute are grouped, and jobs further ahead within an eighth of the time until then, so that
    /// there are at most some hundred ranges, however many jobs there are.
    func scheduledJobs(
        _ queue: QueueLine, _ priority: Int, at now: Timestamp
    ) throws -> [ScheduledRange] {
        let next = try cachedStatement(
            sql: """
                SELECT min(not_before) FROM queue INDEXED BY queue_scheduled
                WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                  AND not_before > 0 AND not_before > ? AND not_before < ?
                """)
        let range = try cachedStatement(
            sql: """
                SELECT \(Self.calls(at: queue.endpoint)), max(not_before), min(id)
                FROM queue INDEXED BY queue_scheduled
                WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                  AND not_before > 0 AND not_before BETWEEN ? AND ?
                """)
        let paused = Store.pausedUntil.milliseconds
        var ranges: [ScheduledRange] = []
        var seen: Int64 = 0
        while let first = try Int64.fetchOne(
            next, arguments: [queue.endpoint.name, queue.account, priority, seen, paused])
        {
            let width = max(60_000, (first - now.milliseconds) / 8)
            let last = min(first <= now.milliseconds ? now.milliseconds : first + width, paused - 1)
            guard
                let row = try Row.fetchOne(
                    range, arguments: [queue.endpoint.name, queue.account, priority, first, last])
            else { break }
            ranges.append(
                ScheduledRange(
                    count: row[0], lastDueAt: Timestamp(milliseconds: row[1]), firstID: row[2]))
            seen = last
        }
        return ranges
    }
}
