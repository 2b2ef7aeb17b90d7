import Foundation
import GRDB
import ProgramHarness
import Sandbox
import Testing

@Suite struct DatabaseTroubleTests {
    private static let commands = [
        ["enqueue", "--images"], ["run", "--until-empty"], ["status"], ["results", "--images"],
        ["ledger"], ["pause", "--images"],
    ]

    /// The file at the path, and a part of the error about it.
    private enum Obstacle: String, CaseIterable {
        case folder = "is not a SQLite database"
        case text = "queue.sqlite is not a SQLite database"
        case foreign = "is a SQLite database of another program"
        case newer = "has schema version 99, from a newer asinqd"
        case missingFolder = "nowhere/queue.sqlite does not exist"

        func put(_ bench: Bench) async throws {
            switch self {
            case .folder:
                try FileManager.default.createDirectory(
                    atPath: bench.database, withIntermediateDirectories: true)
            case .text:
                try bench.write("queue.sqlite", String(repeating: "Not a database.\n", count: 900))
            case .foreign: try bench.execute("CREATE TABLE contacts (name TEXT)")
            case .newer:
                try await bench.enqueue("images", asins(1))
                try bench.execute("PRAGMA user_version = 99")
            case .missingFolder: bench.set("ASINQD_DATABASE", "nowhere/queue.sqlite")
            }
        }
    }

    @Test(
        "A file that is not asinqd's database is left alone, and the error has advice",
        arguments: [0, 1, 2, 3, 4], commands)
    func obstacle(index: Int, command: [String]) async throws {
        let obstacle = Obstacle.allCases[index]
        let bench = try await Bench()
        try await obstacle.put(bench)
        let before = try? Data(contentsOf: URL(fileURLWithPath: bench.database))
        bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
        let finished = try await bench.asinqd(command, input: asins(1)[0])
        #expect(finished.code == 78 && finished.text.isEmpty)
        #expect(finished.errors.contains(obstacle.rawValue), "\(finished)")
        #expect(finished.errors.contains("\nTry: "))
        let after = try? Data(contentsOf: URL(fileURLWithPath: bench.database))
        #expect(after == before)
    }

    @Test(
        "Commands that only read create no database",
        arguments: [["status"], ["results", "--barcodes"], ["ledger"], ["retry", "--images"]])
    func missing(command: [String]) async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd(command)
        #expect(finished.code == 78 && finished.errors.contains("There is no database at"))
        #expect(!FileManager.default.fileExists(atPath: bench.database))
    }

    @Test(
        "A read-only file is reported as such",
        .disabled(if: getuid() == 0, "root may write every file"),
        arguments: [["enqueue", "--images"], ["run", "--until-empty"]])
    func readOnly(command: [String]) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        #expect(chmod(bench.database, 0o400) == 0)
        bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
        let finished = try await bench.asinqd(command, input: asins(2)[1])
        #expect(finished.code == 78 && finished.errors.contains("cannot be written"))
    }

    @Test("A lock file that cannot be opened is explained")
    func lockFile() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        try FileManager.default.createDirectory(
            atPath: bench.database + "-lock", withIntermediateDirectories: true)
        bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
        let finished = try await bench.asinqd("run", "--until-empty")
        #expect(finished.code == 78 || finished.code == 1)
        #expect(finished.errors.contains("queue.sqlite-lock"), "\(finished)")
        #expect(finished.errors.contains("Try: ") && !finished.errors.contains("Error Domain"))
    }

    @Test("Check finds a damaged page, and says what to do")
    func damaged() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
        try await bench.enqueue("images", asins(3_000))
        let sound = try await bench.asinqd("check", "--offline")
        #expect(sound.code == 0, "\(sound)")
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.database)))
        for index in (bytes.count / 2)..<(bytes.count / 2 + 9_000) { bytes[index] = 0x5A }
        try bench.write("queue.sqlite", bytes)
        let check = try await bench.asinqd("check", "--offline", "--json")
        #expect(check.code == 1)
        #expect(check.text.contains(#""verdict" : "problem""#) && check.text.contains("Try: "))
        #expect(check.text.contains("put the last copy by asinqd backup in its place"), "\(check)")
    }

    @Test("A daemon that finds a damaged page makes no call, and says how to restore")
    func damagedQueue() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        try await bench.enqueue("images", asins(3_000))
        let size = try bench.number("PRAGMA page_size")
        let root = try bench.number(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'queue_ready'")
        // The last program that closes it moves the WAL into the file.
        #expect(!FileManager.default.fileExists(atPath: bench.database + "-wal"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: bench.database)))
        for index in ((root - 1) * size)..<(root * size) { bytes[index] = 0x5A }
        try bench.write("queue.sqlite", bytes)
        let run = try await bench.asinqd("run")
        #expect(run.code == 1, "\(run)")
        #expect(run.errors.contains("queue.sqlite is damaged: "), "\(run)")
        #expect(run.errors.contains("put the last copy by asinqd backup in its place"))
        #expect(run.errors.contains("queue.sqlite-shm") && run.errors.contains("see Restore"))
        #expect(try await sandbox.counts().images.calls == 0)
    }

    /// The commands of the operators' page, with this test's folders and without the service.
    private func salvage(_ bench: Bench) throws -> String {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/operating.md")
        let blocks = try String(contentsOf: page, encoding: .utf8).split(separator: "```")
        let block = try #require(blocks.first { $0.contains(".dump") })
        return block.split(separator: "\n")
            .filter { !$0.contains("systemctl") && !$0.hasPrefix("chown") && $0 != "sh not-run" }
            .joined(separator: "\n").replacing("/var/lib/asinqd", with: bench.path("lib"))
            .replacing("/root", with: bench.folder)
            .replacing("asinqd check", with: "\(try Bench.program()) check --offline")
            .replacing("asinqd audit", with: "\(try Bench.program()) audit")
    }

    @Test("The readable part of a damaged database is saved as the operators' page says")
    func salvaged() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
        #expect(mkdir(bench.path("lib"), 0o750) == 0)
        bench.set("ASINQD_DATABASE", "lib/asinqd.sqlite")
        try await bench.enqueue("images", asins(5_000))
        // A page in the middle of the table itself.
        let path = bench.path("lib/asinqd.sqlite")
        let leaf = try await bench.open("lib/asinqd.sqlite").read {
            try Int.fetchOne(
                $0,
                sql: """
                    SELECT pageno FROM dbstat WHERE name = 'queue' AND pagetype = 'leaf'
                    ORDER BY path LIMIT 1 OFFSET 20
                    """)
        }
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let page = try #require(leaf) - 1
        for index in (page * 4_096)..<(page * 4_096 + 4_096) { bytes[index] = 0x5A }
        try bench.write("lib/asinqd.sqlite", bytes)
        #expect(try await bench.asinqd("check", "--offline").code == 1)

        bench.set("ASINQD_DATABASE", bench.path("lib/asinqd.sqlite"))
        let script = try salvage(bench)
        let salvage = try await bench.start(
            program: "/bin/sh", ["-ec", script], input: []
        ).ended()
        #expect(salvage.code == 0, "\(script)\n\(salvage)")
        let saved = try await bench.open("lib/asinqd.sqlite").read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM queue")
        }
        #expect((4_000..<5_000).contains(saved ?? 0))
        try await bench.enqueue("barcodes", asins(1))
    }
}
