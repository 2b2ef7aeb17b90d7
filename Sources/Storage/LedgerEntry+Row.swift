internal import GRDB
internal import Planning

extension LedgerEntry {
    static let columns = """
        id, account, endpoint, slot, reserved, started_at, lease_until, settled_at, outcome, charged, \
        daily_left, daily_reset_at, daily_pool, retry_at, full_at, server_at, sent_at, \
        CASE WHEN outcome IN ('rejected', 'failed', 'unsent')
             THEN iif(json_valid(products), json_array_length(products) = 1, 0) ELSE 0 END AS is_alone
        """

    /// - Parameter row: It begins with `columns`. They are read by position, which takes half the time.
    init(_ row: Row) {
        func instant(_ index: Int) -> Timestamp? {
            (row[index] as Int64?).map(Timestamp.init(milliseconds:))
        }
        self.init(
            id: row[0], account: row[1], endpoint: row[2], slot: row[3], reserved: row[4],
            startedAt: Timestamp(milliseconds: row[5]), leaseUntil: Timestamp(milliseconds: row[6]),
            settledAt: instant(7), outcome: (row[8] as String?).flatMap(Outcome.init(rawValue:)),
            charged: row[9], dailyRemaining: row[10], dailyResetAt: instant(11), dailyPool: row[12],
            retryAt: instant(13), fullAt: instant(14), serverAt: instant(15), sentAt: instant(16),
            isAlone: row[17])
    }
}

extension Job {
    /// - Parameter endpoint: The endpoint of the jobs.
    static func columns(_ endpoint: Endpoint) -> String {
        """
        id, product, priority, enqueued_at, failures, snoozes, batch_limit, call_id, pages_done, \
        \(endpoint.hasPages ? "pages" : "1"), page_offset, then_lookup
        """
    }

    init(_ row: Row) {
        self.init(
            id: row[0], product: row[1], priority: row[2],
            enqueuedAt: Timestamp(milliseconds: row[3]), failures: row[4], snoozes: row[5],
            batchLimit: row[6], lastCallID: row[7], pagesDone: row[8], pagesMax: row[9],
            pageOffset: row[10], lookupMaxAge: (row[11] as Int64?).map { .milliseconds($0) })
    }
}
