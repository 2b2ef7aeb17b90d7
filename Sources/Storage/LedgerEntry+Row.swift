internal import GRDB
internal import Planning

extension LedgerEntry {
    private enum Column: Int, SelectedColumn {
        case id, account, endpoint, slot, reserved, startedAt, leaseUntil, settledAt, outcome
        case charged, dailyLeft, dailyResetAt, dailyPool, retryAt, fullAt, serverAt, sentAt
        case isAlone
    }

    static let columns = Column.allCases.map { column in
        guard column == .isAlone else { return column.name }
        return """
            CASE WHEN outcome IN ('rejected', 'failed', 'unsent') AND json_valid(products)
            THEN json_array_length(products) = 1 ELSE FALSE END AS is_alone
            """
    }.joined(separator: ", ")

    /// - Parameter row: It begins with `columns`.
    init(_ row: Row) {
        func instant(_ column: Column) -> Timestamp? {
            (row[column] as Int64?).map(Timestamp.init(milliseconds:))
        }
        self.init(
            id: row[Column.id], account: row[Column.account], endpoint: row[Column.endpoint],
            slot: row[Column.slot], reserved: row[Column.reserved],
            startedAt: Timestamp(milliseconds: row[Column.startedAt]),
            leaseUntil: Timestamp(milliseconds: row[Column.leaseUntil]),
            settledAt: instant(.settledAt),
            outcome: (row[Column.outcome] as String?).flatMap(Outcome.init(rawValue:)),
            charged: row[Column.charged], dailyRemaining: row[Column.dailyLeft],
            dailyResetAt: instant(.dailyResetAt), dailyPool: row[Column.dailyPool],
            retryAt: instant(.retryAt), fullAt: instant(.fullAt), serverAt: instant(.serverAt),
            sentAt: instant(.sentAt), isAlone: row[Column.isAlone])
    }
}

extension Job {
    private enum Column: Int, SelectedColumn {
        case id, product, priority, enqueuedAt, failures, snoozes, batchLimit, callId, pagesDone
        case pages, pageOffset, thenLookup
    }

    private static let pagedColumns = Column.allCases.map(\.name).joined(separator: ", ")
    private static let plainColumns = Column.allCases.map { $0 == .pages ? "1" : $0.name }
        .joined(separator: ", ")

    /// - Parameter endpoint: The endpoint of the jobs.
    static func columns(_ endpoint: Endpoint) -> String {
        endpoint.hasPages ? pagedColumns : plainColumns
    }

    /// - Parameter row: Of `columns`.
    init(_ row: Row) {
        self.init(
            id: row[Column.id], product: row[Column.product], priority: row[Column.priority],
            enqueuedAt: Timestamp(milliseconds: row[Column.enqueuedAt]),
            failures: row[Column.failures], snoozes: row[Column.snoozes],
            batchLimit: row[Column.batchLimit], lastCallID: row[Column.callId],
            pagesDone: row[Column.pagesDone], pagesMax: row[Column.pages],
            pageOffset: row[Column.pageOffset],
            lookupMaxAge: (row[Column.thenLookup] as Int64?).map { .milliseconds($0) })
    }
}
