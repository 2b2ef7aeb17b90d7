import Foundation
import ProgramHarness
import Testing

/// The `status` of lanes that make no calls, and of past errors.
@Suite struct StatusStandsTests {
    @Test(
        "The last error is shown until a later call of the endpoint succeeds, and again after the next"
    )
    func lastTrouble() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "errors=1")
        try await bench.enqueue("images", asins(1))
        try await bench.enqueue("barcodes", asins(10))
        let daemon = try await bench.daemon()
        for endpoint in ["images", "barcodes"] {
            _ = try await daemon.errors.line("event=call ", "endpoint=\(endpoint)", "failed")
        }
        #expect(try await bench.asinqd("status").text.contains("images: last error "))
        #expect(try await bench.asinqd("pause", "--barcodes").code == 0)
        try await sandbox.setFaults("none")
        #expect(try await bench.asinqd("resume", "--images").code == 0)
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)
        let text = try await bench.asinqd("status").text
        #expect(!text.contains("images: last error ") && text.contains("barcodes: last error "))
        let status = try await bench.status()
        #expect(status["images"]?.lastTrouble == nil && status["barcodes"]?.lastTrouble != nil)

        try await sandbox.setFaults("errors=1")
        try await bench.enqueue("images", asins(1..<2))
        try await bench.until("SELECT max(failures) FROM queue WHERE endpoint = 'images'", is: 1)
        #expect(try await bench.status()["images"]?.lastTrouble != nil)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("Jobs of a paused endpoint are not ready; those for later stay so")
    func paused() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        try await bench.enqueue("images", asins(3..<5), "--not-before", "+2h")
        try await bench.enqueue("images", asins(5..<6), "--label", "held")
        #expect(try await bench.asinqd("pause", "--label", "held").code == 0)
        #expect(try await bench.asinqd("pause", "--images").code == 0)
        let jobs = try await bench.status()["images"]?.jobs
        #expect(jobs?["ready"] == 0 && jobs?["later"] == 2 && jobs?["paused"] == 4)
        #expect(try await bench.asinqd("resume", "--images").code == 0)
        let resumed = try await bench.status()["images"]?.jobs
        #expect(resumed?["ready"] == 3 && resumed?["paused"] == 1)
    }

    @Test("Jobs of a halted endpoint are not ready")
    func halted() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "wrong")
        try await bench.enqueue("images", asins(3))
        #expect(try await bench.asinqd("run", "--until-empty").code == 1)
        let jobs = try await bench.status()["images"]?.jobs
        #expect(jobs?["ready"] == 0 && jobs?["paused"] == 3)
    }

    @Test(
        "On a full disk no lane is reported as calling, and no time is given",
        .enabled(if: geteuid() == 0, "only root can make a small disk"))
    func fullDisk() async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        _ = try await bench.sandbox()
        try bench.write("asins.txt", asins(30).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd run &")
        _ = try await heard.line("STATUS=images: idle; barcodes: idle; lookup: idle; search: idle")
        // The daemon must not see the jobs before the disk is full.
        try await disk.run("kill -STOP $!")
        try await disk.run("$asinqd enqueue --images --label spring asins.txt > /dev/null")
        try await disk.fill()
        func unwrapped(_ text: String) -> String {
            text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let status = try await disk.run("$asinqd status | grep .")
        #expect(
            unwrapped(status).contains("is full: no call is made until there is room"), "\(status)")
        #expect(status.contains("images    waits for free disk space"), "\(status)")
        #expect(status.contains(/spring .*waits for free disk space/), "\(status)")
        for word in ["calls now", "start the daemon", "done "] {
            #expect(!status.contains(word), "\(status)")
        }
        let plan = try await disk.run("$asinqd plan | grep .")
        #expect(plan.contains("waits for free disk space"), "\(plan)")
        #expect(!plan.contains("NEXT CALL"), "\(plan)")
        let json = try await disk.run("$asinqd status --json | grep .")
        #expect(json.contains(#""state" : "disk_full""#), "\(json)")
        try await disk.free()
        let freed = try await disk.run("$asinqd status | grep .")
        #expect(freed.contains("calls now"), "\(freed)")
        try await disk.run("kill -CONT $!")
        try await disk.stop()
    }

    #if os(Linux)
        /// The screen of a terminal of one type.
        private func screen(
            _ bench: Bench, _ command: String, until isDone: @escaping @Sendable (String) -> Bool
        ) async throws -> String {
            let script = try bench.start(
                program: "/usr/bin/env",
                ["script", "-qfec", "'\(try Bench.program())' \(command)", "/dev/null"], input: nil)
            let text = try await script.output.first("the screen") { bytes, isClosed in
                let text = String(decoding: bytes, as: UTF8.self)
                return isClosed || isDone(text) ? text : nil
            }
            script.send(SIGTERM)
            _ = try await script.ended()
            return text
        }

        @Test(
            "A terminal without escape codes, or whose user wants none, gets none",
            arguments: [("TERM", "dumb"), ("NO_COLOR", "1")])
        func plain(name: String, value: String) async throws {
            let bench = try await Bench()
            bench.set("TERM", "xterm")
            bench.set(name, value)
            try bench.write("asins.txt", asins(30_000).joined(separator: "\n"))
            let enqueued = try await screen(bench, "enqueue --images asins.txt") { _ in false }
            #expect(enqueued.contains("30,000 jobs added"))
            let watched = try await screen(bench, "status --watch") { text in
                text.components(separatedBy: "no daemon is running").count > 2
            }
            #expect(!enqueued.contains("\u{1B}") && !watched.contains("\u{1B}"))
            #expect(watched.contains("\r\n\r\n/"), "a blank line between two reports")
        }
    #endif
}
