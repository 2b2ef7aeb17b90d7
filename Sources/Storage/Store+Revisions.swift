internal import GRDB

/// A result's revision and what it is a result of.
package struct ResultRevision: Equatable, Sendable {
    package var revision: Int64
    package var endpoint: String
    package var product: String
}

extension Store {
    /// What a program reads that asks for the results it has not seen yet, in the order of their revisions.
    package func revisions(after revision: Int64) throws -> [ResultRevision] {
        try read { db in
            try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT revision, endpoint, product FROM result WHERE revision > ?
                        ORDER BY revision
                        """),
                [revision]
            ) { ResultRevision(revision: $0[0], endpoint: $0[1], product: $0[2]) }
        }
    }
}
