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
}
