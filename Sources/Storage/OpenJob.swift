internal import GRDB
internal import Planning

/// A job that waits or runs, with the fields that enqueueing its product again may change.
struct OpenJob: Equatable {
    let id: Int64
    let label: String?
    private let waits: Bool
    /// Whether a call has taken it before. Then its due time is a back-off, or the server's.
    private let wasCalled: Bool
    private(set) var priority: Int
    private(set) var notBefore: Int64
    private(set) var pages: Int
    private(set) var thenLookup: Int64?

    fileprivate init(_ row: Row) {
        id = row[0]
        label = row[1]
        waits = row[2]
        wasCalled = row[3]
        priority = row[4]
        notBefore = row[5]
        pages = row[6]
        thenLookup = row[7]
    }

    /// The job changed to satisfy `options` as well; nil if it does already.
    ///
    /// It gets the more urgent priority, the earlier time, the larger number of pages, the smaller age of the
    /// lookup that is to follow. A paused job stays paused, and a running one cannot be sooner.
    func improved(_ options: EnqueueOptions, at endpoint: EndpointReference, now: Timestamp)
        -> OpenJob?
    {
        var job = self
        if waits {
            job.priority = min(priority, options.priority)
            let wanted = options.notBefore.map(\.milliseconds) ?? 0
            let isPaused = notBefore == Store.pausedUntil.milliseconds
            if !wasCalled, !isPaused, notBefore > now.milliseconds, wanted < notBefore {
                job.notBefore = wanted
            }
        }
        if endpoint.hasPages { job.pages = max(pages, options.pages) }
        if endpoint.leadsTo != nil, let wanted = options.thenLookup?.milliseconds {
            job.thenLookup = min(thenLookup ?? wanted, wanted)
        }
        return job == self ? nil : job
    }

    /// Whether it is more urgent than `other`, or due earlier.
    func isSooner(than other: OpenJob) -> Bool {
        priority < other.priority || notBefore < other.notBefore
    }
}

extension Database {
    /// The product's job that waits or runs.
    func openJob(_ product: String, at endpoint: String, _ account: String?) throws -> OpenJob? {
        let open = try cachedStatement(
            sql: """
                SELECT id, label, state = 'available', call_id IS NOT NULL, priority, not_before,
                    pages, then_lookup
                FROM queue INDEXED BY queue_open
                WHERE endpoint = ? AND product = ? AND ifnull(account, '') = ?
                  AND state IN ('available', 'running')
                """)
        return try Row.fetchOne(open, arguments: [endpoint, product, account ?? ""]).map(
            OpenJob.init)
    }

    /// Writes the fields of an open job that enqueueing may change.
    func jobUpdate() throws -> (OpenJob) throws -> Void {
        let update = try cachedStatement(
            sql: """
                UPDATE queue SET priority = ?, not_before = ?, pages = ?, then_lookup = ?
                WHERE id = ?
                """)
        return { job in
            try update.execute(
                arguments: [job.priority, job.notBefore, job.pages, job.thenLookup, job.id])
        }
    }
}
