import Foundation
import ProgramHarness
import Testing

/// Rows that other programs insert while the daemon is idle.
@Suite struct OtherProgramsTests {
    private static let count = 20

    /// Inserts a row for each line that it reads, and reports its commit.
    private static let python = """
        import sqlite3, sys, time
        db = sqlite3.connect('queue.sqlite', isolation_level=None, timeout=20)
        db.execute('PRAGMA wal_autocheckpoint = 0')
        for line in sys.stdin:
            db.execute('INSERT INTO queue (endpoint, product) VALUES (?, ?)',
                       ('images', line.strip()))
            print(int(time.time() * 1000), flush=True)
        """

    private func idle() async throws -> (Bench, Program) {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_LOG_LEVEL", "debug")
        let daemon = try await bench.daemon()
        for endpoint in ["images", "barcodes"] {
            _ = try await daemon.errors.line("event=hold", "reason=idle", "endpoint=\(endpoint)")
        }
        return (bench, daemon)
    }

    @Test("Rows that Python inserts are called at once")
    func python() async throws {
        let (bench, daemon) = try await idle()
        let python = try bench.start(
            program: "/usr/bin/env", ["python3", "-c", Self.python], input: nil)
        var committed: [Int] = []
        for (index, asin) in asins(Self.count).enumerated() {
            try await python.write(Array("\(asin)\n".utf8))
            let line = try await python.output.first("a row's commit") { bytes, _ in
                let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
                return lines.count > index ? String(lines[index]) : nil
            }
            committed.append(try #require(Int(line)))
            try await bench.until(
                "SELECT count(*) FROM queue WHERE state = 'completed'", is: index + 1)
        }
        let started: [Int] = try bench.column("SELECT started_at FROM ledger ORDER BY id")
        try #require(started.count == Self.count)
        let waits = zip(started, committed).map { $0 - $1 }.sorted()
        print("from commit to call: median \(waits[Self.count / 2]) ms, most \(waits.last ?? 0) ms")
        #expect(try bench.number("SELECT count(*) FROM result WHERE found = 1") == Self.count)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A row from the sqlite3 shell is called as well")
    func shell() async throws {
        let (bench, daemon) = try await idle()
        let sql =
            "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('barcodes', 'B0086FFHLS')"
        let shell = try bench.start(
            program: "/usr/bin/env",
            [
                "sqlite3", "-cmd", ".timeout 20000", "queue.sqlite",
                "PRAGMA wal_autocheckpoint = 0; \(sql); \(sql);",
            ], input: [])
        let finished = try await shell.ended()
        try #require(finished.code == 0, "\(finished)")
        try await bench.until("SELECT count(*) FROM result WHERE product = 'B0086FFHLS'", is: 1)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(try bench.number("SELECT count(*) FROM queue") == 1)
    }

    @Test(
        "A bad row is rejected with its error, even if conflicts are ignored",
        arguments: [
            (
                "(endpoint, product) VALUES ('image', 'B0086FFHLS')",
                "must be a name in the table endpoint"
            ),
            ("(endpoint, product) VALUES ('images', 'b0086ffhls')", "must be an ASIN"),
            ("(endpoint, product) VALUES ('images', NULL)", "must be an ASIN"),
            (
                "(endpoint, product, state) VALUES ('images', 'B0086FFHLS', 'running')",
                "must be 'available'"
            ),
            (
                "(endpoint, product, priority) VALUES ('images', 'B0086FFHLS', 10)",
                "must be a whole number from 0 (first) to 9"
            ),
        ])
    func badRow(row: String, says: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        for verb in ["INSERT", "INSERT OR IGNORE", "REPLACE"] {
            let script = """
                import sqlite3, sys
                try:
                    sqlite3.connect('queue.sqlite').execute(sys.argv[1])
                except sqlite3.DatabaseError as error:
                    print(error)
                """
            let python = try bench.start(
                program: "/usr/bin/env", ["python3", "-c", script, "\(verb) INTO queue \(row)"],
                input: [])
            #expect(try await python.ended().text.contains(says))
        }
        #expect(try bench.number("SELECT count(*) FROM queue") == 1)
    }
}
