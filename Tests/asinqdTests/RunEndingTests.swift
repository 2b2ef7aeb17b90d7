import Foundation
import ProgramHarness
import Testing

/// How `run --until-empty` ends if jobs are left.
@Suite struct RunEndingTests {
    private func run(_ bench: Bench, _ after: String) async throws -> Finished {
        try await bench.asinqd("run", "--until-empty", "--give-up-after", after)
    }

    @Test(
        "A product that always fails is left after the time limit, with the server's message: code 75"
    )
    func poisoned() async throws {
        let bench = try await Bench()
        let bad = asins(3)[2]
        _ = try await bench.sandbox(faults: "poison=\(bad)")
        try await bench.enqueue("images", asins(2))
        #expect(try await run(bench, "60s").code == 0)
        try await bench.enqueue("images", [bad])
        let run = try await run(bench, "3s")
        #expect(run.code == 75, "\(run)")
        #expect(
            run.errors.contains(
                "asinqd: images: 1 job left, no call answered for 3 s: \(bad) (Internal server error)."
            ), "\(run)")
        #expect(run.errors.contains("event=stopped") && run.errors.contains("reason=givenUp"))
        let open = try bench.number("SELECT count(*) FROM ledger WHERE settled_at IS NULL")
        #expect(open == 0, "a call in flight is finished first")
    }

    @Test("If no call is answered every endpoint's jobs are counted: code 75")
    func outage() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "errors=1")
        try await bench.enqueue("images", asins(30))
        try await bench.enqueue("barcodes", asins(20))
        let run = try await run(bench, "2s")
        #expect(run.code == 75, "\(run)")
        #expect(run.errors.contains("asinqd: images: 30 jobs left, no call answered for 2 s."))
        #expect(run.errors.contains("asinqd: barcodes: 20 jobs left, no call answered for 2 s."))
    }

    @Test("A wait for tomorrow's tokens, or for a job's time, ends too: code 75")
    func tomorrow() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(dailyTokens: 10)
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "10")
        try await bench.enqueue("images", asins(15))
        let pool = try await run(bench, "2s")
        #expect(pool.code == 75, "\(pool)")
        #expect(pool.errors.contains("asinqd: images: 5 jobs left, no call answered for 2 s: "))
        #expect(try await bench.asinqd("cancel", "--images").code == 0)

        try await bench.enqueue("barcodes", asins(3), "--not-before", "+2h")
        let later = try await run(bench, "1s")
        #expect(later.code == 75 && later.errors.contains("barcodes: 3 jobs left"), "\(later)")
    }

    @Test("A call that takes longer than the time limit is finished, and its answers count")
    func slow() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "latency=3000-3000")
        try await bench.enqueue("images", asins(3))
        let run = try await run(bench, "1s")
        #expect(run.code == 0, "\(run)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 3)
    }

    @Test("An empty queue is empty, whatever the time limit")
    func empty() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(1))
        #expect(try await run(bench, "1w").code == 0)
        #expect(try await run(bench, "1s").code == 0)
    }

    @Test(
        "A wait for a disk that is full from the start ends too",
        .enabled(if: geteuid() == 0, "only root can make a small disk"))
    func fullDisk() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try bench.write("asins.txt", asins(5).joined(separator: "\n"))
        let disk = try await bench.smallDisk()
        try await disk.run("$asinqd enqueue --images asins.txt > /dev/null")
        try await disk.fill()
        let code = try await disk.run("$asinqd run --until-empty --give-up-after 2s; echo $?")
        #expect(code == "75")
    }

    @Test("The time limit needs an end to give up, and a range")
    func usage() async throws {
        let bench = try await Bench()
        let alone = try await bench.asinqd("run", "--give-up-after", "30m")
        #expect(alone.code == 64 && alone.errors.contains("requires --until-empty"))
        for span in ["0s", "30", "m", "-5m", "100001w", "999999999999d", "1.5h", ""] {
            let finished = try await run(bench, span)
            #expect(
                finished.code == 64 && finished.errors.contains("Range: 0 to 100000"), "\(span)")
        }
    }

    @Test("New dead letters end a run with 1, once, with their number at each endpoint")
    func deadLetters() async throws {
        let bench = try await Bench()
        let bad = asins(3)[2]
        _ = try await bench.sandbox(faults: "reject=\(bad)")
        try await bench.enqueue("images", asins(12))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1, "\(run)")
        #expect(run.errors.contains("asinqd: images: 1 new dead letter. Try: run asinqd status"))
        try await bench.enqueue("images", asins(20..<22))
        let again = try await bench.asinqd("run", "--until-empty")
        #expect(again.code == 0 && !again.errors.contains("dead letter"), "\(again)")
    }

    @Test("Remaining paused jobs are counted, with the commands that resume them")
    func paused() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(3))
        try await bench.enqueue("barcodes", asins(20), "--label", "spring")
        try await bench.enqueue("barcodes", asins(20..<24))
        #expect(try await bench.asinqd("pause", "--images").code == 0)
        #expect(try await bench.asinqd("pause", "--label", "spring").code == 0)
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(
            run.errors.contains(
                "asinqd: images: 3 paused jobs left. Try: run asinqd resume --images."), "\(run)")
        #expect(
            run.errors.contains(
                "asinqd: barcodes: 20 paused jobs left. Try: run asinqd resume --barcodes --label 'spring'."
            ), "\(run)")
    }
}
