import Foundation
import ProgramHarness
import Testing

@Suite struct SettingsTests {
    private static let tokens = "ASINQD_ASINSCOPE_DAILY_TOKENS"

    private func bench(yaml: String) async throws -> Bench {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        try bench.write("asinqd.yaml", yaml)
        return bench
    }

    @Test(
        "A setting comes from the environment, then a credential, then the file, then its default")
    func precedence() async throws {
        let bench = try await bench(yaml: "asinscope:\n  dailyTokens: 30\n")
        let folder = bench.path("credentials")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try bench.write("credentials/asinscope-dailyTokens", "20\n")
        func allowance() async throws -> Int? {
            try await bench.status().pools.first?.allowanceTokens
        }
        #expect(try await allowance() == 150_000)
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        #expect(try await allowance() == 30)
        bench.set("CREDENTIALS_DIRECTORY", folder)
        #expect(try await allowance() == 20)
        bench.set(Self.tokens, "10")
        #expect(try await allowance() == 10)
    }

    @Test("The database comes from the flag, then the environment, then the file, then its folder")
    func database() async throws {
        let bench = try await bench(yaml: "database: file.sqlite\n")
        let list = asins(1)[0]
        for (name, environment, arguments) in [
            ("flag.sqlite", "environment.sqlite", ["--database", "flag.sqlite"]),
            ("environment.sqlite", "environment.sqlite", ["--config", "asinqd.yaml"]),
            ("file.sqlite", nil, ["--config", "asinqd.yaml"]),
            ("data/asinqd/asinqd.sqlite", nil, []),
        ] as [(String, String?, [String])] {
            bench.set("ASINQD_DATABASE", environment)
            #expect(!FileManager.default.fileExists(atPath: bench.path(name)))
            let finished = try await bench.asinqd(["enqueue", "--images"] + arguments, input: list)
            #expect(finished.code == 0, "\(finished)")
            #expect(FileManager.default.fileExists(atPath: bench.path(name)))
        }
    }

    @Test("The file is found where the user keeps settings")
    func usualPlace() async throws {
        let bench = try await bench(yaml: "")
        try FileManager.default.createDirectory(
            atPath: bench.path("config/asinqd"), withIntermediateDirectories: true)
        try bench.write("config/asinqd/asinqd.yaml", "asinscope:\n  dailyTokens: 40\n")
        #expect(try await bench.status().pools[0].allowanceTokens == 40)
    }

    @Test(
        "An empty name, or SQLite's for a database in memory, loses no job that was reported as added",
        arguments: ["", ":memory:"])
    func noDatabase(path: String) async throws {
        let bench = try await Bench()
        bench.set("ASINQD_DATABASE", path)
        let finished = try await bench.asinqd("enqueue", "--images", input: asins(1)[0])
        guard finished.code == 0 else {
            #expect(finished.code == 78 && finished.text.isEmpty, "\(finished)")
            return
        }
        #expect(try await bench.status()["images"]?.jobs["ready"] == 1)
    }

    /// The contents of the file, and a part of the error about it.
    private static let badFiles: [(yaml: String, says: String)] = [
        ("asinscope:\n  apikey: x\n", "Try: use asinscope.apiKey."),
        ("asinscop:\n  url: x\n", "There is no setting asinscop"),
        ("databse: x.sqlite\n", "Try: use database."),
        ("asinscope:\n  dailyTokens: 9\n", "from 10 to 1000000000, not 9"),
        ("asinscope:\n  dailyTokens: -1\n", "from 10 to 1000000000"),
        ("asinscope:\n  dailyTokens: many\n", "asinscope.dailyTokens must be a whole number"),
        ("asinscope:\n  dailyTokens: 10.5\n", "asinscope.dailyTokens must be a whole number"),
        ("asinscope:\n  batchLimit: 101\n", "from 1 to 100, not 101"),
        ("asinscope: 5\n", "There is no setting asinscope"),
        ("- database\n", "it must be a YAML mapping"),
        ("just words\n", "it must be a YAML mapping"),
        ("log:\n  level: loud\n", "one of trace, debug, info"),
        ("database: [\n", "is not YAML"),
        ("\tdatabase: x\n", "is not YAML"),
        ("database: a\ndatabase: b\n", "is not YAML"),
    ]

    @Test(
        "A file with impossible settings is rejected, with advice", arguments: badFiles.map(\.yaml))
    func badFile(yaml: String) async throws {
        let says = try #require(Self.badFiles.first { $0.yaml == yaml }?.says)
        let bench = try await bench(yaml: yaml)
        let finished = try await bench.asinqd("status", "--config", "asinqd.yaml")
        #expect(finished.code == 78 && finished.text.isEmpty)
        #expect(
            finished.errors.contains(says) && finished.errors.contains("\nTry: "), "\(finished)")
        #expect(rawControls(in: finished.errors).isEmpty)
    }

    @Test("An unreadable file is rejected", arguments: ["missing.yaml", "."])
    func unreadable(path: String) async throws {
        let finished = try await bench(yaml: "").asinqd("status", "--config", path)
        #expect(finished.code == 78 && finished.errors.contains("Try: "))
        #expect(!finished.errors.contains("Error Domain"), "\(finished)")
    }

    @Test(
        "A wrong variable is rejected, with the permitted values",
        arguments: [
            ("ASINQD_ASINSCOPE_APIKEY", "x", "Try: use ASINQD_ASINSCOPE_API_KEY."),
            ("ASINQD_DATBASE", "x", "Try: use ASINQD_DATABASE."),
            ("ASINQD_XYZZY_FROBNICATION", "1", "Try: use one of database"),
            (tokens, "9", "from 10 to 1000000000, not 9"), (tokens, "1e3", "a whole number"),
            (tokens, "", "a whole number"), ("ASINQD_ASINSCOPE_TIMEOUT_SECONDS", "0", "from 1 to"),
            ("ASINQD_LOG_LEVEL", "verbose", "one of trace"),
            ("ASINQD_ASINSCOPE_API_KEY", "two words", "one word"),
            ("ASINQD_ASINSCOPE_URL", "http://api.asinscope.com/circana", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://127.0.0.1.example.com/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://127.0.0.1@example.com/", "an address"),
            ("ASINQD_ASINSCOPE_URL", "ftp://127.0.0.1/", "an address"),
            ("ASINQD_ASINSCOPE_URL", "http://localhost:1@example.com/", "an address"),
            ("ASINQD_ASINSCOPE_URL", "http://localhost@example.com/", "an address"),
            ("ASINQD_ASINSCOPE_URL", "http://example.com?.localhost", "an address"),
            ("ASINQD_ASINSCOPE_URL", "http://example.com#@localhost", "an address"),
            ("ASINQD_ASINSCOPE_URL", "http://localhost./", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://localhost.example.com/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://127.0.0.1.nip.io/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://example.com/127.0.0.1", "https://"),
            ("ASINQD_ASINSCOPE_URL", #"http://example.com\@localhost/"#, "address"),
            ("ASINQD_ASINSCOPE_URL", "http://localhost%00.example.com/", "address"),
            ("ASINQD_ASINSCOPE_URL", "http://localhost%2f.example.com/", "address"),
            ("ASINQD_ASINSCOPE_URL", "http://2130706433/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://127.1/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://0.0.0.0/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "http://[::ffff:1.2.3.4]/", "https://"),
            ("ASINQD_ASINSCOPE_URL", "HTTP://example.com/", "address"),
            ("ASINQD_UPCITEMDB_URL", "http://api.upcitemdb.com/prod/v1", "https://"),
            ("ASINQD_ASINSCOPE_URL", "api.asinscope.com", "an address"),
        ])
    func badVariable(name: String, value: String, says: String) async throws {
        let bench = try await bench(yaml: "")
        bench.set(name, value)
        let finished = try await bench.asinqd("status")
        #expect(finished.code == 78 && finished.text.isEmpty)
        #expect(finished.errors.contains(says), "\(finished)")
    }

    @Test(
        "Plain http is accepted for loopback",
        arguments: [
            "http://127.0.0.1:1/x", "http://localhost:1", "http://[::1]:1/", "HTTP://[::1]:8080",
            "Http://LocalHost:1", "http://127.0.0.2:1", "HTTPS://api.example.com/x",
        ])
    func loopback(address: String) async throws {
        let bench = try await bench(yaml: "")
        bench.set("ASINQD_ASINSCOPE_URL", address)
        #expect(try await bench.asinqd("status").code == 0)
    }

    @Test("An address whose scheme is in capitals is called")
    func capitals() async throws {
        let bench = try await bench(yaml: "")
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_URL", sandbox.address.replacing("http://", with: "HTTP://"))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 1)
        #expect(try await bench.asinqd("check").text.contains("ok       reach"))
    }

    @Test("Without a key the daemon does not start, and lists the places for a key")
    func noKey() async throws {
        let bench = try await bench(yaml: "")
        let finished = try await bench.asinqd("run", "--until-empty")
        #expect(finished.code == 78)
        #expect(finished.errors.contains("ASINQD_ASINSCOPE_API_KEY"))
        #expect(finished.errors.contains("asinscope.apiKey") && finished.errors.contains("demo"))
        let check = try await bench.asinqd("check", "--offline")
        #expect(check.code == 1 && check.text.contains("problem  key"))
    }

    @Test(
        "A file whose settings are all commented out counts as empty",
        arguments: [
            "", "\n", "# nothing\n#log:\n#  level: info\n", "---\n", "keep:\n#  jobsDays: 1\n",
        ])
    func commentedOut(yaml: String) async throws {
        let bench = try await bench(yaml: yaml)
        let status = try await bench.asinqd("status", "--config", "asinqd.yaml")
        #expect(status.code == 0, "\(status)")
    }

    @Test(
        "A default file that may not be read is no reason to use another database",
        .enabled(if: geteuid() == 0, "only root can become somebody else"))
    func unreadable() async throws {
        let bench = try await bench(yaml: "")
        #expect(chmod(bench.folder, 0o755) == 0)
        let folder = bench.path("config/asinqd")
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try bench.write("config/asinqd/asinqd.yaml", "log:\n  level: info\n")
        #expect(chmod(folder + "/asinqd.yaml", 0o600) == 0)
        let stranger = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        func status(_ more: String...) async throws -> Finished {
            try await bench.start(
                program: "/usr/bin/env",
                ["setpriv"] + stranger + [try Bench.program(), "status"] + more, input: []
            ).ended()
        }
        let refused = try await status()
        #expect(refused.code == 78, "\(refused)")
        #expect(refused.errors.contains("cannot be read by this user"))
        #expect(refused.errors.contains("--config"))
        #expect(try await !status("--config", "/dev/null").errors.contains("settings file"))
    }

    @Test("An empty folder in the environment counts as unset")
    func emptyFolders() async throws {
        let bench = try await bench(yaml: "")
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME"] { bench.set(name, "") }
        bench.set("ASINQD_DATABASE", nil)
        let status = try await bench.asinqd("status")
        #expect(
            status.errors.contains(bench.path(".local/share/asinqd/asinqd.sqlite")), "\(status)")
    }

    @Test(
        "An address with a secret in it is rejected, and not repeated",
        arguments: [
            "https://user:SECRET@host/x", "https://host/x?key=SECRET", "https://host/x#SECRET",
        ])
    func secretAddress(address: String) async throws {
        let bench = try await bench(yaml: "")
        bench.set("ASINQD_ASINSCOPE_URL", address)
        let status = try await bench.asinqd("status")
        #expect(status.code == 78 && !status.errors.contains("SECRET"), "\(status)")
    }
}
