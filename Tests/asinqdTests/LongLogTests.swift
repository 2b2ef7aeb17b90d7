import Foundation
import ProgramHarness
import Testing

@Suite struct LongLogTests {
    @Test(
        "The daemon, check and status warn of a WAL that a reader keeps from being truncated"
    )
    func longLog() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        try await bench.enqueue("images", asins(1), "--not-before", "+90d")
        // One row that is written repeatedly: the WAL grows, and not the database.
        let reader = try bench.start(
            program: "/usr/bin/env",
            [
                "python3", "-c",
                """
                import sqlite3, sys
                reader = sqlite3.connect('queue.sqlite', isolation_level=None)
                reader.execute('BEGIN')
                reader.execute('SELECT count(*) FROM queue').fetchone()
                db = sqlite3.connect('queue.sqlite', isolation_level=None)
                db.execute('PRAGMA wal_autocheckpoint = 0')
                db.execute('PRAGMA synchronous = OFF')
                for number in range(280):
                    db.execute("INSERT OR REPLACE INTO result (endpoint, product, found, body, fetched_at,"
                               " call_id) VALUES ('images', 'B0LONG0000', 1,"
                               " json_quote(hex(zeroblob(500000))), 0, 0)")
                print('long', flush=True)
                sys.stdin.read()
                """,
            ], input: nil)
        _ = try await reader.output.line("long")
        let log = bench.database + "-wal"

        let daemon = try await bench.daemon()
        let warning = try await daemon.errors.line("level=warning", "event=log_long", "bytes=2")
        #expect(warning.contains("keeps a read transaction open"), "\(warning)")
        #expect(warning.contains("fuser -v \(log)"), "\(warning)")
        let check = try await bench.asinqd("check", "--offline")
        #expect(check.code == 1 && check.text.contains("problem  log "), "\(check)")
        #expect(check.text.contains("fuser -v \(log)"), "\(check)")
        let status = try await bench.asinqd("status")
        #expect(
            status.unwrapped.contains(" bytes long: a program keeps a read transaction"),
            "\(status)")
        #expect(try await bench.status().logBytes > 256 << 20)

        try reader.closeInput()
        _ = try await reader.ended()
        _ = try await daemon.errors.line("event=log_short", "bytes=0")
        #expect(daemon.errors.text.matches(of: /event=log_long/).count == 1)
        #expect(try await bench.asinqd("check", "--offline").code == 0)
        #expect(try await bench.asinqd("status").text.contains("bytes long") == false)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }
}
