internal import GRDB

/// A part of the results in the order of their revisions.
package struct ResultPart: Equatable, Sendable {
    package var items: [ResultLine]
    /// The last revision that was read, which the next part follows; the given one if there is no further
    /// result.
    package var lastRevision: Int64
}

extension Store {
    /// The next results, in the order in which they were stored.
    ///
    /// Results of all endpoints are in one order: those of one endpoint are found by reading the others
    /// between them too, at most `Database.pageRowsMax`. Those of a label are found by its jobs, all of which
    /// are read for each part.
    ///
    /// - Parameters:
    ///   - revision: 0 for the first part.
    ///   - label: Only products that have a job with this label at the endpoint.
    ///   - limit: 1 or more.
    package func results(
        after revision: Int64, endpoint: String?, label: String?, limit: Int
    ) throws -> ResultPart {
        try read { db in
            let found: Database.Revisions =
                try label.map {
                    try db.revisions(after: revision, endpoint, label: $0, limit: limit)
                } ?? db.revisions(after: revision, endpoint, limit: limit)
            return ResultPart(
                items: try db.results(found.revisions), lastRevision: found.last)
        }
    }
}

/// All results after a revision, in the order in which they were stored, batch by batch. Each batch is read in a
/// transaction of its own, so that a slow reader keeps none open. Results that are stored meanwhile follow, too.
package struct ResultStream: Sendable {
    /// How many results are read in one transaction.
    private static let batchMax = 500
    /// How many of a label's revisions are kept in memory, 8 bytes each: all of its jobs are read for these.
    private static let labelledMax = 100_000

    /// The last revision that was read.
    package private(set) var lastRevision: Int64
    private let endpoint: String?
    private let label: String?
    /// Revisions that were found and not read yet, and the last revision that was looked at for them.
    private var found: Database.Revisions

    /// - Parameters: as those of `Store.results`.
    package init(after revision: Int64, endpoint: String?, label: String?) {
        lastRevision = revision
        self.endpoint = endpoint
        self.label = label
        found = ([], revision)
    }

    /// - Returns: At most `limit` results; none where no further one is stored.
    package mutating func next(_ limit: Int, in store: Store) throws -> [ResultLine] {
        while true {
            if found.revisions.isEmpty {
                found = try store.read { [self] db in
                    try label.map {
                        try db.revisions(
                            after: lastRevision, endpoint, label: $0, limit: Self.labelledMax)
                    } ?? db.revisions(after: lastRevision, endpoint, limit: Self.batchMax)
                }
                if found.last == lastRevision { return [] }
            }
            let batch = Array(found.revisions.prefix(min(limit, Self.batchMax)))
            // First: if it fails, the next call reads the same.
            let lines = try store.read { try $0.results(batch) }
            found.revisions.removeFirst(batch.count)
            lastRevision = found.revisions.isEmpty ? found.last : batch.last ?? lastRevision
            if !lines.isEmpty { return lines }
        }
    }
}

extension Database {
    typealias Revisions = (revisions: ArraySlice<Int64>, last: Int64)

    fileprivate func revisions(
        after revision: Int64, _ endpoint: String?, limit: Int
    ) throws -> Revisions {
        let rows = try Row.fetchCursor(
            cachedStatement(
                sql: """
                    SELECT revision, endpoint FROM result NOT INDEXED WHERE revision > ?
                    ORDER BY revision LIMIT ?
                    """), arguments: [revision, Self.pageRowsMax])
        var found: Revisions = ([], revision)
        while found.revisions.count < limit, let row = try rows.next() {
            found.last = row[0]
            if endpoint == nil || row[1] == endpoint { found.revisions.append(row[0]) }
        }
        return found
    }

    fileprivate func revisions(
        after revision: Int64, _ endpoint: String?, label: String, limit: Int
    ) throws -> Revisions {
        let shown = Self.shows("queue.label", label)
        // No index finds a text by how it is shown.
        let index = shown.sql == "queue.label = ?" ? "INDEXED BY queue_label" : "NOT INDEXED"
        let revisions = try Int64.fetchAll(
            cachedStatement(
                sql: """
                    SELECT DISTINCT result.revision FROM queue \(index)
                    CROSS JOIN result INDEXED BY result_product
                        ON result.endpoint = queue.endpoint AND result.product = queue.product
                    WHERE queue.label IS NOT NULL AND \(shown.sql) AND result.revision > ?
                      AND coalesce(queue.endpoint = ?3, TRUE)
                    ORDER BY result.revision LIMIT ?
                    """),
            arguments: [shown.argument, revision, endpoint, limit])
        return (revisions[...], revisions.last ?? revision)
    }

    /// Results by their revisions. One that was replaced since has a later revision, and is left out here.
    fileprivate func results(_ revisions: some Sequence<Int64>) throws -> [ResultLine] {
        let statement = try cachedStatement(
            sql: "SELECT \(ResultLine.columns) FROM result WHERE revision = ?")
        return try revisions.compactMap { revision in
            try Row.fetchOne(statement, arguments: [revision]).map { ResultLine($0) }
        }
    }
}
