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

    /// - Parameter first: The column with the id.
    fileprivate init(_ row: Row, from first: Int = 0) {
        id = row[first]
        label = row[first + 1]
        waits = row[first + 2]
        wasCalled = row[first + 3]
        priority = row[first + 4]
        notBefore = row[first + 5]
        pages = row[first + 6]
        thenLookup = row[first + 7]
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
    private static let openJobColumns = """
        id, label, state = 'available', call_id IS NOT NULL, priority, not_before, pages,
        then_lookup
        """

    /// The product's job that waits or runs.
    func openJob(_ product: String, at endpoint: String, _ account: String?) throws -> OpenJob? {
        let open = try cachedStatement(
            sql: """
                SELECT \(Self.openJobColumns) FROM queue INDEXED BY queue_open
                WHERE endpoint = ? AND product = ? AND ifnull(account, '') = ?
                  AND state IN ('available', 'running')
                """)
        return try Row.fetchOne(open, arguments: [endpoint, product, account ?? ""]).map {
            OpenJob($0)
        }
    }

    /// The jobs of products that wait or run, by product.
    func openJobs(
        _ products: [String], at endpoint: String, _ account: String?
    ) throws -> [String: OpenJob] {
        if products.isEmpty { return [:] }
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT product, \(Self.openJobColumns) FROM json_each(?) AS asked
                JOIN queue ON endpoint = ? AND product = asked.value AND ifnull(account, '') = ?
                  AND state IN ('available', 'running')
                """,
            arguments: [try Self.jsonArray(products), endpoint, account ?? ""])
        return Dictionary(
            rows.map { ($0[0], OpenJob($0, from: 1)) }, uniquingKeysWith: { first, _ in first })
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
