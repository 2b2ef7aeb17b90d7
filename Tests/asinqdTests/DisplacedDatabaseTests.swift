import Foundation
import GRDB
import ProgramHarness
import Sandbox
import Testing

/// Changes to a database's files while the daemon has them open, and the daemon's reaction.
@Suite struct DisplacedDatabaseTests {
    /// In a folder `data` of the bench's own, so that it can be moved.
    private func daemon(_ bench: Bench, jobs: Int) async throws -> Program {
        try FileManager.default.createDirectory(
            atPath: bench.path("data"), withIntermediateDirectories: false)
        bench.set("ASINQD_DATABASE", "data/queue.sqlite")
        try await bench.enqueue("images", asins(jobs))
        return try await bench.daemon()
    }

    private func shell(_ bench: Bench, _ line: String) async throws {
        let done = try await bench.start(program: "/bin/sh", ["-ec", line], input: []).ended()
        try #require(done.code == 0, "\(done)")
    }

    @Test(
        "The daemon ends, says what happened, and makes no further call",
        arguments: [
            ("rm data/queue.sqlite", ""),
            ("rm data/queue.sqlite*", ""),
            ("mv data/queue.sqlite old.sqlite", ""),
            ("mv data moved", ""),
            ("cp data/queue.sqlite new.sqlite; mv new.sqlite data/queue.sqlite", ""),
            ("rm data/queue.sqlite-wal", "-wal"),
            ("rm data/queue.sqlite-shm", "-shm"),
            ("rm data/queue.sqlite-lock", "-lock"),
            ("touch new; mv new data/queue.sqlite-lock", "-lock"),
        ])
    func idle(command: String, suffix: String) async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        let daemon = try await daemon(bench, jobs: 1)
        _ = try await daemon.errors.line("event=call", "outcome=succeeded")
        try await shell(bench, command)
        let finished = try await daemon.ended()
        #expect(finished.code == 1, "\(finished)")
        let path = bench.path("data/queue.sqlite\(suffix)")
        #expect(
            finished.errors.contains(
                "asinqd: \(path) is no longer the file that was opened"), "\(finished)")
        #expect(finished.errors.contains("\nTry: run asinqd check"))
        #expect(try await sandbox.counts().images.calls == 1)
    }

    @Test(
        "A call in flight is settled in the files that were moved away",
        arguments: ["mv data moved", "mv data moved; cp -r moved data"])
    func inFlight(command: String) async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "latency=1500-1500")
        let daemon = try await daemon(bench, jobs: 5)
        _ = try await eventually("a call") {
            try bench.open("data/queue.sqlite").read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM ledger") == 1 ? () : nil
            }
        }
        try await shell(bench, command)
        let finished = try await daemon.ended()
        #expect(finished.code == 1, "\(finished)")
        #expect(finished.errors.contains("outcome=succeeded"))
        #expect(try await sandbox.counts().images.calls == 1)
        let moved = try bench.open("moved/queue.sqlite")
        let counts = try await moved.read { db in
            try Int.fetchAll(
                db,
                sql: """
                    SELECT count(*) FROM queue WHERE state = 'completed'
                    UNION ALL SELECT count(*) FROM result
                    """)
        }
        #expect(counts == [5, 5])
    }

    @Test(
        "Next to another program's WAL nothing is written: the next daemon settles the call as expired"
    )
    func mixed() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "latency=1500-1500")
        let first = try await daemon(bench, jobs: 1)
        _ = try await first.errors.line("event=call", "outcome=succeeded")
        // So that the jobs are in the database, and not only in the WAL.
        first.send(SIGTERM)
        _ = try await first.ended()
        try await bench.enqueue("images", asins(1..<6))
        let daemon = try await bench.daemon()
        _ = try await eventually("a call") {
            try bench.open("data/queue.sqlite").read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM ledger") == 2 ? () : nil
            }
        }
        try await shell(bench, "touch new; mv new data/queue.sqlite-wal")
        let finished = try await daemon.ended()
        #expect(finished.code == 1 && !finished.errors.contains("outcome="), "\(finished)")
        #expect(
            FileManager.default.contents(atPath: bench.path("data/queue.sqlite-wal")) == Data())
        try await sandbox.setFaults("none")
        let next = try await bench.asinqd("run", "--until-empty")
        #expect(next.code == 0, "\(next)")
        #expect(try await sandbox.counts().images.calls == 3)
        let completed = try await bench.open("data/queue.sqlite").read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM queue WHERE state = 'completed'")
        }
        #expect(completed == 6)
    }

    @Test("Programs that open and close the database, and the daemon's checkpoints, cause no alarm")
    func visitors() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        let daemon = try await daemon(bench, jobs: 1)
        let script = """
            import sqlite3
            for number in range(300):
                db = sqlite3.connect('data/queue.sqlite', timeout=60)
                db.execute('PRAGMA wal_autocheckpoint = 0')
                db.execute(f"INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', 'B0VISIT{number:03}')")
                db.commit()
                db.close()
            """
        async let program = bench.start(
            program: "/usr/bin/env", ["python3", "-c", script], input: []
        ).ended()
        for number in 0..<20 {
            #expect(try await bench.asinqd("status").code == 0)
            try await bench.enqueue("barcodes", asins(number..<number + 1))
        }
        let visits = try await program
        #expect(visits.code == 0, "\(visits)")
        _ = try await eventually("321 answers") {
            try bench.open("data/queue.sqlite").read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM result") == 321 ? () : nil
            }
        }
        daemon.send(SIGTERM)
        let finished = try await daemon.ended()
        #expect(
            finished.code == 0 && !finished.errors.contains("no longer the file"), "\(finished)")
    }

    @Test("A deleted lock file lets no second daemon start, and ends the first one")
    func twoDaemons() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "latency=4000-4000")
        try await bench.enqueue("images", asins(5))
        let first = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger", is: 1)
        try await shell(bench, "rm queue.sqlite-lock")
        let second = try await bench.asinqd("run", "--until-empty")
        #expect(second.code == 75, "the file itself is locked: \(second)")
        let finished = try await first.ended()
        #expect(finished.code == 1, "\(finished)")
        #expect(finished.errors.contains("queue.sqlite-lock is no longer the file"))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 5)
        #expect(try await bench.asinqd("audit").code == 0)
    }
}
