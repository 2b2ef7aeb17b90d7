internal import Foundation
internal import PostgreSQL
internal import Schema
internal import Synchronization
package import Testing

/// The PostgreSQL server on which the tests of stores run, if there is one: with its URL in
/// TEST_POSTGRESQL, the same tests run on PostgreSQL instead of SQLite. `Tests/on-postgresql` starts one.
package final class TestServer: Sendable {
    package static let current = ProcessInfo.processInfo.environment["TEST_POSTGRESQL"]
        .map { TestServer($0) }

    /// A database without connections is deleted when this many newer ones exist. A long test, during which more
    /// are made, has a connection to its own.
    private static let keptDatabases = 150

    private let url: String
    private let state = Mutex<(made: Int, kept: [String], hasTemplate: Bool)>((0, [], false))
    private let prefix = "test\(ProcessInfo.processInfo.processIdentifier)_"

    private init(_ url: String) {
        self.url = url
    }

    /// The URL of a new database with the schema.
    package func newDatabase() throws -> String {
        try state.withLock { state in
            let server = try PostgreSQLConnection(url(of: "postgres"))
            let template = prefix + "template"
            if !state.hasTemplate {
                _ = try server.execute(
                    "CREATE DATABASE \(template) TEMPLATE template0 ENCODING 'UTF8'")
                try PostgreSQLConnection(url(of: template)).run(
                    "BEGIN; \(DatabaseSchema.postgreSQL); COMMIT")
                state.hasTemplate = true
            }
            state.made += 1
            let name = prefix + String(state.made)
            _ = try server.execute("CREATE DATABASE \(name) TEMPLATE \(template)")
            state.kept.append(name)
            for old in state.kept.dropLast(Self.keptDatabases) {
                let users = try server.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", [old])
                guard users.integer(row: 0, column: 0) == 0 else { continue }
                _ = try server.execute("DROP DATABASE \(old) WITH (FORCE)")
                state.kept.removeAll { $0 == old }
            }
            return url(of: name)
        }
    }

    private func url(of database: String) -> String {
        url.replacing("DATABASE", with: database)
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests of what only a file has: paths, locks, the WAL, upgrades, SQLite's plans.
    package static var onSQLite: Self { .enabled(if: TestServer.current == nil, "of SQLite") }

    /// For tests of what only a server has.
    package static var onServer: Self { .enabled(if: TestServer.current != nil, "of PostgreSQL") }
}
