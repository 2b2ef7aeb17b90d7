internal import GRDB
package import Planning

/// The place of a waiting job among the others.
package struct JobPlace: Equatable, Sendable {
    /// Ready jobs that go first: more urgent ones, and those of the same priority with a smaller id; nil if
    /// there are more than `Store.aheadMax`.
    package var ahead: Int?
    /// The calls that its line takes before it, and one more: its position in `LineBacklog.ready`.
    package var position: Int
}

extension Store {
    /// How many jobs ahead of one are counted.
    package static let aheadMax = 100_000

    /// - Parameter endpoint: The job's endpoint.
    package func place(of job: JobLine, at endpoint: Endpoint) throws -> JobPlace {
        try read { db in
            let others = try db.accounts().filter { $0.provider == endpoint.provider }.map(\.name)
            let accounts: [String?] = [nil] + (job.account.map { [$0] } ?? others)
            var left = Self.aheadMax + 1
            for priority in 0...job.priority {
                for account in accounts where left > 0 {
                    left -= try db.readyJobs(
                        QueueLine(endpoint: endpoint, account: account), priority,
                        before: priority < job.priority ? .max : job.id, upTo: left)
                }
            }
            let ahead = Self.aheadMax + 1 - left
            return JobPlace(
                ahead: left > 0 ? ahead : nil,
                position: try db.readyCalls(
                    QueueLine(endpoint: endpoint, account: job.account), job.priority,
                    before: job.id) + 1)
        }
    }
}

extension Database {
    fileprivate func readyJobs(
        _ queue: QueueLine, _ priority: Int, before id: Int64, upTo most: Int
    ) throws -> Int {
        func part(_ index: String, _ failures: String) -> String {
            """
            (SELECT count(*) FROM (
                SELECT 1 FROM queue INDEXED BY \(index)
                WHERE endpoint = ?1 AND account IS ?2 AND priority = ?3 AND state = 'available'
                  AND not_before = 0 AND \(failures) AND id < ?4 LIMIT ?5) AS part)
            """
        }
        let statement = try cachedStatement(
            sql: """
                SELECT min(?5, \(part("queue_ready", "failures = 0"))
                    + \(part("queue_retry", "failures > 0")))
                """)
        return try Int.fetchOne(
            statement, arguments: [queue.endpoint.name, queue.account, priority, id, most]) ?? 0
    }

    fileprivate func readyCalls(
        _ queue: QueueLine, _ priority: Int, before id: Int64
    ) throws -> Int {
        func part(_ index: String, _ failures: String) -> String {
            """
            (SELECT \(Self.calls(at: queue.endpoint)) FROM queue INDEXED BY \(index)
             WHERE endpoint = ?1 AND account IS ?2 AND priority = ?3 AND state = 'available'
               AND not_before = 0 AND \(failures) AND id < ?4)
            """
        }
        let statement = try cachedStatement(
            sql: """
                SELECT \(part("queue_ready", "failures = 0"))
                    + \(part("queue_retry", "failures > 0"))
                """)
        return try Int.fetchOne(
            statement, arguments: [queue.endpoint.name, queue.account, priority, id]) ?? 0
    }
}
