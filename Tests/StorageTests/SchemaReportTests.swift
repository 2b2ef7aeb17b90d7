import Foundation
import GRDB
import Schema
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// The flaws of a changed schema, and their repair.
@Suite(.onSQLite)
struct SchemaReportTests {
    private func report(_ store: Store) throws -> SchemaReport {
        try #require(try store.schemaReport())
    }

    /// The repair's SQL without the lines that are the shell's own.
    private func repair(_ store: Store) throws {
        let script = try #require(try report(store).repair)
        try store.execute(
            script.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix(".") }.joined(separator: "\n"))
    }

    @Test(
        "each version of the schema has no flaw",
        arguments: DatabaseSchema.upgrades.map(\.version))
    func versions(_ version: Int) throws {
        let database = try DatabaseQueue()
        try database.inDatabase { db in
            try db.execute(sql: DatabaseSchema.sql(of: version))
            try db.execute(sql: "PRAGMA user_version = \(version); ANALYZE")
            let report = try #require(try SchemaReport(db))
            #expect(report.flaws.isEmpty && report.repair == nil)
        }
    }

    @Test("each dropped object is reported by its name, and created again")
    func dropped() throws {
        for object in try SchemaObject.expected(DatabaseSchema.latestVersion) {
            let store = try Store()
            try store.add(asins(1...2))
            try store.execute("DROP \(object.type) \(object.name)")
            let flaw = try #require(try report(store).flaws.first { $0.name == object.name })
            #expect(flaw.kind == .missing && flaw.type == object.type)
            #expect(flaw.stopsWork == (object.type != "trigger"))
            try repair(store)
            #expect(try report(store).flaws.isEmpty, "\(object.name)")
            if object.name != "queue" {
                #expect(try store.number("SELECT count(*) FROM queue") == 2)
            }
        }
    }

    @Test(
        "a changed word of a table is found, and repaired with the rows kept",
        arguments: [
            ("queue", "priority    INTEGER", "priority    ANY", "priority any"),
            ("queue", "NOT NULL DEFAULT 5", "DEFAULT 5", "priority integer default 5"),
            ("queue", "DEFAULT 5", "DEFAULT 3", "default 3"),
            ("queue", " CHECK (priority BETWEEN 0 AND 9)", "", "priority"),
            ("queue", "INTEGER PRIMARY KEY", "INTEGER", "id integer primary key"),
            (
                "queue", "CHECK (state <> 'running' OR call_id IS NOT NULL),", "",
                "lacks `check (state"
            ),
            ("queue", "STRICT", "", "is not `strict`"),
            ("ledger", "PRIMARY KEY AUTOINCREMENT", "PRIMARY KEY", "autoincrement"),
            ("ledger", "server_at", "server_when", "lacks the column server_at"),
            ("result", "found      INTEGER NOT NULL", "found      INTEGER", "found integer check"),
            ("result", "PRIMARY KEY AUTOINCREMENT", "PRIMARY KEY", "autoincrement"),
            ("tally", "STRICT, WITHOUT ROWID", "STRICT", "is not `strict, without rowid`"),
            ("endpoint", "BETWEEN 1 AND 64),", "BETWEEN 1 AND 65),", "name text"),
            (
                "lane", "paused_at     INTEGER,", "paused_at     INTEGER, note TEXT,",
                "extra column note"
            ),
        ] as [(String, String, String, String)])
    func changed(table: String, old: String, new: String, words: String) throws {
        let store = try Store()
        try store.add(asins(1...3))
        try store.complete(asin(4))
        let expected = try #require(
            try SchemaObject.expected(DatabaseSchema.latestVersion).first { $0.name == table })
        #expect(expected.sql.contains(old))
        let others = try store.rows(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = '\(table)' AND type <> 'table' AND sql IS NOT NULL"
        )
        let rows = try store.number("SELECT count(*) FROM \(table)")
        // As if a user had created the table again with another text.
        try store.execute(
            """
            CREATE TEMP TABLE kept AS SELECT * FROM \(table); DROP TABLE \(table);
            \(expected.sql.replacing(old, with: new));
            INSERT INTO \(table) SELECT \(table == "lane" ? "account, endpoint, paused_at, NULL, resumed_after" : "*") FROM kept;
            """)
        for sql in others where !sql.contains("server_at") || words.contains("note") {
            try? store.execute(sql)
        }
        let flaw = try #require(try report(store).flaws.first { $0.name == table })
        #expect(flaw.kind == .changed && flaw.detail.contains(words), "\(flaw)")
        #expect(flaw.stopsWork == (words != "extra column note"))
        try repair(store)
        #expect(try report(store).flaws.filter { $0.kind != .foreign } == [])
        #expect(try store.number("SELECT count(*) FROM \(table)") == rows)
    }

    @Test("indexes, triggers and views of other texts are found and replaced")
    func otherTexts() throws {
        let store = try Store()
        try store.execute(
            """
            DROP INDEX queue_open; CREATE INDEX queue_open ON queue (endpoint, product);
            DROP TRIGGER queue_delete;
            CREATE TRIGGER queue_delete BEFORE DELETE ON queue BEGIN SELECT 1; END;
            DROP VIEW code; CREATE VIEW code AS SELECT product AS asin, NULL AS code FROM result;
            DROP VIEW image; CREATE TABLE image (asin TEXT); INSERT INTO image VALUES ('kept');
            """)
        let flaws = try report(store).flaws
        #expect(
            flaws.map(\.description)
                == [
                    "index queue_open was changed", "trigger queue_delete was changed",
                    "view image is a table", "view code was changed",
                ])
        try repair(store)
        #expect(try report(store).flaws.isEmpty)
        #expect(try store.rows("SELECT asin FROM image_replaced") == ["kept"])
    }

    @Test("a view of another text is dropped with its triggers, and both are created again")
    func inbox() throws {
        let store = try Store()
        try store.execute(
            """
            DROP VIEW inbox; CREATE VIEW inbox AS SELECT endpoint, product FROM queue;
            CREATE TRIGGER inbox_insert INSTEAD OF INSERT ON inbox BEGIN SELECT 1; END;
            CREATE TRIGGER mine INSTEAD OF INSERT ON image BEGIN SELECT 1; END;
            """)
        #expect(
            try report(store).flaws.map(\.name) == ["inbox", "inbox_insert", "mine"])
        try repair(store)
        #expect(try report(store).flaws.map(\.name) == ["mine"])
        try store.execute("INSERT INTO inbox (endpoint, product) VALUES ('images', 'b000000001')")
        #expect(try store.rows("SELECT product FROM queue") == ["B000000001"])
    }

    @Test("used ids and revisions are not reused after a repair")
    func sequences() throws {
        let store = try Store()
        try store.add(asins(1...4))
        for number in 1...3 { try store.complete(asin(number)) }
        try store.execute("DELETE FROM result WHERE revision = 3; DELETE FROM ledger WHERE id = 3")
        for table in ["ledger", "result"] {
            let sql = try store.rows("SELECT sql FROM sqlite_schema WHERE name = '\(table)'")[0]
            // A word that matters only to the comparison.
            try store.execute(
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = replace(sql, 'BETWEEN 1 AND 64', 'BETWEEN 1 AND 63')
                WHERE name = '\(table)';
                PRAGMA writable_schema = RESET;
                """)
            #expect(
                try store.rows("SELECT sql FROM sqlite_schema WHERE name = '\(table)'")[0] != sql)
        }
        try repair(store)
        #expect(try report(store).flaws.isEmpty)
        try store.complete(asin(4))
        #expect(try store.rows("SELECT revision FROM result") == ["1", "2", "4"])
        #expect(try store.rows("SELECT id FROM ledger") == ["1", "2", "4"])
    }

    @Test("other blanks, quotes, capitals and comments make no difference")
    func spelling() throws {
        let store = try Store()
        try store.execute(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql =
                replace(replace(replace(sql, '    priority ', char(10) || ' "Priority" -- first ' || char(10)),
                    'NOT NULL', 'not /* never */ null'), 'queue (', '[queue](');
            PRAGMA writable_schema = OFF;
            """)
        #expect(try store.number("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%never%'") > 3)
        #expect(try report(store).flaws.isEmpty)
    }

    @Test(
        "other programs' objects are theirs; a trigger or unique index on our tables is reported")
    func foreign() throws {
        let store = try Store()
        try store.execute(
            """
            CREATE TABLE mine (a); CREATE VIEW my_view AS SELECT * FROM queue;
            CREATE INDEX my_index ON queue (error); CREATE UNIQUE INDEX mine_once ON mine (a);
            CREATE TRIGGER my_trigger AFTER INSERT ON mine BEGIN DELETE FROM mine; END;
            """)
        #expect(try report(store).flaws.isEmpty)
        try store.execute(
            """
            CREATE UNIQUE INDEX once ON queue (product);
            CREATE TRIGGER watcher AFTER INSERT ON Queue BEGIN SELECT 1; END;
            """)
        let flaws = try report(store).flaws
        #expect(flaws.map(\.name) == ["once", "watcher"])
        #expect(flaws.allSatisfy { $0.kind == .foreign && !$0.stopsWork })
        #expect(try report(store).repair == nil)
    }

    @Test("a wrong version number is reported")
    func wrongVersion() throws {
        let store = try Store()
        try store.execute("PRAGMA user_version = 2")
        let report = try report(store)
        #expect(report.version == 2 && report.actualVersion == DatabaseSchema.latestVersion)
        #expect(!report.flaws.isEmpty)
    }

    @Test(
        "a table that was replaced by a bare one keeps the rows that its rules allow, and all of them aside"
    )
    func replaced() throws {
        let store = try Store()
        try store.execute(
            """
            DROP TABLE queue;
            CREATE TABLE queue ("index" BIGINT, endpoint TEXT, product TEXT, priority REAL, label TEXT);
            CREATE INDEX ix_queue_index ON queue ("index");
            INSERT INTO queue VALUES
                (0, 'images', 'B000000001', 3.0, NULL), (1, 'images', 'B000000002', NULL, 'red'),
                (2, 'images', 'B000000001', 1.0, NULL), (3, 'nowhere', 'B000000003', 1.0, NULL),
                (4, 'images', 'B000000004', 12.0, NULL), (5, 'images', 'B000000005', 'high', NULL),
                (6, 'images', NULL, 1.0, NULL);
            """)
        try repair(store)
        #expect(try report(store).flaws.isEmpty)
        #expect(
            try store.rows("SELECT product, priority, label, state FROM queue")
                == ["B000000001|3|-|available", "B000000002|5|red|available"])
        #expect(try store.number("SELECT count(*) FROM queue_replaced") == 7)
    }
}
