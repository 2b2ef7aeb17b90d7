import Foundation
import ProgramHarness
import Testing

/// The URL of a server as the setting `database`: nothing prints a password in it.
@Suite struct DatabaseURLTests {
    @Test("The database can be a credential: a server's URL, whose password is not printed")
    func databaseCredential() async throws {
        let bench = try await Bench()
        let folder = bench.path("credentials")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let server = "127.0.0.1:1/queue?connect_timeout=2"
        try bench.write("credentials/database", "postgresql://asinqd:Pa55word@\(server)\n")
        bench.set("ASINQD_DATABASE", nil)
        bench.set("CREDENTIALS_DIRECTORY", folder)
        let finished = try await bench.asinqd(["status"])
        #expect(finished.code != 0)
        #expect(finished.errors.contains("postgresql://asinqd@\(server) cannot be used: "))
        #expect(finished.errors.contains("Connection refused. Is the server running"))
        #expect(finished.errors.contains("TCP/IP connections?\nTry: "))
        #expect(!"\(finished)".contains("Pa55word"))
    }

    @Test(
        "check names a settings file that every user may read, if the database's URL has a password in it",
        arguments: [
            ("postgresql://asinqd:Pa55word@127.0.0.1:1/x", true),
            ("postgresql://asinqd@127.0.0.1:1/x?sslmode=disable&password=Pa55word", true),
            ("postgresql://asinqd@127.0.0.1:1,127.0.0.1:2/x?sslmode=disable", false),
        ])
    func openURL(_ url: String, _ isFound: Bool) async throws {
        let bench = try await Bench()
        try bench.write("asinqd.yaml", "database: \(url)\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        bench.set("ASINQD_DATABASE", nil)
        #expect(chmod(bench.path("asinqd.yaml"), 0o644) == 0)
        let check = try await bench.asinqd("check", "--offline")
        #expect(
            check.text.contains("asinqd.yaml contains a key, and every user may read it")
                == isFound, "\(check)")
        #expect(!"\(check)".contains("Pa55word"))
    }

    @Test(
        "A URL that cannot be read is refused without its password",
        arguments: [
            "postgresql://asinqd:Pa55word%zz@/x", "postgresql://asinqd:Pa55word@[::1/x",
            "postgresql://asinqd:Pa55word/more@localhost/x",
            "postgresql://asinqd:55/Pa55word@localhost/x",
            "postgresql://asinqd:55?Pa55word@127.0.0.1:1/x",
            "postgresql://asinqd:more@Pa55word@localhost/x",
            "postgresql://asinqd@/x?host=/nowhere&sslpassword=Pa55word",
            "postgresql://asinqd@/x?host=/nowhere&password=Pa55word",
            "POSTGRESQL://asinqd:Pa55word@/x", "postgresql:asinqd:Pa55word@/x",
            "mysql://asinqd:Pa55word@host/x", "host=db dbname=x password=Pa55word",
        ])
    func unreadableURL(_ url: String) async throws {
        let bench = try await Bench()
        bench.set("ASINQD_DATABASE", url)
        for arguments in [
            ["status"], ["enqueue", "--images"], ["move", "--from", url, "--to", "x"],
        ] {
            let finished = try await bench.asinqd(arguments, input: asins(1)[0])
            // A server that these name may be there later.
            let isWhole = url.contains("@/x?") || url.hasSuffix("@127.0.0.1:1/x")
            #expect(finished.code == (isWhole ? 75 : 78), "\(finished)")
            #expect(finished.errors.contains("Try: "))
            #expect(!finished.errors.contains("Pa55word") && !finished.text.contains("Pa55word"))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.path("."))
                .allSatisfy { !$0.contains("Pa55word") && !$0.contains(":") })
    }
}
