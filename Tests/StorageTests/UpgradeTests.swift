import Foundation
import GRDB
import Planning
import Providers
import Schema
import StoreSupport
import Testing

@testable import Storage

/// Files of version 5, brought to version 6.
struct UpgradeTests {
    private let jobs = """
        INSERT INTO queue (endpoint, product, label, priority, not_before, batch_limit, enqueued_at)
        VALUES ('images', 'B000000001', 'red', 0, 7, 100, 11), ('barcodes', 'B000000002', NULL, 9, 0, 1, 12);
        INSERT INTO queue (endpoint, product, pages, enqueued_at) VALUES ('search', 'red', 9, 13), ('images', 'B000000003', 3, 14);
        INSERT INTO queue (endpoint, product, then_lookup, enqueued_at) VALUES ('barcodes', 'B000000004', 5, 15);
        INSERT INTO queue (endpoint, product, enqueued_at) VALUES ('lookup', '96385074', 16), ('images', 'B000000005', 17);
        DELETE FROM queue WHERE product = 'B000000001';
        UPDATE queue SET state = 'running', call_id = 3 WHERE product = 'B000000002';
        UPDATE queue SET state = 'running', call_id = 4 WHERE product = 'B000000005';
        UPDATE queue SET state = 'discarded', finished_at = 20, error = 'no', failures = 5, snoozes = 2
        WHERE product = 'B000000005';
        """

    /// Runs `sql` in a file of version 5, upgrades it, and gives what is in it to `body`.
    private func upgraded(
        _ sql: String, before: (Database) throws -> Void = { _ in }, _ body: (Store) throws -> Void
    ) throws {
        try TemporaryFolder.with { folder in
            try made(folder, sql, before)
            try body(Store(path: folder.database, access: .write))
        }
    }

    private func made(
        _ folder: TemporaryFolder, _ sql: String, _ before: (Database) throws -> Void = { _ in }
    ) throws {
        try DatabaseQueue(path: folder.database).inDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    \(DatabaseSchema.sql(of: 5));
                    PRAGMA application_id = \(DatabaseSchema.applicationID); PRAGMA user_version = 5;
                    \(sql)
                    """)
            try before(db)
        }
    }

    private func settled(_ columns: String, at endpoint: String = "images") -> String {
        """
        INSERT INTO ledger (endpoint, products, reserved, started_at, lease_until)
        VALUES ('\(endpoint)', '["B000000001", "B000000002"]', 20, 1000, 61000);
        UPDATE ledger SET \(columns) WHERE settled_at IS NULL;
        """
    }

    @Test("Every job keeps its id and all of its columns")
    func jobsKept() throws {
        let columns = """
            id, endpoint, product, state, priority, label, enqueued_at, not_before, failures, snoozes,
            batch_limit, call_id, finished_at, error, pages, pages_done, page_offset, then_lookup
            """
        var before: [String] = []
        try upgraded(
            jobs, before: { before = try $0.rows("SELECT \(columns) FROM queue ORDER BY id") }
        ) { (store: Store) throws in
            #expect(before.count == 6)
            #expect(try store.rows("SELECT \(columns) FROM queue ORDER BY id") == before)
            #expect(try store.number("SELECT count(account) FROM queue") == 0)
            #expect(try store.rows("PRAGMA integrity_check") == ["ok"])
        }
    }

    @Test("Every call keeps its id and columns, byte for byte, and gets its provider's account")
    func callsKept() throws {
        let columns = """
            id, endpoint, products, reserved, started_at, lease_until, settled_at, outcome, charged,
            http_status, daily_left, daily_reset_at, drift, retry_at, message, full_at, daily_pool,
            server_at
            """
        let calls =
            settled(
                """
                settled_at = 1500, outcome = 'succeeded', charged = 10, http_status = 200, daily_left = 5,
                daily_reset_at = 9, drift = -3, retry_at = 8, message = 'fine', full_at = 7,
                daily_pool = 'search', server_at = 2000
                """, at: "search")
            + settled("settled_at = 1, outcome = 'expired', charged = 20", at: "lookup")
                + """
                INSERT INTO ledger (endpoint, products, reserved, started_at, lease_until)
                VALUES ('barcodes', '[ "B000000002" ]', 1, 1000, 61000), ('images', '["é"]', 1, 1000, 61000);
                INSERT INTO lane VALUES ('barcodes', NULL, 2), ('search', 9, 0);
                """
        var before: [String] = []
        try upgraded(
            calls, before: { before = try $0.rows("SELECT \(columns) FROM ledger ORDER BY id") }
        ) { (store: Store) throws in
            #expect(before.count == 4)
            #expect(try store.rows("SELECT \(columns) FROM ledger ORDER BY id") == before)
            #expect(
                try store.rows("SELECT account, slot FROM ledger ORDER BY id")
                    == ["upcitemdb|0", "upcitemdb|0", "asinscope|0", "asinscope|0"])
            #expect(
                try store.rows("SELECT * FROM lane ORDER BY endpoint")
                    == ["asinscope|barcodes|-|2", "upcitemdb|search|9|0"])
        }
    }

    @Test("No id of a call is given again, also where the last ones were pruned")
    func sequence() throws {
        let calls = (1...3).map { _ in settled("settled_at = 1, outcome = 'failed', charged = 0") }
        for kept in ["id < 3", "0"] {
            try upgraded("\(calls.joined()) DELETE FROM ledger WHERE NOT (\(kept));") {
                (store: Store) throws in
                try store.complete(asin(1))
                #expect(try store.number("SELECT max(id) FROM ledger") == 4)
            }
        }
    }

    @Test(
        "A call that no connection was made for becomes unsent; other failures stay what they are")
    func unsent() throws {
        let reasons = UnsentReason.allCases.map(\.rawValue)
        let failures = reasons.map { "message = '\($0)', charged = 0" }
        let others = [
            "message = 'connection_refused', charged = 20",
            "message = 'connection_refused', charged = 0, http_status = 502",
            "message = 'timeout', charged = 0", "charged = 0",
            "message = 'connection_refused ', charged = 0",
        ]
        let calls = (failures + others).map { settled("settled_at = 1, outcome = 'failed', \($0)") }
        try upgraded(calls.joined()) { (store: Store) throws in
            #expect(
                try store.rows("SELECT outcome FROM ledger ORDER BY id")
                    == reasons.map { _ in "unsent" } + others.map { _ in "failed" })
        }
    }

    @Test("A refusal of the address becomes misdirected, one of the key stays unauthorized")
    func misdirected() throws {
        let addresses = CallOutcome.addressStatuses.map(String.init)
        let others = ["401", "403", "407", "511", "NULL"]
        let calls = (addresses + others).map {
            settled("settled_at = 1, outcome = 'unauthorized', charged = 0, http_status = \($0)")
        }
        try upgraded(calls.joined()) { (store: Store) throws in
            #expect(
                try store.rows("SELECT outcome FROM ledger ORDER BY id")
                    == addresses.map { _ in "misdirected" } + others.map { _ in "unauthorized" })
        }
    }

    @Test("Results get their revisions in the order in which they were fetched")
    func revisions() throws {
        try upgraded(
            """
            INSERT INTO result VALUES ('images', 'B000000001', 1, '{"a": 1.50}', 30, 1),
                ('barcodes', 'B000000001', 0, NULL, 10, 2), ('images', 'B000000002', 0, NULL, 30, 1),
                ('images', 'B000000003', 1, '{}', 20, 3);
            """
        ) { (store: Store) throws in
            #expect(
                try store.rows("SELECT * FROM result ORDER BY revision")
                    == [
                        "1|barcodes|B000000001|0|-|10|2", "2|images|B000000003|1|{}|20|3",
                        #"3|images|B000000001|1|{"a": 1.50}|30|1"#, "4|images|B000000002|0|-|30|1",
                    ])
        }
    }

    /// The same calls, settled under version 6, are counted by its trigger.
    @Test("The tally of an older file is that of the same calls in a new one")
    func tally() throws {
        let outcomes = ["succeeded", "failed", "rate_limited"]
        let calls = (0..<60).map { number in
            settled(
                """
                settled_at = \(1000 + number * number * 17_000 / 3), charged = \(number),
                outcome = '\(outcomes[number % 3])', drift = \(number % 4 == 0 ? "NULL" : "\(30 - number)")
                """, at: number % 2 == 0 ? "images" : "barcodes")
        }
        var old: [String] = []
        try upgraded(calls.joined()) { (store: Store) throws in
            old = try store.rows("SELECT * FROM tally")
        }
        let store = try Store()
        try store.execute(
            calls.joined().replacing("INTO ledger (", with: "INTO ledger (account, ")
                .replacing("VALUES (", with: "VALUES ('asinscope', "))
        #expect(old.count > 10)
        #expect(try store.rows("SELECT * FROM tally") == old)
    }

    @Test("Other programs' tables and views stay, and read what they read before")
    func strangers() throws {
        try upgraded(
            """
            \(jobs)
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

    @Test("A column that somebody added ends the upgrade before it would be deleted")
    func extraColumn() throws {
        try TemporaryFolder.with { folder in
            try made(folder, "ALTER TABLE queue ADD COLUMN note TEXT;")
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
        "It is announced once, with the rows to copy, and never for a file that is new or up to date"
    )
    func announced() throws {
        try TemporaryFolder.with { folder in
            try made(folder, jobs + settled("settled_at = 1, outcome = 'failed', charged = 0"))
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
                    "Upgrading \(folder.database) from schema version 5 to 6: 7 rows, a moment.")
                    == true)
        }
    }

    @Test("Without room for a copy it does not begin")
    func room() throws {
        try TemporaryFolder.with { folder in
            try made(folder, jobs)
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
            try made(
                folder,
                """
                WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 3000)
                INSERT INTO queue (endpoint, product) SELECT 'images', printf('B%09d', n) FROM number;
                """)
            try DatabaseSchema.upgrades.last!.sql.write(
                toFile: folder.path(of: "v6.sql"), atomically: true, encoding: .utf8)
            // With a cache of ten pages most of what it writes is in the log before the end.
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
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [
                "python3", "-c", script, folder.database, folder.path(of: "v6.sql"),
            ]
            process.standardInput = Pipe()
            process.standardOutput = output
            try process.run()
            #expect(output.fileHandleForReading.readData(ofLength: 7) == Data("written".utf8))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
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
