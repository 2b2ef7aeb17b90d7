/// The database's structure, as SQL text that is compiled into the binary.
package enum DatabaseSchema {
    /// The complete latest version, for a new database.
    package static let current = text(PackageResources.current_sql)

    /// The same for PostgreSQL, as one script for a transaction.
    package static let postgreSQL = [
        PackageResources.tables_sql, PackageResources.rules_sql, PackageResources.enqueue_sql,
        PackageResources.views_sql, PackageResources.hosts_sql, PackageResources.engine_sql,
        PackageResources.roles_sql,
    ].map(text).joined(separator: "\n")

    /// The upgrades of an older database to the latest version, in order. An upgrade that has shipped is never
    /// edited: a change is a further upgrade.
    package static let upgrades: [Upgrade] = [
        Upgrade(version: 1, sql: text(PackageResources.v1_sql)),
        Upgrade(version: 2, sql: text(PackageResources.v2_sql)),
        Upgrade(version: 3, sql: text(PackageResources.v3_sql)),
        Upgrade(version: 4, sql: text(PackageResources.v4_sql)),
        Upgrade(version: 5, sql: text(PackageResources.v5_sql)),
        Upgrade(version: 6, sql: text(PackageResources.v6_sql)),
        Upgrade(version: 7, sql: text(PackageResources.v7_sql)),
    ]

    /// The version that this binary writes and reads.
    package static var latestVersion: Int { upgrades.last?.version ?? 0 }

    /// `PRAGMA application_id` of every asinqd database: "asnq" in ASCII. It distinguishes the file from
    /// another program's SQLite file before anything is written to it.
    package static let applicationID = 0x6173_6E71

    /// From the version before to `version`.
    package struct Upgrade: Sendable {
        /// The version that a database has once this is applied: its `PRAGMA user_version`.
        package let version: Int
        package let sql: String
    }

    /// The statements that make the schema of `version`, in an empty database.
    package static func sql(of version: Int) -> String {
        version == latestVersion
            ? current
            : upgrades.filter { $0.version <= version }.map(\.sql).joined(separator: "\n")
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
