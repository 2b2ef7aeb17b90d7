import Foundation
import ProgramHarness
import Testing

/// Who may use a database's files, and how other members of its group do.
@Suite struct SharedFolderTests {
    private static let files = ["queue.sqlite", "queue.sqlite-wal", "queue.sqlite-shm"]

    /// The folder's mode, the umask, and the mode that the files then have.
    @Test(
        "The files are private, whatever the umask; the group of a shared folder may write",
        arguments: [
            (0o755, "022", 0o640), (0o755, "000", 0o660), (0o700, "077", 0o600),
            (0o770, "007", 0o660), (0o2770, "022", 0o660), (0o2770, "077", 0o660),
            (0o2770, "000", 0o660),
        ])
    func modes(folder: Int, umask: String, mode: Int) async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        #expect(chmod(bench.folder, mode_t(folder)) == 0)
        let daemon = try bench.start(
            program: "/bin/sh",
            ["-c", "umask \(umask); exec '\(try Bench.program())' run"], input: [])
        _ = try await daemon.errors.line("event=started")
        for file in Self.files + ["queue.sqlite-lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: bench.path(file))
            let found = try #require(attributes[.posixPermissions] as? Int)
            #expect(found == mode, "\(file): \(String(found, radix: 8))")
        }
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A folder that is created for the database is private, whatever the umask")
    func madeFolder() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_DATABASE", nil)
        let enqueue = try bench.start(
            program: "/bin/sh",
            ["-c", "umask 000; exec '\(try Bench.program())' enqueue --images"],
            input: Array(asins(1)[0].utf8))
        #expect(try await enqueue.ended().code == 0)
        for (name, mode) in [("asinqd", 0o750), ("asinqd/asinqd.sqlite", 0o660)] {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: bench.path("data/" + name))
            #expect(attributes[.posixPermissions] as? Int == mode, "\(name): \(attributes)")
        }
    }

    private static func user(_ uid: Int, group: Int) -> [String] {
        ["setpriv", "--reuid=\(uid)", "--regid=\(group)", "--clear-groups"]
    }

    @Test(
        "Another user of the group adds jobs while the daemon runs; other users cannot read",
        .enabled(if: geteuid() == 0, "only root can be two users"))
    func twoUsers() async throws {
        let bench = try await Bench()
        // The search path may begin with root's own Python, which is private.
        bench.set("PATH", "/usr/bin:/bin")
        _ = try await bench.sandbox()
        #expect(chown(bench.folder, 60_001, 60_009) == 0 && chmod(bench.folder, 0o2770) == 0)
        let daemon = try bench.start(
            program: "/usr/bin/env",
            Self.user(60_001, group: 60_009)
                + ["sh", "-c", "umask 022; exec '\(try Bench.program())' run"],
            input: [])
        _ = try await daemon.errors.line("event=started")
        let other = try await bench.otherProgram(
            "db.execute(\"INSERT INTO queue (endpoint, product) VALUES ('images', 'B0TE000001')\")",
            as: Self.user(60_002, group: 60_009))
        try await other.write([0x0A])
        _ = try await other.output.line("done")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)

        let command = try bench.start(
            program: "/usr/bin/env",
            Self.user(60_002, group: 60_009) + [try Bench.program(), "enqueue", "--images"],
            input: Array("B0TE000002".utf8))
        #expect(try await command.ended().code == 0)
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 2)

        let stranger = try bench.start(
            program: "/usr/bin/env",
            Self.user(60_003, group: 60_003) + ["sqlite3", bench.database, "SELECT 1 FROM queue"],
            input: [])
        #expect(try await stranger.ended().code != 0)
        try other.closeInput()
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }
}
