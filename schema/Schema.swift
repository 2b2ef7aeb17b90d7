/// The database's structure, as SQL text that is compiled into the binary.
package struct Migration: Sendable {
    /// The version that a database has once this is applied: its `PRAGMA user_version`.
    package let version: Int
    package let sql: String
}

extension Migration {
    /// In their order. One that has shipped is never edited: a change is a further one.
    package static let all: [Migration] = [
        Migration(version: 1, sql: text(PackageResources.v1_sql)),
        Migration(version: 2, sql: text(PackageResources.v2_sql)),
        Migration(version: 3, sql: text(PackageResources.v3_sql)),
        Migration(version: 4, sql: text(PackageResources.v4_sql)),
        Migration(version: 5, sql: text(PackageResources.v5_sql)),
    ]

    /// The version that this binary writes and reads.
    package static var latestVersion: Int { all.last?.version ?? 0 }

    /// `PRAGMA application_id` of every asinqd database: "asnq" in ASCII. It tells one from another
    /// program's SQLite file before anything is written to it.
    package static let applicationID = 0x6173_6E71

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
