import Foundation
import GRDB
import ProgramHarness
import StoreSupport
import TestSupport
import Testing

@Suite("asinqd move", .onServer)
struct MoveTests {
    /// A queue with calls, results and more jobs than one transaction copies.
    private func bench(jobs: Int) async throws -> Bench {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(3))
        _ = try await bench.asinqd("run", "--until-empty")
        try bench.write("asins.txt", asins(jobs).joined(separator: "\n"))
        _ = try await bench.asinqd("enqueue", "--barcodes", "--label", "spring", "asins.txt")
        return bench
    }

    private func rows(_ bench: Bench, _ name: String) throws -> [String: [String]] {
        try bench.open(name).read { db in
            let tables = try String.fetchAll(
                db,
                sql:
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            return try Dictionary(
                uniqueKeysWithValues: tables.map { table in
                    (table, try db.rows("SELECT * FROM \(table) ORDER BY 1, 2"))
                })
        }
    }

    @Test("Killed at any moment and repeated, both ways end with the same rows")
    func killed() async throws {
        let bench = try await bench(jobs: 30_000)
        let server = try TestServer.current!.newDatabase()
        for (from, to) in [("queue.sqlite", server), (server, "back.sqlite")] {
            var kills = 0
            var finished: Finished?
            // Each run gets more time, so that one of them ends.
            while finished == nil {
                let program = try bench.start(
                    ["move", "--from", from, "--to", to, "--json"], input: [])
                program.die(afterMicroseconds: 60_000 + kills * 40_000)
                let ended = try await program.ended()
                if ended.code == 128 + SIGKILL {
                    kills += 1
                } else if ended.code == 75 {
                    // The lease of the one that was killed.
                    #expect(ended.errors.contains("A daemon works"), "\(ended)")
                    #expect(to == server || from == server)
                    try await expireLease(server)
                } else {
                    finished = ended
                }
            }
            let report = try #require(finished)
            #expect(report.code == 0, "\(report)")
            #expect(kills > 2)
            try JSONContract("asinqd move --json").compare(report.text)
        }
        #expect(try rows(bench, "back.sqlite") == rows(bench, "queue.sqlite"))
        #expect(try rows(bench, "queue.sqlite")["queue"]?.count == 30_003)
        let audit = try await bench.asinqd("audit", "--database", "back.sqlite")
        #expect(audit.code == 0, "\(audit)")
    }

    /// As if the 15 s of the process that was killed had passed.
    private func expireLease(_ server: String) async throws {
        let url = server
        let finished = try await Bench().start(
            program: "/usr/bin/env",
            ["psql", "--quiet", url, "-c", "UPDATE asinqd.leader SET lease_until = 0"], input: []
        ).ended()
        #expect(finished.code == 0, "\(finished)")
    }

    @Test("The report says what was moved, what to do next, and no password")
    func report() async throws {
        let bench = try await bench(jobs: 5)
        let server = try TestServer.current!.newDatabase().replacing(
            "owner@", with: "owner:secret@")
        let shown = server.replacing(":secret", with: "")
        let plan = try await bench.asinqd(
            "move", "--dry-run", "--from", "queue.sqlite", "--to", server)
        #expect(plan.code == 0 && plan.lines[0].hasPrefix("would move 8 jobs, 1 call, 3 results, "))
        let moved = try await bench.asinqd("move", "--from", "queue.sqlite", "--to", server)
        #expect(moved.code == 0, "\(moved)")
        #expect(moved.lines[0].hasPrefix("moved 8 jobs, 1 call, 3 results, "))
        #expect(moved.lines[1] == "verified: each row equals its copy")
        #expect(moved.text.contains("no problem\n\nNext: set `database: \(shown)`"))
        let again = try await bench.asinqd("move", "--from", "queue.sqlite", "--to", server)
        #expect(again.code == 0 && again.lines[0].hasSuffix("of these rows were there"))
        _ = try await bench.asinqd("pause", "--images", "--database", server)
        let refused = try await bench.asinqd("move", "--from", "queue.sqlite", "--to", server)
        #expect(refused.code == 1 && refused.errors.contains("has rows of its own"), "\(refused)")
        for finished in [plan, moved, again, refused] {
            #expect(!(finished.text + finished.errors).contains("secret"))
        }
    }

    @Test("A database that a daemon works is neither read nor written")
    func worked() async throws {
        let bench = try await bench(jobs: 1)
        let server = try TestServer.current!.newDatabase()
        let daemon = try await bench.daemon()
        let source = try await bench.asinqd("move", "--from", "queue.sqlite", "--to", server)
        #expect(source.code == 75 && source.errors.contains("A daemon works \(bench.database)"))
        daemon.send(SIGTERM)
        _ = try await daemon.ended()
        let other = try await bench.daemon("--database", server)
        let target = try await bench.asinqd("move", "--from", "queue.sqlite", "--to", server)
        #expect(target.code == 75 && target.errors.contains("A daemon works postgresql://"))
        other.send(SIGTERM)
        _ = try await other.ended()
    }

    @Test("Two files are refused, with what to use instead")
    func files() async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd("move", "--from", "queue.sqlite", "--to", "b.sqlite")
        #expect(finished.code == 64 && finished.errors.contains("Try: run asinqd backup"))
    }
}
