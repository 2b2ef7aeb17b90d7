import Foundation
import ProgramHarness
import Testing

@Suite("Waiting for jobs") struct WaitTests {
    @Test("enqueue --wait prints the results of its products when they are there")
    func enqueue() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        let waiting = try bench.start(
            ["enqueue", "--images", "--wait", "--timeout", "10m", "--format", "jsonl"],
            input: Array(asins(3).reversed().joined(separator: "\n").utf8))
        _ = try await waiting.errors.line("No daemon is running")
        #expect(waiting.output.text == "")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let finished = try await waiting.ended()
        #expect(finished.code == 0)
        #expect(finished.lines.map { String($0.dropFirst(9).prefix(10)) } == asins(3).reversed())
        #expect(finished.errors.contains("images: 3 jobs added"))
    }

    @Test("The time is over with exit code 75, and what is there is printed")
    func timeout() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(1), "--label", "spring")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let enqueue = try await bench.asinqd(
            "enqueue", "--images", "--max-age", "1d", "--wait", "--timeout", "0s", "--format",
            "csv",
            input: asins(2).joined(separator: "\n"))
        #expect(enqueue.code == 75 && enqueue.text.contains("\r\n\(asins(1)[0]),1,"), "\(enqueue)")
        #expect(enqueue.errors.contains("1 waiting"))
        // An earlier answer is not the one that is waited for.
        let again = try await bench.asinqd(
            "enqueue", "--images", "--wait", "--timeout", "0s", "--format", "jsonl",
            input: asins(1)[0])
        #expect(again.code == 75 && again.text == "", "\(again)")
        #expect(enqueue.errors.contains("Try: run asinqd plan"))
        let wait = try await bench.asinqd("wait", "--images", "--timeout", "0s", "--json")
        #expect(wait.code == 75, "\(wait)")
        struct Report: Decodable, Equatable {
            var isFinished: Bool
            var waiting: Int
            var deadLetters: Int
        }
        #expect(
            try wait.decoded(Report.self)
                == Report(isFinished: false, waiting: 2, deadLetters: 0))
        #expect(try await bench.asinqd("cancel", asins(1)[0]).code == 0)
        let done = try await bench.asinqd("wait", "--label", "spring")
        #expect(done.code == 0 && done.text == "No job is open.\n", "\(done)")
        let unknown = try await bench.asinqd("wait", "--label", "sprng")
        #expect(unknown.code == 1 && unknown.errors.contains("--label 'spring'"), "\(unknown)")
        for wrong in [
            ["wait"], ["wait", "--images", "--timeout", "x"],
            ["enqueue", "--images", "--timeout", "1s"],
            ["enqueue", "--images", "--wait", "--json"],
            ["enqueue", "--images", "--barcodes", "--wait"],
        ] {
            let finished = try await bench.asinqd(wrong, input: asins(1)[0])
            #expect(finished.code == 64, "\(finished)")
        }
    }

    @Test("Dead letters among the jobs end a wait with exit code 1")
    func deadLetters() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "reject=\(asins(2)[1])")
        try await bench.enqueue("images", asins(2), "--label", "spring")
        let waiting = try bench.start("wait", "--label", "spring")
        _ = try await waiting.errors.line("No daemon is running")
        #expect(try await bench.asinqd("run", "--until-empty").code == 1)
        let finished = try await waiting.ended()
        #expect(finished.code == 1 && finished.text == "No job is open; 1 dead letter.\n")
        #expect(try await bench.asinqd("wait", asins(1)[0]).code == 0)
        #expect(try await bench.asinqd("wait", asins(2)[1]).code == 1)
    }
}
