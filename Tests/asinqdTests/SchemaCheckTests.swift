import Foundation
import GRDB
import ProgramHarness
import Testing

/// Databases whose tables, indexes, triggers or views were changed, as a user meets them.
@Suite struct SchemaCheckTests {
    private static let replacement = """
        DROP TABLE queue;
        CREATE TABLE "queue" ("index" BIGINT, "endpoint" TEXT, "product" TEXT, "priority" BIGINT);
        CREATE INDEX "ix_queue_index" ON "queue" ("index");
        INSERT INTO queue VALUES (0, 'images', 'B000000001', 5), (1, 'images', 'B000000002', 0);
        """

    private func queue() async throws -> Bench {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        try await bench.enqueue("images", asins(3))
        return bench
    }

    @Test(
        "Every command rejects a queue that pandas replaced with one error, and check says what to do"
    )
    func replaced() async throws {
        let bench = try await queue()
        try bench.execute(Self.replacement)
        for command in [
            ["status"], ["plan"], ["audit"], ["ledger"], ["results", "--images"], ["run"],
            ["run", "--until-empty"], ["enqueue", "--images"], ["cancel", "--images"],
            ["prune", "--jobs", "30d"],
        ] {
            let finished = try await bench.asinqd(command, input: asins(1)[0])
            #expect(finished.code == 78 && finished.text.isEmpty, "\(finished)")
            #expect(
                finished.errors.contains(
                    "no longer has the schema that asinqd needs: table queue was changed.\n"))
            #expect(finished.errors.contains("\nTry: run asinqd check,"), "\(finished)")
            #expect(finished.errorLines.count == 2, "\(finished)")
        }
        let findings = try await bench.check("--offline").filter { $0.subject == "schema" }
        #expect(findings.allSatisfy { $0.verdict == "problem" })
        let advice = try #require(findings.first?.text)
        for words in [
            "stop the daemon", "asinqd check --repair-sql", "queue_replaced", "asinqd backup",
        ] { #expect(advice.contains(words), "\(advice)") }
        #expect(
            findings.contains {
                $0.text.hasPrefix("table queue lacks the columns id, account, state, label")
            })
        for name in ["index queue_open is missing", "trigger queue_insert is missing"] {
            #expect(findings.contains { $0.text == name }, "\(name)")
        }
    }

    @Test("The SQL of check repairs a replaced queue with its rows, and the daemon works it")
    func repaired() async throws {
        let bench = try await queue()
        _ = try await bench.sandbox()
        try bench.execute(Self.replacement)
        let repair = try await bench.asinqd("check", "--repair-sql")
        #expect(repair.code == 0 && repair.errors.isEmpty)
        let done = try await bench.sqlite3(repair.text)
        #expect(done.code == 0 && done.errors.isEmpty, "\(done)")
        #expect(done.text == "queue: 2 of 2 rows kept; all of them are still in queue_replaced.\n")
        let findings = try await bench.check("--offline")
        #expect(findings.first { $0.subject == "schema" }?.verdict == "ok", "\(findings)")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 2)
        let again = try await bench.asinqd("check", "--repair-sql")
        #expect(
            again.code == 0 && again.text.isEmpty
                && again.errors.contains("No schema object is missing or changed"))
    }

    @Test(
        "Every missing or changed part of the schema is a problem, named, and repaired",
        arguments: [
            ("DROP TRIGGER queue_insert", "trigger queue_insert is missing"),
            ("DROP INDEX queue_running", "index queue_running is missing"),
            ("DROP VIEW chain", "view chain is missing"),
            ("DROP VIEW offer; CREATE VIEW offer AS SELECT 1 AS price", "view offer was changed"),
            ("DROP TABLE lane", "table lane is missing"),
            ("ALTER TABLE queue ADD COLUMN note TEXT", "table queue has the extra column note"),
            (
                "ALTER TABLE ledger RENAME COLUMN message TO words",
                "table ledger lacks the column message"
            ),
            ("ALTER TABLE result RENAME TO results", "table result is missing"),
            (
                "DROP INDEX queue_open; CREATE INDEX queue_open ON queue (endpoint, product)",
                "index queue_open was changed"
            ),
        ])
    func changed(sql: String, words: String) async throws {
        let bench = try await queue()
        try bench.execute(sql)
        let check = try await bench.asinqd("check", "--offline")
        #expect(
            check.code == 1 && check.lines.contains { $0.contains("schema") && $0.contains(words) },
            "\(check)")
        let repair = try await bench.asinqd("check", "--repair-sql")
        let done = try await bench.sqlite3(repair.text)
        #expect(done.code == 0, "\(repair)\(done)")
        let sound = try await bench.asinqd("check", "--offline")
        #expect(sound.code == 0, "\(sound)")
        #expect(try bench.number("SELECT count(*) FROM queue") == 3)
    }

    @Test("A trigger of another program on a table of asinqd's is a warning")
    func foreignTrigger() async throws {
        let bench = try await queue()
        try bench.execute(
            """
            CREATE TABLE mine (a);
            CREATE TRIGGER mirror AFTER INSERT ON queue BEGIN INSERT INTO mine VALUES (1); END
            """)
        let findings = try await bench.check("--offline")
        #expect(
            findings.contains {
                $0.verdict == "warning" && $0.text.hasPrefix("trigger mirror on queue")
            })
    }

    @Test("A schema version that is not that of the schema is named, with the right one")
    func wrongVersion() async throws {
        let bench = try await queue()
        let version = try bench.number("PRAGMA user_version")
        try bench.execute("PRAGMA user_version = 1")
        let findings = try await bench.check("--offline")
        #expect(
            findings.contains {
                $0.subject == "schema" && $0.text.contains("'PRAGMA user_version = \(version)'")
            }, "\(findings)")
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 78 && run.errors.contains("Try: run asinqd check"), "\(run)")
    }

    @Test("A daemon whose queue is replaced ends, with a clear error")
    func daemon() async throws {
        let bench = try await queue()
        _ = try await bench.sandbox()
        try await bench.asinqd("pause", "--images").expectDone()
        let daemon = try await bench.daemon()
        try bench.execute(Self.replacement)
        let ended = try await daemon.ended()
        #expect(ended.code == 78, "\(ended)")
        #expect(ended.errors.contains("no longer has the schema that asinqd needs"), "\(ended)")
        #expect(!ended.errors.contains("event=store_failed"), "\(ended)")
    }
}

extension Finished {
    fileprivate func expectDone() { #expect(code == 0, "\(self)") }
}
