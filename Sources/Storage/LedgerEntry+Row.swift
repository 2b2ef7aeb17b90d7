internal import GRDB
internal import Planning

extension LedgerEntry {
    static let columns = """
        id, endpoint, reserved, started_at, lease_until, settled_at, outcome, charged, daily_left, \
        daily_reset_at, retry_at, full_at, daily_pool, server_at, \
        CASE WHEN outcome IN ('rejected', 'failed')
             THEN iif(json_valid(products), json_array_length(products) = 1, 0) ELSE 0 END AS is_alone
        """

    init(_ row: Row) {
        self.init(
            id: row[0], account: "", endpoint: row[1], reserved: row[2],
            startedAt: Timestamp(milliseconds: row[3]),
            leaseUntil: Timestamp(milliseconds: row[4]),
            settledAt: (row[5] as Int64?).map(Timestamp.init(milliseconds:)),
            outcome: (row[6] as String?).flatMap(Outcome.init(rawValue:)),
            charged: row[7], dailyLeft: row[8],
            dailyResetAt: (row[9] as Int64?).map(Timestamp.init(milliseconds:)),
            dailyPool: row[12],
            retryAt: (row[10] as Int64?).map(Timestamp.init(milliseconds:)),
            fullAt: (row[11] as Int64?).map(Timestamp.init(milliseconds:)),
            serverAt: (row[13] as Int64?).map(Timestamp.init(milliseconds:)),
            isAlone: row[14])
    }
}

extension Job {
    static let columns = """
        id, product, priority, enqueued_at, failures, snoozes, batch_limit, call_id, pages_done, \
        iif(endpoint = 'search', pages, 1), page_offset, then_lookup
        """

    init(_ row: Row) {
        self.init(
            id: row[0], product: row[1], priority: row[2],
            enqueuedAt: Timestamp(milliseconds: row[3]), failures: row[4], snoozes: row[5],
            batchLimit: row[6], lastCallID: row[7], pagesDone: row[8], pagesMost: row[9],
            pageOffset: row[10], lookUpMaxAge: (row[11] as Int64?).map { .milliseconds($0) })
    }
}
