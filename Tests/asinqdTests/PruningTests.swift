import Foundation
import ProgramHarness
import Testing

/// Finished rows that are old are deleted, by command and by the daemon itself.
@Suite struct PruningTests {
    /// Jobs that were cancelled this many days ago; pruning at 30 days keeps the last one.
    private static let daysAgo = [1_000, 400, 40, 31, 29]

    private func bench(jobs: Int = 5) async throws -> Bench {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "unused")
        try await bench.enqueue("images", asins(jobs))
        try bench.execute(
            """
            UPDATE queue SET state = 'cancelled', finished_at =
                CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)
                - 86400000 * (json_array(\(Self.daysAgo.map(String.init).joined(separator: ", ")))
                              ->> min(id - 1, 4))
            """)
        return bench
    }

    private func left(_ bench: Bench) throws -> Int {
        try bench.number("SELECT count(*) FROM queue")
    }

    @Test(
        "Without options, prune deletes rows that are old by the settings: by default after 30 days"
    )
    func settings() async throws {
        let bench = try await bench()
        bench.set("ASINQD_KEEP_JOBS_DAYS", "0")
        #expect(
            try await bench.asinqd("prune").text
                == "deleted 0 jobs, 0 dead letters, 0 ledger entries, 0 rejected rows\n")
        for (days, remaining) in [("999", 4), (nil, 1), ("29", 0)] {
            bench.set("ASINQD_KEEP_JOBS_DAYS", days)
            let prune = try await bench.asinqd("prune")
            #expect(prune.code == 0 && prune.text.hasPrefix("deleted "), "\(prune)")
            #expect(try left(bench) == remaining, "\(days ?? "")")
        }
    }

    @Test("The options name everything that is deleted; the settings do not add to it")
    func options() async throws {
        let bench = try await bench()
        #expect(try await bench.asinqd("prune", "--ledger", "1d").code == 0)
        #expect(try left(bench) == 5)
        let prune = try await bench.asinqd("prune", "--jobs", "35d", "--json")
        #expect(prune.text.contains(#""jobs" : 3"#), "\(prune)")
        #expect(try left(bench) == 2)
    }

    @Test("The daemon prunes by itself, in more than one transaction, while it works")
    func daemon() async throws {
        let bench = try await bench(jobs: 2_504)
        _ = try await bench.sandbox()
        bench.set("ASINQD_KEEP_JOBS_DAYS", "20")
        try await bench.enqueue("images", asins(3_000..<3_010))
        let daemon = try await bench.daemon()
        let line = try await daemon.errors.line("event=pruned")
        #expect(line.contains(" dead_letters=0 jobs=2504 ledger_entries=0"), "\(line)")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 10)
        #expect(try left(bench) == 10)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    /// A row that the inbox rejected, from this many days ago.
    private func reject(_ bench: Bench, daysAgo: [Int]) throws {
        for days in daysAgo {
            try bench.execute(
                """
                INSERT INTO inbox (endpoint, product) VALUES ('images', 'row of \(days)');
                UPDATE rejected SET at = at - 86400000 * \(days) WHERE product = 'row of \(days)'
                """)
        }
    }

    @Test("Rejected rows are deleted after 30 days, or after the setting's or option's age")
    func rejected() async throws {
        let bench = try await bench()
        let left = "SELECT product FROM rejected ORDER BY id"
        try reject(bench, daysAgo: [400, 31, 29, 1])
        bench.set("ASINQD_KEEP_JOBS_DAYS", "0")
        bench.set("ASINQD_KEEP_REJECTED_DAYS", "0")
        #expect(try await bench.asinqd("prune").text.contains(" 0 rejected rows\n"))
        bench.set("ASINQD_KEEP_REJECTED_DAYS", "399")
        let dry = try await bench.asinqd("prune", "--dry-run")
        #expect(dry.text.hasPrefix("would delete 0 jobs,"))
        #expect(dry.text.hasSuffix(" 1 rejected row\n"), "\(dry)")
        bench.set("ASINQD_KEEP_REJECTED_DAYS", nil)
        #expect(try await bench.asinqd("prune").text.hasSuffix(" 2 rejected rows\n"))
        #expect(try bench.column(left) == ["row of 29", "row of 1"])
        let prune = try await bench.asinqd("prune", "--rejected", "2d", "--json")
        #expect(prune.text.contains(#""rejectedRows" : 1"#), "\(prune)")
        #expect(try bench.column(left) == ["row of 1"])
    }

    @Test("The daemon deletes rejected rows by itself")
    func rejectedDaily() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(1))
        try reject(bench, daysAgo: [31, 29])
        let daemon = try await bench.daemon()
        let line = try await daemon.errors.line("event=pruned")
        #expect(line.contains(" rejected_rows=1"), "\(line)")
        #expect(try bench.column("SELECT product FROM rejected") == ["row of 29"])
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A reload changes how long rows are kept")
    func reload() async throws {
        let bench = try await bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_KEEP_JOBS_DAYS", nil)
        try bench.write("asinqd.yaml", "keep:\n  jobsDays: 0\n  deadLettersDays: 1\n")
        let daemon = try await bench.daemon("--config", "asinqd.yaml")
        #expect(try left(bench) == 5)
        try bench.write("asinqd.yaml", "keep:\n  jobsDays: 30\n")
        daemon.send(SIGHUP)
        let line = try await daemon.errors.line("event=pruned")
        #expect(line.contains("jobs=4 "))
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("Impossible ages are rejected", arguments: ["-1", "1.5", "a", "36501"])
    func badDays(days: String) async throws {
        let bench = try await bench()
        bench.set("ASINQD_KEEP_JOBS_DAYS", days)
        let prune = try await bench.asinqd("prune")
        #expect(prune.code == 78 && prune.errors.contains("keep.jobsDays"), "\(prune)")
        #expect(prune.errors.contains("36500"))
        #expect(try left(bench) == 5)
    }

    @Test("An age of m alone is rejected, and --dry-run counts the rows to delete")
    func ages() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        #expect(try await bench.asinqd("cancel", "--images").code == 0)
        for option in ["--jobs", "--dead-letters", "--ledger", "--rejected"] {
            let minutes = try await bench.asinqd("prune", option, "1m")
            #expect(
                minutes.code == 64 && minutes.errors.contains("minutes or months"), "\(minutes)")
        }
        let dry = try await bench.asinqd("prune", "--jobs", "0s", "--dry-run")
        #expect(dry.code == 0 && dry.text.contains("would delete 3 jobs"), "\(dry)")
        #expect(try bench.number("SELECT count(*) FROM queue") == 3)
    }
}
