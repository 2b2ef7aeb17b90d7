import Foundation
import ProgramHarness
import Sandbox
import Testing

/// A disk that is full before there is anything to lose, and one that is full when a daemon is killed.
@Suite(.enabled(if: geteuid() == 0, "only root can make a small disk"))
struct FullDiskTests {
    private static let states =
        "sqlite3 disk/queue.sqlite 'SELECT state, count(*) FROM queue GROUP BY 1'"
    private static let outcomes = "sqlite3 disk/queue.sqlite 'SELECT outcome FROM ledger'"

    @Test(
        "No call is made without space for its reservation, and the daemon continues when there is some"
    )
    func claim() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        let sandbox = try await bench.sandbox()
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd run &")
        _ = try await heard.line("STATUS=images: idle; barcodes: idle; lookup: idle; search: idle")
        // The daemon must not see the jobs before the disk is full.
        try await disk.run("kill -STOP $!")
        try await disk.run("$asinqd enqueue --images asins.txt > /dev/null")
        try await disk.fill()
        try await disk.run("kill -CONT $!")
        let failed = try await disk.shell.errors.line("event=store_failed", "work=claim")
        #expect(failed.contains("No space left on the disk of \(bench.path("disk/queue.sqlite"))"))
        _ = try await heard.line("STATUS=", "images: the disk is full")
        #expect(try await sandbox.counts().images.calls == 0)
        #expect(try await disk.run(Self.outcomes) == "")
        #expect(try await disk.run(Self.states) == "available|5")

        try await disk.free()
        _ = try await disk.shell.errors.line("event=store_recovered", "work=claim")
        _ = try await disk.shell.errors.line("event=call", "outcome=succeeded")
        #expect(try await disk.run(Self.states) == "completed|5")
        #expect(try await sandbox.counts().images.calls == 1)
        try await disk.stop()
    }

    /// 20,000 jobs and their indexes take 2.6 MB, 40,000 take 4.7.
    @Test(
        "A list without enough space is added in part, the report says how much, and the rest is added later",
        arguments: [("asins.txt", "70,000"), ("- < asins.txt", "40,000")])
    func enqueue(input: String, read: String) async throws {
        let bench = try await Bench()
        try bench.write("asins.txt", (asins(70_000) + asins(3)).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("mount -o remount,size=4m disk")
        try await disk.run("$asinqd enqueue --images \(input); test $? = 75")
        _ = try await disk.shell.errors.line("Then enqueue the same list again")
        let errors = disk.shell.errors.text
        #expect(errors.contains("No space left on the disk of "), "\(errors)")
        #expect(!errors.contains("Nothing was lost"))
        #expect(
            errors.contains("images: 20,000 jobs added, of \(read) products read."), "\(errors)")

        try await disk.run("mount -o remount,size=64m disk")
        #expect(
            try await disk.run("sqlite3 disk/queue.sqlite 'SELECT count(*) FROM queue'") == "20000")
        let again = try await disk.run("$asinqd enqueue --images asins.txt")
        #expect(
            again.hasPrefix(
                "images: 50,000 jobs added, 20,000 already waiting, 3 repeated in the input"))
    }

    @Test("The web service answers on a full disk, and adds what it is given once there is space")
    func serve() async throws {
        let bench = try await Bench()
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd enqueue --images asins.txt > /dev/null")
        // Its own file keeps the shell's output for echo.
        try await disk.run(
            "mkfifo said; cat said >&2 & $asinqd serve --listen 127.0.0.1:0 > said &")
        let said = try await disk.shell.errors.line("http://127.0.0.1:", "token=")
        let address = try #require(said.firstMatch(of: /(http:[^?]*)\/\?token=(\S+)/))
        let token = "Authorization: Bearer \(address.2)"
        func enqueue() async throws -> Loopback.Reply {
            try await Loopback.ask(
                "POST", "\(address.1)/api/v1/jobs",
                String(
                    decoding: try JSONSerialization.data(
                        withJSONObject: ["endpoint": "images", "products": asins(5..<5_000)]),
                    as: UTF8.self),
                headers: [token, "Content-Type: application/json"])
        }
        try await disk.fill()
        let full = try await enqueue()
        #expect(full.status == 503 && full.header("Retry-After") == "5")
        #expect(String(decoding: full.body, as: UTF8.self).contains("No space left on the disk of"))
        let status = try await Loopback.ask("GET", "\(address.1)/api/v1/status", headers: [token])
        #expect(status.status == 200)
        try await disk.free()
        try await disk.run("mount -o remount,size=8m disk")
        let added = try await enqueue()
        #expect(added.status == 200, "\(String(decoding: added.body, as: UTF8.self))")
        #expect(
            try await disk.run("sqlite3 disk/queue.sqlite 'SELECT count(*) FROM queue'") == "5000")
        try await disk.stop()
    }

    @Test("A daemon that is started on a full disk reports it, and begins when there is space")
    func start() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        let sandbox = try await bench.sandbox()
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd enqueue --images asins.txt > /dev/null")
        try await disk.fill()
        try await disk.run("$asinqd run &")
        let failed = try await disk.shell.errors.line("event=store_failed", "work=open")
        #expect(failed.contains("No space left"))
        _ = try await heard.line("STATUS=the disk is full")
        #expect(try await sandbox.counts().images.calls == 0)
        #expect(!heard.text.contains("READY=1"))

        try await disk.free()
        _ = try await heard.line("READY=1")
        _ = try await disk.shell.errors.line("event=call", "outcome=succeeded")
        #expect(try await disk.run(Self.states) == "completed|5")
        try await disk.stop()
    }

    @Test(
        "A reply that was not stored for lack of space before the daemon was killed expires, and is fetched again"
    )
    func killed() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        let sandbox = try await bench.sandbox(faults: "latency=1500-1500")
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd enqueue --images asins.txt > /dev/null")
        try await disk.run("$asinqd run &")
        _ = try await heard.line("STATUS=", "images: calling for 5")
        try await disk.fill()
        _ = try await disk.shell.errors.line("event=store_failed", "work=settle")
        try await disk.run("kill -KILL $!; wait $!; true")
        #expect(try await disk.run(Self.states) == "running|5")

        // The next daemon cannot write either that the call is lost.
        let lines = disk.shell.errors.text.split(separator: "\n").count
        try await disk.run("$asinqd run &")
        _ = try await disk.shell.errors.line("event=store_failed", "No space left", after: lines)
        #expect(try await sandbox.counts().images.calls == 1)
        try await disk.free()
        _ = try await disk.shell.errors.line("event=call_expired")
        _ = try await disk.shell.errors.line("event=call", "outcome=succeeded", after: lines)
        #expect(try await disk.run(Self.states) == "completed|5")
        #expect(try await disk.run(Self.outcomes) == "expired\nsucceeded")
        #expect(try await sandbox.counts().images.calls == 2)
        try await disk.stop()
    }
}
