import Foundation
import ProgramHarness
import Testing

/// Databases that cannot be used, and the service next to them.
@Suite struct TroubleTests {
    private static let body = #"{"endpoint": "images", "products": ["B0TE000001"]}"#

    /// Expects a problem with advice, and a ready state that says so.
    private func expectUnready(_ service: RunningService, _ words: String) async throws {
        let ready = try await service.get("/readyz", token: "")
        #expect(ready.status == 503 && (words.isEmpty || ready.text.contains(words)), "\(ready)")
        let status = try await service.get("/api/v1/status")
        #expect(status.status == 503 && status.header("content-type") == "application/problem+json")
        #expect(try status.json["hint"] is String, "\(status)")
        let page = try await service.get("/")
        #expect(page.status == 503 && page.text.contains("Try: "), "\(page)")
        #expect(try await service.get("/healthz", token: "").status == 200)
    }

    @Test("A service that reads starts without a database, and serves it once it is there")
    func missing() async throws {
        let bench = try await Bench()
        let service = try await bench.serve("--read-only")
        try await expectUnready(service, "no database")
        #expect(!FileManager.default.fileExists(atPath: bench.database))
        try await bench.enqueue("images", asins(2))
        #expect(try await service.get("/readyz", token: "").status == 200)
        #expect(try await service.get("/api/v1/jobs").items.count == 2)
    }

    @Test("A database that is deleted and made again is served without a restart")
    func replaced() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        #expect(try await service.post("/api/v1/jobs", Self.body).status == 200)
        for end in ["", "-wal", "-shm"] { unlink(bench.database + end) }
        #expect(try await service.get("/readyz", token: "").status == 503)
        try await bench.enqueue("images", asins(3))
        #expect(try await service.get("/api/v1/jobs").items.count == 3)
        #expect(try await service.post("/api/v1/jobs", Self.body).status == 200)
    }

    @Test("A lock of another program delays no reader, and a writer is told when to come again")
    func locked() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2), "--label", "spring")
        let service = try await bench.serve()
        let holder = try bench.start(
            program: "/usr/bin/env",
            [
                "python3", "-c",
                """
                import sqlite3, sys
                db = sqlite3.connect('queue.sqlite', isolation_level=None)
                db.execute('PRAGMA wal_autocheckpoint = 0')
                db.execute('BEGIN IMMEDIATE')
                print('locked', flush=True)
                sys.stdin.read()
                db.execute('COMMIT')
                """,
            ], input: nil)
        _ = try await holder.output.line("locked")
        async let refused = service.post("/api/v1/jobs", Self.body)
        async let change = service.post("/api/v1/jobs/pause", #"{"label": "spring"}"#)
        #expect(try await service.get("/api/v1/jobs").items.count == 2)
        #expect(try await service.get("/readyz", token: "").status == 200)
        for reply in [try await refused, try await change] {
            #expect(reply.status == 503 && reply.text.contains("locked"), "\(reply)")
            #expect(reply.header("retry-after").flatMap { Int($0) } != nil)
        }
        try holder.closeInput()
        _ = try await holder.ended()
        #expect(try await service.post("/api/v1/jobs", Self.body).status == 200)
    }

    @Test("A database of a newer version is left alone")
    func newer() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        try bench.execute("PRAGMA user_version = 99")
        let refused = try await bench.refusedServe()
        #expect(refused.code == 78 && refused.errors.contains("\nTry: "), "\(refused)")
        let service = try await bench.serve("--read-only")
        try await expectUnready(service, "newer")
        #expect(try bench.number("PRAGMA user_version") == 99)
    }

    @Test("A database of another program is left alone")
    func foreign() async throws {
        let bench = try await Bench()
        _ = try await bench.start(
            program: "/usr/bin/env", ["sqlite3", bench.database, "CREATE TABLE stock (id)"],
            input: []
        ).ended()
        let refused = try await bench.refusedServe()
        #expect(refused.code == 78 && refused.errors.contains("\nTry: "), "\(refused)")
        try await expectUnready(try await bench.serve("--read-only"), "")
    }

    @Test("A folder that cannot be written is reported at the start, and served with --read-only")
    func readOnlyFolder() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_DATABASE", "folder/queue.sqlite")
        try FileManager.default.createDirectory(
            atPath: bench.path("folder"), withIntermediateDirectories: true)
        try await bench.enqueue("images", asins(2))
        try bench.write("folder/web-token", "folder-0123456789abcdef\n")
        let asUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        try #require(geteuid() == 0, "only root can run it as another user")
        for path in [bench.folder, bench.path("folder")] { #expect(chmod(path, 0o755) == 0) }
        for file in try FileManager.default.contentsOfDirectory(atPath: bench.path("folder")) {
            #expect(chmod(bench.path("folder/" + file), 0o644) == 0)
        }
        let program = try Bench.program()
        let refused = try await bench.start(
            program: "/usr/bin/env", asUser + [program, "serve", "--listen", "127.0.0.1:0"],
            input: []
        ).ended()
        #expect(refused.code == 78 && refused.errors.contains("cannot be written"), "\(refused)")
        #expect(refused.errors.contains("\nTry: "))
    }
}
