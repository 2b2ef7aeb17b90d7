import Foundation
import ProgramHarness
import Testing

/// The findings of `check` about lanes that make no calls, and about dead letters.
@Suite struct LaneCheckTests {
    /// Holds the lock that a daemon holds, and does nothing, like a daemon that hangs.
    private func hangingDaemon(_ bench: Bench) async throws -> Program {
        let holder = try bench.start(
            program: "/usr/bin/env",
            ["flock", bench.database + "-lock", "sh", "-c", "echo held; exec cat"], input: nil)
        _ = try await holder.output.line("held")
        return holder
    }

    private func lanes(_ bench: Bench) async throws -> [CheckFinding] {
        try await bench.check("--offline").filter { $0.subject == "lane" }
    }

    @Test(
        "A lane that is halted while jobs wait is a problem, with the provider's message and advice"
    )
    func halted() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "a-wrong-key")
        try await bench.enqueue("images", asins(5))
        #expect(try await bench.asinqd("run", "--until-empty").code == 1)
        let lanes = try await lanes(bench)
        #expect(lanes.count == 1 && lanes[0].verdict == "problem")
        for words in [
            "images: 5 jobs wait", "halted", "401: Invalid API key", "asinqd resume --images",
        ] { #expect(lanes[0].text.contains(words), "\(lanes)") }
        #expect(try await bench.asinqd("cancel", "--images").code == 0)
        #expect(try await self.lanes(bench).map(\.verdict) == ["ok"], "nothing waits any more")
    }

    @Test(
        "Jobs that wait without a daemon are a warning, and so are dead letters; paused lanes are a note"
    )
    func warnings() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        try await bench.enqueue("images", asins(2))
        try bench.execute(
            """
            UPDATE queue SET state = 'running', call_id = 1 WHERE id = 1;
            UPDATE queue SET state = 'discarded', finished_at = 7, error = 'no such thing' WHERE id = 1
            """)
        let findings = try await bench.check("--offline")
        let warnings = findings.filter { $0.verdict == "warning" }.map(\.text)
        #expect(
            warnings.contains {
                $0.hasPrefix("none is running, and 1 job waits. Try: start it with asinqd run")
            })
        let letters = try #require(warnings.first { $0.hasPrefix("images: 1 dead letter") })
        #expect(letters.contains("\(asins(1)[0]): no such thing. Try: run asinqd status"))
        #expect(letters.hasSuffix("asinqd retry --images"))
        #expect(try await bench.asinqd("pause", "--images").code == 0)
        let paused = try await lanes(bench)
        #expect(paused.map(\.verdict) == ["note"] && paused[0].text.contains("is paused"))
    }

    @Test("A daemon that makes no call for long although jobs may run is a problem")
    func stuck() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        try await bench.enqueue("images", asins(3))
        let daemon = try await hangingDaemon(bench)
        #expect(try await lanes(bench).map(\.verdict) == ["ok"], "it was enqueued just now")
        try bench.execute("UPDATE queue SET enqueued_at = enqueued_at - 570000")
        let lanes = try await lanes(bench)
        #expect(lanes.map(\.verdict) == ["problem"])
        #expect(lanes[0].text.hasPrefix("images: 3 jobs wait and may run, the daemon is running"))
        #expect(lanes[0].text.contains("no call for 10 min"), "\(lanes)")
        try await daemon.closedInput()
    }

    @Test("Calls that all fail for long are a problem, with the last error")
    func unanswered() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        try await bench.enqueue("images", asins(3))
        let daemon = try await hangingDaemon(bench)
        let now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
        for (id, minutesAgo) in [(1, 20), (2, 10), (3, 1)] {
            try bench.execute(
                """
                INSERT INTO ledger (id, account, endpoint, products, reserved, started_at, lease_until)
                VALUES (\(id), 'asinscope', 'images', '["B000000001"]', 1, \(now) + 30000 - \(minutesAgo) * 60000, \(now) + 30000);
                UPDATE ledger SET settled_at = \(now) + 30100 - \(minutesAgo) * 60000, charged = 1,
                    outcome = 'failed', http_status = 503, message = 'Service Unavailable'
                WHERE id = \(id)
                """)
            let lanes = try await lanes(bench)
            #expect(lanes.map(\.verdict) == [id < 3 ? "ok" : "problem"], "\(lanes)")
            if id < 3 { continue }
            #expect(lanes[0].text.contains("no call has succeeded for 20 min, in 3 calls"))
            #expect(lanes[0].text.contains("failed 503: Service Unavailable"), "\(lanes)")
        }
        try await daemon.closedInput()
    }
}

extension Program {
    /// Ends a program that reads until its input ends.
    fileprivate func closedInput() async throws {
        try closeInput()
        _ = try await ended()
    }
}
