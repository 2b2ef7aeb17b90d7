internal import GRDB
internal import Schema

/// How the schema of a database compares with what its version has.
package struct SchemaReport: Sendable {
    /// `PRAGMA user_version`.
    package var version: Int
    package var flaws: [SchemaFlaw]
    /// The version whose schema it is without a flaw, where that is not `version`.
    package var actualVersion: Int?
    /// What brings it to what it must be, as input of the `sqlite3` shell; nil where it is so.
    package var repair: String?

    /// - Returns: nil for a version that is not known here.
    init?(_ db: Database) throws {
        version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard (1...DatabaseSchema.latestVersion).contains(version) else { return nil }
        let actual = try SchemaObject.all(in: db)
        let expected = try SchemaObject.expected(version)
        flaws = SchemaFlaw.all(actual, expected: expected)
        guard flaws.contains(where: { $0.kind != .foreign }) else { return }
        repair = SchemaRepair(actual, expected, flaws).script
        actualVersion = try DatabaseSchema.upgrades.map(\.version).first { other in
            try other != version
                && !SchemaFlaw.all(actual, expected: SchemaObject.expected(other))
                    .contains { $0.kind != .foreign }
        }
    }
}

extension Store {
    /// The version that this asinqd works with.
    package static var latestSchemaVersion: Int { DatabaseSchema.latestVersion }

    /// How the schema compares with what it must be. For a store that was opened to examine it.
    package func schemaReport() throws -> SchemaReport? {
        try read { try SchemaReport($0) }
    }

    /// - Throws: `StoreError.schemaChanged` where asinqd cannot work with the schema that is there.
    static func requireSchema(_ db: Database, path: String) throws {
        var report: SchemaReport?
        // In one transaction, because another process may be bringing it up to date just now.
        try db.inTransaction(.deferred) {
            report = try SchemaReport(db)
            return .commit
        }
        guard let flaw = report?.flaws.first(where: \.stopsWork) else { return }
        throw StoreError.schemaChanged(path: path, detail: flaw.summary)
    }

    /// What an error comes from: where the schema was changed, SQLite says of a statement of ours that
    /// it is wrong, or refuses a row.
    func explained(_ error: DatabaseError) -> StoreError {
        let plain = StoreError(error, path: path)
        guard case .other = plain,
            let report = try? database.inDatabase({ try SchemaReport($0) }),
            let flaw = report.flaws.first(where: { $0.kind != .foreign })
        else { return plain }
        return .schemaChanged(path: path, detail: flaw.summary)
    }
}
