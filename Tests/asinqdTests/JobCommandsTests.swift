import Foundation
import ProgramHarness
import Testing

@Suite struct JobCommandsTests {
    /// Six jobs: three products at two endpoints, the barcodes with a label.
    private func queue() async throws -> Bench {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        try await bench.enqueue("barcodes", asins(3), "--label", "spring")
        return bench
    }

    private func states(_ bench: Bench) throws -> [String] {
        try bench.column("SELECT substr(endpoint, 1, 1) || ' ' || state FROM queue ORDER BY id")
    }

    @Test(
        "Jobs are selected by endpoint, label and product, and all given parts must match",
        arguments: [
            (["--images"], 3), (["--images", "--barcodes"], 6), (["--label", "spring"], 3),
            ([asins(1)[0]], 2), ([asins(1)[0].lowercased(), asins(2)[1]], 4),
            (["--images", "--label", "spring"], 0), (["--barcodes", asins(1)[0]], 1),
        ] as [([String], Int)])
    func selection(arguments: [String], count: Int) async throws {
        let bench = try await queue()
        let finished = try await bench.asinqd(["cancel", "--json"] + arguments)
        #expect(finished.code == 0)
        #expect(try finished.decoded([String: Int].self) == ["jobs": count])
        #expect(try states(bench).count { $0.hasSuffix("cancelled") } == count)
    }

    @Test(
        "A command for jobs requires a selection",
        arguments: ["cancel", "retry", "pause", "resume"])
    func noSelection(command: String) async throws {
        let finished = try await queue().asinqd(command)
        #expect(finished.code == 64 && finished.errors.contains("Usage: asinqd \(command)"))
    }

    @Test(
        "A label that no job has is an error that names the nearest one",
        arguments: ["cancel", "pause", "resume", "retry"])
    func unknownLabel(command: String) async throws {
        let bench = try await queue()
        let mistyped = try await bench.asinqd(command, "--label", "sprnig")
        #expect(mistyped.code == 1 && mistyped.text.hasPrefix("0 jobs "), "\(mistyped)")
        #expect(
            mistyped.errors.hasPrefix(
                "asinqd: No job has the label sprnig.\nTry: use --label 'spring', the nearest one."
            ),
            "\(mistyped)")
        let json = try await bench.asinqd(command, "--label", "autumn", "--json")
        #expect(json.code == 1 && json.errors.contains("Try: run asinqd labels"))
        #expect(try json.decoded([String: Int].self) == ["jobs": 0])
        // Repeating it is no error.
        #expect(try await bench.asinqd("cancel", "--label", "spring").code == 0)
        let again = try await bench.asinqd(command, "--label", "spring")
        #expect(again.code == 0 && again.errors.isEmpty, "\(again)")
    }

    @Test("A cancelled job can be enqueued again")
    func cancelled() async throws {
        let bench = try await queue()
        #expect(try await bench.asinqd("cancel", asins(1)[0]).text == "2 jobs cancelled\n")
        #expect(try await bench.asinqd("cancel", asins(1)[0]).text == "0 jobs cancelled\n")
        try await bench.enqueue("images", asins(1))
        #expect(try states(bench).count { $0 == "i available" } == 3)
    }

    @Test("Paused jobs are resumed by the same selection")
    func pauseAndResume() async throws {
        let bench = try await queue()
        #expect(try await bench.asinqd("pause", "--label", "spring").text == "3 jobs paused\n")
        #expect(try await bench.asinqd("resume", asins(1)[0]).text == "1 job resumed\n")
        #expect(try await bench.status()["barcodes"]?.jobs["paused"] == 2)
        let json = try await bench.asinqd("pause", "--images", "--json")
        #expect(try json.decoded([String: [String]].self) == ["endpoints": ["images"]])
    }

    @Test("A paused lane is resumed while the daemon runs")
    func resumeLane() async throws {
        let bench = try await queue()
        _ = try await bench.sandbox()
        #expect(try await bench.asinqd("pause", "--images", "--barcodes").code == 0)
        bench.set("ASINQD_LOG_LEVEL", "debug")
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=hold", "reason=paused", "endpoint=images")
        #expect(try await bench.asinqd("resume", "--images").code == 0)
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 3)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(try states(bench).suffix(3) == ["b available", "b available", "b available"])
    }

    @Test("Prune deletes finished rows that are old enough, and no result")
    func prune() async throws {
        let bench = try await queue()
        _ = try await bench.sandbox(faults: "reject=\(asins(1)[0])")
        #expect(try await bench.asinqd("run", "--until-empty").code == 1)
        let calls = try bench.number("SELECT count(*) FROM ledger")
        let young = try await bench.asinqd(
            "prune", "--jobs", "1d", "--dead-letters", "1d", "--ledger", "1d")
        #expect(young.text == "deleted 0 jobs, 0 dead letters, 0 ledger entries, 0 rejected rows\n")
        let jobs = try await bench.asinqd("prune", "--jobs", "0s", "--json")
        #expect(
            try jobs.decoded([String: Int].self)
                == ["jobs": 4, "deadLetters": 0, "ledgerEntries": 0, "rejectedRows": 0])
        let dead = try await bench.asinqd("prune", "--dead-letters", "0s", "--ledger", "0s")
        #expect(dead.text == "deleted 0 jobs, 2 dead letters, 0 ledger entries, 0 rejected rows\n")
        #expect(try bench.number("SELECT count(*) FROM result") == 4)
        #expect(try bench.number("SELECT count(*) FROM ledger") == calls)
    }

    @Test("Check finds no problem in an undamaged database, and reports whether a daemon runs")
    func check() async throws {
        let bench = try await queue()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        #expect(try await bench.asinqd("cancel", "--images", "--barcodes").code == 0)
        let idle = try await bench.asinqd("check", "--offline")
        #expect(idle.code == 0 && idle.text.contains("not running"), "\(idle)")
        let daemon = try await bench.daemon()
        let busy = try await bench.asinqd("check", "--offline", "--json")
        struct Finding: Decodable {
            var verdict: String
            var subject: String
            var text: String
        }
        let findings = try busy.decoded([Finding].self)
        #expect(findings.first { $0.subject == "daemon" }?.text == "running")
        #expect(findings.allSatisfy { ["ok", "note"].contains($0.verdict) })
        #expect(findings.map(\.subject).contains("integrity"))
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
    }
}
