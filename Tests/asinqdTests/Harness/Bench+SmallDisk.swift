import ProgramHarness

/// A shell with a small disk of its own, invisible to other processes: `disk` in the bench's folder.
/// Everything that runs in it ends with it.
struct SmallDisk: Sendable {
    let shell: Program

    /// Runs a command line, in which `$asinqd` is the program under test, and waits for its end.
    /// - Returns: The output of `echo`, if there is one in it.
    @discardableResult
    func run(_ line: String) async throws -> String {
        let before = shell.output.text.split(separator: "\n").count
        try await shell.write(Array((line + "\necho end of line: $?\n").utf8))
        let end = try await shell.output.line("end of line: ", after: before)
        guard end.hasSuffix(": 0") else {
            throw NeverCame(what: line, seen: shell.output.text + shell.errors.text)
        }
        return shell.output.text.split(separator: "\n").dropFirst(before).dropLast()
            .joined(separator: "\n")
    }

    func fill() async throws {
        try await run("dd if=/dev/zero of=disk/filler bs=1k 2> /dev/null; true")
    }

    func free() async throws {
        try await run("rm disk/filler")
    }

    /// Lets the daemon that was started last finish.
    func stop() async throws {
        try await run("kill $!; wait $!")
    }
}

extension Bench {
    /// Only root can mount one.
    func smallDisk() async throws -> SmallDisk {
        set("asinqd", try Self.program())
        set("ASINQD_DATABASE", "disk/queue.sqlite")
        let shell = try start(
            program: "/usr/bin/env",
            [
                "unshare", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child", "sh",
            ], input: nil)
        let disk = SmallDisk(shell: shell)
        try await disk.run("mkdir disk && mount -t tmpfs -o size=2m tmpfs disk")
        return disk
    }
}
