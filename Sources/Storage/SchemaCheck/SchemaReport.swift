internal import GRDB
internal import Schema

/// The comparison of a database's schema with its version's.
package struct SchemaReport: Sendable {
    /// `PRAGMA user_version`.
    package var version: Int
    package var flaws: [SchemaFlaw]
    /// The version whose schema it has without a flaw, if that is not `version`.
    package var actualVersion: Int?
    /// The SQL that repairs it, as input of the `sqlite3` shell; nil if it has no flaw.
    package var repair: String?

    /// - Returns: nil for an unknown version.
    init?(_ db: GRDB.Database) throws {
        version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard (1...DatabaseSchema.latestVersion).contains(version) else { return nil }
        let actual = try SchemaObject.all(in: db)
        let expected = try SchemaObject.expected(version)
        flaws = SchemaFlaw.all(actual, expected: expected)
        guard flaws.contains(where: { $0.kind != .foreign }) else { return }
        repair = SchemaRepair(actual, expected, flaws).script
        // The latest one, because an upgrade may only add to the version before.
        actualVersion = try DatabaseSchema.upgrades.map(\.version).last { other in
            try other != version
                && !SchemaFlaw.all(actual, expected: SchemaObject.expected(other))
                    .contains { $0.kind != .foreign }
        }
    }
}

extension Store {
    /// The version that this asinqd works with.
    package static var latestSchemaVersion: Int { DatabaseSchema.latestVersion }

    /// The comparison of the schema with its version's. For a store that was opened to examine it.
    package func schemaReport() throws -> SchemaReport? {
        try inFile { db, _ in
            var report: SchemaReport?
            try db.inTransaction(.deferred) {
                report = try SchemaReport(db)
                return .commit
            }
            return report
        }
    }

    /// - Throws: `StoreError.schemaChanged` if asinqd cannot work with the schema.
    static func requireSchema(_ db: GRDB.Database, path: String) throws {
        var report: SchemaReport?
        // In one transaction, because another process may be upgrading it at the same time.
        try db.inTransaction(.deferred) {
            report = try SchemaReport(db)
            return .commit
        }
        guard let flaw = report?.flaws.first(where: \.stopsWork) else { return }
        throw StoreError.schemaChanged(path: path, detail: flaw.summary)
    }

    /// The cause of an error: if the schema was changed, SQLite says that a statement of ours is wrong, or
    /// rejects a row.
    func explained(_ error: DatabaseError) -> StoreError {
        let plain = StoreError(error, path: path)
        guard case .other = plain, case .sqlite(let file) = engine,
            let report = try? file.queue.unsafeReentrantRead({ try SchemaReport($0) }),
            let flaw = report.flaws.first(where: { $0.kind != .foreign })
        else { return plain }
        return .schemaChanged(path: path, detail: flaw.summary)
    }
}
