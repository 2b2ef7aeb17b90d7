import Foundation
import ProgramHarness
import Testing

/// Paths that begin in the home folder, and environments without one.
@Suite struct HomeTests {
    /// A user with settings and data in the default places.
    private func bench(home: String?) async throws -> Bench {
        let bench = try await Bench()
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "ASINQD_DATABASE"] {
            bench.set(name, nil)
        }
        bench.set("HOME", home)
        return bench
    }

    private func files(_ bench: Bench) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bench.folder).sorted()
    }

    @Test(
        "Without HOME a command asks for the database, and creates nothing in the current folder",
        arguments: [nil, "", "home", "."] as [String?])
    func noHome(home: String?) async throws {
        let bench = try await bench(home: home)
        for arguments in [
            ["enqueue", "--images"], ["enqueue", "--images", "--dry-run"], ["run"], ["status"],
            ["plan"], ["ledger"], ["results", "--images"], ["retry", "--images"],
            ["pause", "--images"], ["prune"], ["audit"], ["check", "--offline"],
            ["backup", "copy.sqlite"],
        ] {
            let finished = try await bench.asinqd(arguments, input: asins(1)[0])
            #expect(finished.code == 78 && finished.text.isEmpty, "\(finished)")
            #expect(finished.errors.contains("no default database, because HOME"), "\(finished)")
            #expect(
                finished.errors.contains("Try: use --database PATH, or set ASINQD_DATABASE=PATH."))
        }
        #expect(try files(bench) == [])
        let named = try await bench.asinqd(
            "enqueue", "--images", "--database", "x.sqlite", input: asins(1)[0])
        #expect(named.code == 0, "\(named)")
    }

    @Test("A folder in .config of the current folder is not read as settings")
    func noSettings() async throws {
        let bench = try await bench(home: nil)
        try FileManager.default.createDirectory(
            atPath: bench.path(".config/asinqd"), withIntermediateDirectories: true)
        try bench.write(".config/asinqd/asinqd.yaml", "database: trap.sqlite\n")
        let finished = try await bench.asinqd("enqueue", "--images", input: asins(1)[0])
        #expect(finished.code == 78 && finished.errors.contains("HOME"), "\(finished)")
    }

    @Test("The default database's folder is created for its user alone, with its parents")
    func folder() async throws {
        let bench = try await bench(home: nil)
        bench.set("HOME", bench.path("home"))
        try FileManager.default.createDirectory(
            atPath: bench.path("home"), withIntermediateDirectories: false)
        for arguments in [["status"], ["pause", "--images"]] {
            let finished = try await bench.asinqd(arguments)
            #expect(finished.code == 78, "\(finished)")
            #expect(finished.errors.contains("There is no database at \(bench.path("home"))"))
        }
        let dry = try await bench.asinqd("enqueue", "--images", "--dry-run", input: asins(1)[0])
        #expect(dry.code == 0 && !FileManager.default.fileExists(atPath: bench.path("home/.local")))
        let made = try await bench.asinqd("enqueue", "--images", input: asins(1)[0])
        #expect(made.code == 0, "\(made)")
        for (name, expected) in [
            (".local", 0o700), (".local/share", 0o700), (".local/share/asinqd", 0o750),
        ] {
            let mode = try FileManager.default.attributesOfItem(atPath: bench.path("home/\(name)"))[
                .posixPermissions]
            #expect(mode as? Int == expected, "\(name)")
        }
    }

    @Test("A ~ that no shell has replaced is HOME, in every path")
    func tilde() async throws {
        let bench = try await bench(home: nil)
        let home = bench.path("a home")
        bench.set("HOME", home)
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: false)
        func isThere(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: home + "/" + name)
        }
        let flag = try await bench.asinqd(
            "enqueue", "--images", "--database", "~/flag.sqlite", input: asins(1)[0])
        #expect(flag.code == 0 && isThere("flag.sqlite"), "\(flag)")

        try bench.write("a home/x.yaml", "database: ~/file.sqlite\n")
        let file = try await bench.asinqd(
            "enqueue", "--images", "--config", "~/x.yaml", input: asins(1)[0])
        #expect(file.code == 0 && isThere("file.sqlite"), "\(file)")

        bench.set("ASINQD_DATABASE", "~/variable.sqlite")
        let variable = try await bench.asinqd("enqueue", "--images", input: asins(1)[0])
        #expect(variable.code == 0 && isThere("variable.sqlite"), "\(variable)")

        let backup = try await bench.asinqd("backup", "~/copy.sqlite")
        #expect(backup.code == 0 && isThere("copy.sqlite"), "\(backup)")

        bench.set("ASINQD_CONFIG", "~/x.yaml")
        bench.set("ASINQD_DATABASE", nil)
        #expect(try await bench.status().database == home + "/file.sqlite")

        try Data().write(to: URL(fileURLWithPath: home + "/asinqd.sqlite"))
        let demo = try await bench.asinqd("demo", "--folder", "~")
        #expect(
            demo.code == 65 && demo.errors.contains("\(home) already holds a database"), "\(demo)")
    }

    @Test("Another user's home, or a ~ without HOME, is an error that asks for the full path")
    func noTilde() async throws {
        let bench = try await bench(home: nil)
        for (path, home) in [("~root/x.sqlite", bench.folder), ("~x", bench.folder), ("~/x", nil)] {
            bench.set("HOME", home)
            for arguments in [["status", "--database", path], ["status", "--config", path]] {
                let finished = try await bench.asinqd(arguments)
                #expect(finished.code == 78, "\(finished)")
                #expect(finished.errors.contains("Try: use the full path"), "\(finished)")
            }
        }
        bench.set("HOME", bench.folder)
        let literal = try await bench.asinqd(
            "enqueue", "--images", "--database", "./~x", input: asins(1)[0])
        #expect(literal.code == 0, "\(literal)")
        #expect(try files(bench) == ["~x"])
    }

    @Test("A missing folder is named in the command that creates it")
    func missingFolder() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        for arguments in [["status", "--database", "no/such dir/x"], ["backup", "no/such dir/x"]] {
            let finished = try await bench.asinqd(arguments)
            #expect(finished.code != 0)
            #expect(
                finished.errors.contains("Try: run mkdir -p '\(bench.path("no/such dir"))', or "),
                "\(finished)")
        }
    }
}
