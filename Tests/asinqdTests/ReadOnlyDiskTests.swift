import Foundation
import ProgramHarness
import Testing

/// Files that cannot be written, because of the mount or of permissions, and files with several names.
@Suite struct ReadOnlyDiskTests {
    private static let writing = [
        "run --until-empty", "enqueue --images asins.txt", "pause --images",
    ]
    private static let reading = [
        "status", "results --images", "ledger", "plan", "backup copy", "jobs", "labels", "watch",
    ]

    @Test(
        "On a read-only file system each command reports the cause, and advice",
        .enabled(if: geteuid() == 0, "only root can mount one"))
    func mount() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd enqueue --images asins.txt > /dev/null")
        try await disk.run("mount -o remount,ro disk")
        for (commands, words) in [
            (Self.writing, "cannot be written"), (Self.reading, "cannot be read"),
        ] {
            for command in commands {
                let code = try await disk.run("$asinqd \(command) 2> errors; echo $?")
                #expect(code == "78", "\(command)")
                let errors = try String(contentsOfFile: bench.path("errors"), encoding: .utf8)
                #expect(
                    errors.contains(words) && errors.contains("\nTry: "), "\(command): \(errors)")
                #expect(errors.contains("read-only"), "\(command): \(errors)")
            }
        }
        let check = try await disk.run("$asinqd check; echo $?")
        #expect(check.contains("problem") && check.hasSuffix("\n1"), "\(check)")
        // Following the advice works.
        try await disk.run("cp disk/queue.sqlite copy.sqlite")
        let copy = try await disk.run("$asinqd status --database copy.sqlite")
        #expect(copy.contains("images"), "\(copy)")
    }

    @Test("No daemon works on a database with two names, and check reports it")
    func hardLink() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        try await bench.enqueue("images", asins(1))
        #expect(link(bench.database, bench.path("other.sqlite")) == 0)
        for command in [
            ["run", "--until-empty"], ["enqueue", "--images"], ["cancel", "--images"],
        ] {
            let finished = try await bench.asinqd(command, input: asins(2)[1])
            #expect(finished.code == 78, "\(finished)")
            #expect(finished.errors.contains("is one of 2 names of the same file (hard links)"))
            #expect(finished.errors.contains("\nTry: ") && finished.errors.contains("cp -al"))
        }
        #expect(try await bench.asinqd("status").code == 0)
        let check = try await bench.asinqd("check", "--offline")
        #expect(check.code == 1 && check.text.contains("2 names of the same file"), "\(check)")
        #expect(unlink(bench.path("other.sqlite")) == 0)
        #expect(try await bench.asinqd("check", "--offline").code == 0)
    }
}
