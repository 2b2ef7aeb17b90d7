package import Planning
package import Storage

/// A page of jobs, the latest first.
package struct JobPage: Encodable {
    package var items: [JobRecord]
    /// Where the next page begins; absent at the end. Where no index has the jobs that match, a page may have
    /// fewer items than its limit, or none, and be followed by more.
    package var next: String?

    /// - Throws: `OperationError.badRequest` for a cursor of another list, an unknown endpoint or account;
    ///   `StoreError`
    package static func read(
        _ store: Store, _ filter: JobFilter, limit: Int, cursor: String?, at now: Timestamp
    ) throws -> JobPage {
        try store.reading {
            let order: Character = filter.isByEnd ? "f" : "j"
            let after = try ListPage.key(order, cursor)
            try OperationError.requireKnown(
                endpoint: filter.endpoint, account: filter.account, in: store)
            let page = try store.jobs(
                filter.canonical, limit: ListPage.limit(limit), after: after, at: now)
            return JobPage(
                items: page.items.map(JobRecord.init), next: ListPage.cursor(order, page.next))
        }
    }

    /// Passes the jobs that match to `body`, the latest first, page by page: in constant memory, and without a
    /// transaction that stays open.
    ///
    /// - Parameter limit: nil for all of them.
    /// - Returns: How many there were.
    /// - Throws: as `read`, and the errors of `body`.
    @discardableResult
    package static func forEach(
        _ store: Store, _ filter: JobFilter, limit: Int?, at now: Timestamp,
        _ body: (JobRecord) throws -> Void
    ) throws -> Int {
        var count = 0
        var cursor: String?
        repeat {
            let left = limit.map { $0 - count } ?? ListPage.limitMax
            let page = try read(store, filter, limit: left, cursor: cursor, at: now)
            for job in page.items { try body(job) }
            count += page.items.count
            cursor = page.next
        } while cursor != nil && limit != count
        return count
    }
}
