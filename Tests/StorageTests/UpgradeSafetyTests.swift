import Foundation
import GRDB
import Planning
import Providers
import Schema
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// The properties of an upgrade, whatever the rows.
@Suite(.onSQLite)
struct UpgradeSafetyTests {
    @Test("Other programs' tables and views stay, and have the same contents")
    func strangers() throws {
        try VersionFive.upgraded(
            """
            \(VersionFive.jobs)
            CREATE TABLE mine (a); INSERT INTO mine VALUES (7);
            CREATE VIEW my_view AS SELECT product FROM queue ORDER BY id;
            CREATE VIEW my_broken_view AS SELECT * FROM nowhere;
            CREATE TRIGGER my_trigger AFTER INSERT ON mine BEGIN DELETE FROM queue WHERE id = new.a; END;
            """
        ) { (store: Store) throws in
            #expect(try store.rows("SELECT * FROM mine") == ["7"])
            #expect(
                try store.rows("SELECT product FROM my_view")
                    == store.rows("SELECT product FROM queue ORDER BY id"))
            #expect(
                try store.rows(
                    "SELECT sql FROM sqlite_schema WHERE name = 'my_trigger'")[0]
                    .contains("DELETE FROM queue"))
            #expect(try store.schemaReport()?.flaws == [])
        }
    }

    @Test("A column that a user added ends the upgrade before it would be deleted")
    func extraColumn() throws {
        try TemporaryFolder.with { folder in
            try VersionFive.make(folder, "ALTER TABLE queue ADD COLUMN note TEXT;")
            let error = #expect(throws: StoreError.self) {
                _ = try Store(path: folder.database, access: .write)
            }
            #expect(
                error?.description.contains("extra column note, which an upgrade would delete")
                    == true)
            #expect(
                try DatabaseQueue(path: folder.database).inDatabase {
                    try $0.rows("PRAGMA user_version")
                } == ["5"])
        }
    }

    @Test(
        "An upgrade is announced once, with the rows to copy, and never for a new or current file"
    )
    func announced() throws {
        try TemporaryFolder.with { folder in
            try VersionFive.make(
                folder,
                VersionFive.jobs
                    + "INSERT INTO result VALUES ('images', 'B000000001', 0, NULL, 1, 1)")
            var estimates: [UpgradeEstimate] = []
            func open(_ path: String) throws {
                _ = try Store(
                    path: path, access: .create, endpoints: Catalog.current.references,
                    upgrading: { estimates.append($0) })
            }
            try open(folder.database)
            try open(folder.database)
            try open(folder.path(of: "new.db"))
            #expect(estimates.map(\.rows) == [7])
            #expect(
                estimates.first?.version == 5
                    && estimates.first?.latest == DatabaseSchema.latestVersion)
            #expect(
                estimates.first?.description.contains(
                    "Upgrading \(folder.database) from schema version 5 to \(DatabaseSchema.latestVersion): 7 rows, a moment."
                )
                    == true)
        }
    }

    @Test("Without space for a copy an upgrade does not begin")
    func room() throws {
        try TemporaryFolder.with { folder in
            try VersionFive.make(folder, VersionFive.jobs)
            let estimate = try DatabaseQueue(path: folder.database).inDatabase {
                try UpgradeEstimate($0, path: folder.database, version: 5, latest: 6)
            }
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: folder.database)[.size] as? Int)
            #expect(estimate.bytes >= 2 * size && size > 0)
            try estimate.require(free: estimate.bytes)
            let error = StoreError.noRoomToUpgrade(
                path: folder.database, needed: estimate.bytes, free: estimate.bytes - 1)
            #expect(throws: error) { try estimate.require(free: estimate.bytes - 1) }
            #expect(error.description.contains("The file was not changed.\nTry: "))
        }
    }

    @Test(
        "A process that is killed in the middle leaves the file as it was, and the next one upgrades it"
    )
    func killed() throws {
        try TemporaryFolder.with { folder in
            try VersionFive.make(
                folder,
                """
                WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 3000)
                INSERT INTO queue (endpoint, product) SELECT 'images', printf('B%09d', n) FROM number;
                """)
            try folder.write(DatabaseSchema.upgrades[5].sql, to: "v6.sql")
            // With a cache of ten pages most of its writes are in the WAL before the end.
            let script = """
                import sqlite3, sys
                db = sqlite3.connect(sys.argv[1], isolation_level=None)
                db.execute("PRAGMA cache_size = 10")
                statement = "BEGIN IMMEDIATE;"
                for line in open(sys.argv[2]):
                    statement += line
                    if sqlite3.complete_statement(statement):
                        for part in statement.split("BEGIN IMMEDIATE;"):
                            db.execute(part if part.strip() else "BEGIN IMMEDIATE")
                        statement = ""
                db.execute("PRAGMA user_version = 6")
                print("written", flush=True)
                sys.stdin.read()
                """
            let command = try ShellCommand(
                ["python3", "-c", script, folder.database, folder.path(of: "v6.sql")], input: nil)
            #expect(command.nextLine() == "written")
            command.kill()
            let log = try FileManager.default.attributesOfItem(atPath: folder.database + "-wal")
            #expect(try #require(log[.size] as? Int) > 200_000)

            let old = try Store(path: folder.database, access: .examine)
            #expect(try old.schemaReport()?.version == 5)
            #expect(try old.schemaReport()?.flaws == [])
            #expect(try old.rows("PRAGMA integrity_check") == ["ok"])
            let store = try Store(path: folder.database, access: .write)
            #expect(try store.number("SELECT count(*) FROM queue") == 3_000)
            #expect(try store.schemaReport()?.flaws == [])
        }
    }
}
