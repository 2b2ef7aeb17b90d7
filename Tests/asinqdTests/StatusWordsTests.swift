import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct StatusWordsTests {
    private func words(_ bench: Bench, _ endpoint: String) async throws -> String {
        let status = try await bench.asinqd("status")
        #expect(status.code == 0 && status.errors.isEmpty)
        return status.entries.last { $0.hasPrefix(endpoint + " ") } ?? ""
    }

    @Test("Without a daemon status says that none runs, and what to do")
    func noDaemon() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        let status = try await bench.asinqd("status")
        #expect(status.entries[0].hasSuffix("/queue.sqlite: no daemon is running"))
        #expect(try await words(bench, "images").contains("ready; start the daemon"))
        #expect(try await words(bench, "barcodes").contains("nothing to do"))
        #expect(
            status.unwrapped.contains(
                "day 150,000 of 150,000 tokens remaining for images and barcodes, reset at "))
        #expect(!status.text.contains("lookup") && !status.text.contains("search"))
    }

    @Test("While a call is in progress status says so")
    func calling() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "latency=60000-60000")
        try await bench.enqueue("images", asins(3))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger", is: 1)
        #expect(try await words(bench, "images").contains("call in progress for"))
        let status = try await bench.status()
        #expect(status.isDaemonRunning && status["images"]?.lane.state == "calling")
        #expect(status["images"]?.jobs["running"] == 3)
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
    }

    @Test("A paused lane makes no call until it is resumed")
    func paused() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        #expect(try await bench.asinqd("enqueue", "--images", input: asins(1)[0]).code == 0)
        #expect(try await bench.asinqd("pause", "--images").text == "images: paused\n")
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0)
        #expect(try await words(bench, "images").contains("paused until `asinqd resume --images`"))
        #expect(try await bench.status()["images"]?.lane.state == "paused")
        #expect(try await sandbox.counts().images.calls == 0)
        #expect(try await bench.asinqd("resume", "--images").text == "images: resumed\n")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try await sandbox.counts().images.calls == 1)
    }

    @Test("A few barcodes wait for more, and status gives the reason")
    func lingering() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_LINGER_MILLISECONDS", "3600000")
        bench.set("ASINQD_LOG_LEVEL", "debug")
        let daemon = try await bench.daemon()
        try await bench.enqueue("barcodes", asins(9))
        _ = try await daemon.errors.line("event=hold", "reason=lingering")
        #expect(try await words(bench, "barcodes").contains("for more jobs, to fill a batch"))
        #expect(try await bench.status()["barcodes"]?.lane.state == "lingering")
        try await bench.enqueue("barcodes", asins(9..<10))
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 10)
        try await bench.enqueue("barcodes", asins(20..<21), "--priority", "0")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 11)
        #expect(try await sandbox.counts().barcodes.tokensCharged == 20)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test(
        "Status names the limit that a lane waits for",
        arguments: [
            (
                "images", "ASINQD_ASINSCOPE_IMAGES_PER_MINUTE", "token_bucket",
                "for the token bucket"
            ),
            ("barcodes", "", "sliding_window", "for the sliding window"),
        ])
    func limits(endpoint: String, rate: String, state: String, says: String) async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "20")
        bench.set("ASINQD_ASINSCOPE_BARCODES_PER_MINUTE", "20")
        if !rate.isEmpty { bench.set(rate, "1") }
        bench.set("ASINQD_LOG_LEVEL", "debug")
        try await bench.enqueue(endpoint, asins(40))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=hold", "reason=\(state)", "endpoint=\(endpoint)")
        let words = try await words(bench, endpoint)
        #expect(words.contains(says) && words.contains("waits ") && words.contains(" of 20"))
        let lane = try await bench.status()[endpoint]
        #expect(lane?.lane.state == state && lane?.lane.until != nil)
        #expect(lane?.jobs["completed"] == 20 && lane?.jobs["ready"] == 20)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("Jobs for later are distinguished from those that wait, and from paused ones")
    func later() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2), "--not-before", "+50h")
        try await bench.enqueue("images", asins(2..<5), "--label", "held")
        #expect(try await bench.asinqd("pause", "--label", "held").text == "3 jobs paused\n")
        let jobs = try await bench.status()["images"]?.jobs
        #expect(jobs?["later"] == 2 && jobs?["paused"] == 3 && jobs?["ready"] == 0)
        #expect(
            try await words(bench, "images").contains(/waits 2 d [12] h for the next scheduled job/)
        )
    }

    #if os(Linux)
        @Test("Watched on a terminal status is drawn again in its place")
        func watch() async throws {
            let bench = try await Bench()
            try await bench.enqueue("images", asins(2))
            let command = "'\(try Bench.program())' status --watch"
            let script = try bench.start(
                program: "/usr/bin/env", ["script", "-qfec", command, "/dev/null"], input: nil)
            let screens = try await script.output.first("two screens") { bytes, _ in
                let parts = String(decoding: bytes, as: UTF8.self).components(
                    separatedBy: "\u{1B}[H")
                return parts.count > 2 ? parts : nil
            }
            #expect(screens[1].contains("no daemon is running\u{1B}[K"))
            #expect(screens[1].contains("\u{1B}[J"))
            script.send(SIGTERM)
            _ = try await script.ended()
        }
    #endif

    @Test("Watched through a pipe status is a line of JSON a second")
    func watchJSON() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2))
        let watch = try bench.start("status", "--watch", "--json")
        let text = try await watch.output.first("two lines") { bytes, _ in
            bytes.count { $0 == 0x0A } >= 2 ? String(decoding: bytes, as: UTF8.self) : nil
        }
        for line in text.split(separator: "\n").prefix(2) {
            let status = try JSONDecoder().decode(StatusJSON.self, from: Data(line.utf8))
            #expect(status["images"]?.jobs["ready"] == 2)
        }
        watch.send(SIGINT)
        #expect(try await watch.ended().code == 130)
    }
}
