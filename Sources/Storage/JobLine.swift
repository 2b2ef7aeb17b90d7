internal import GRDB
package import Planning

/// A job with everything that people and programs read of it.
package struct JobLine: Equatable, Sendable {
    package var id: Int64
    package var endpoint: String
    package var product: String
    /// The account that it names.
    package var account: String?
    package var state: JobState
    package var priority: Int
    package var label: String?
    package var enqueuedAt: Timestamp
    /// nil for jobs that may run at once, and for those that are paused.
    package var notBefore: Timestamp?
    package var failures: Int
    package var snoozes: Int
    /// The last call that took it.
    package var callID: Int64?
    package var finishedAt: Timestamp?
    package var error: String?
    package var pages: Int
    package var pagesDone: Int
    package var thenLookup: Bool
}

extension JobLine {
    static let columns = """
        id, endpoint, \(Database.bytes("product")), account, state, priority, \
        \(Database.bytes("label")), enqueued_at, not_before, failures, snoozes, call_id, \
        finished_at, \(Database.bytes("error")), pages, pages_done, then_lookup IS NOT NULL
        """

    /// - Parameter row: It begins with `columns`.
    init(_ row: Row, at now: Timestamp) {
        func text(_ index: Int) -> String? {
            row.isNull(index) ? nil : row.text(at: index)
        }
        let notBefore = Timestamp(milliseconds: row[8])
        state = JobState(column: row[4], notBefore: notBefore, at: now) ?? .ready
        id = row[0]
        endpoint = row[1]
        product = row.text(at: 2)
        account = row[3]
        priority = row[5]
        label = text(6)
        enqueuedAt = Timestamp(milliseconds: row[7])
        self.notBefore =
            notBefore.milliseconds == 0 || notBefore == Store.pausedUntil ? nil : notBefore
        failures = row[9]
        snoozes = row[10]
        callID = row[11]
        finishedAt = (row[12] as Int64?).map(Timestamp.init(milliseconds:))
        error = text(13)
        pages = row[14]
        pagesDone = row[15]
        thenLookup = row[16]
    }
}

extension Store {
    package func job(_ id: Int64, at now: Timestamp) throws -> JobLine? {
        try read { db in
            try Row.fetchOne(
                db, sql: "SELECT \(JobLine.columns) FROM queue WHERE id = ?", arguments: [id]
            ).map { JobLine($0, at: now) }
        }
    }
}
