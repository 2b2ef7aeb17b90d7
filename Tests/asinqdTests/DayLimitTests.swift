import Foundation
import ProgramHarness
import Sandbox
import ScriptedServers
import Testing

@Suite struct DayLimitTests {
    @Test("When the day's tokens are spent both lanes wait for the reset, and status says so")
    func spent() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(dailyTokens: 30)
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "30")
        bench.set("ASINQD_LOG_LEVEL", "debug")
        try await bench.enqueue("images", asins(30))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 30)
        try await bench.enqueue("images", asins(30..<32), "--barcodes")
        _ = try await daemon.errors.line("event=hold", "endpoint=images", "reason=daily_pool")
        _ = try await daemon.errors.line("event=hold", "endpoint=barcodes", "reason=daily_pool")
        let status = try await bench.status()
        #expect(status.pools[0].tokensLeft == 0 && status.pools[0].allowanceTokens == 30)
        let lanes = status.endpoints.prefix(2).map(\.lane)
        #expect(lanes.map(\.state) == ["daily_pool", "daily_pool"])
        #expect(lanes.allSatisfy { $0.until == status.pools[0].resetsAt })
        #expect(lanes.allSatisfy { $0.text.hasSuffix("for the daily reset") })
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        let counts = try await sandbox.counts()
        #expect(counts.images.calls == 1 && counts.barcodes.calls == 0)
        #expect(counts.images.refusedForDay == 0)
    }

    @Test("A day that the server ends before we do holds back both lanes")
    func refused() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(dailyTokens: 5)
        bench.set("ASINQD_LOG_LEVEL", "debug")
        try await bench.enqueue("images", asins(20))
        let daemon = try await bench.daemon()
        let line = try await daemon.errors.line("event=call ", "outcome=rate_limited")
        #expect(line.contains("Daily limit reached") && line.contains("status=429"))
        try await bench.enqueue("barcodes", asins(20))
        _ = try await daemon.errors.line("event=hold", "endpoint=barcodes", "reason=daily_pool")
        let status = try await bench.status()
        #expect(status["images"]?.lane.state == "rate_limited")
        #expect(status.pools[0].tokensLeft == 0)
        let jobs: [String] = try bench.column(
            "SELECT DISTINCT state || failures || snoozes FROM queue WHERE endpoint = 'images'")
        #expect(jobs == ["available01"])
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        let counts = try await sandbox.counts()
        #expect(counts.images.refusedForDay == 1 && counts.barcodes.calls == 0)
    }

    @Test("A refusal for the minute is a snooze until the server's own time, and no failure")
    func minute() async throws {
        let bench = try await Bench()
        let server = try ScriptedServer { _ in
            ScriptedServer.http(
                "429 Too Many Requests",
                """
                {"statusCode":429,"error":"Too Many Requests","message":"Not enough capacity. \
                Required: 5 images, Available: 0 images. Try again in 40 seconds"}
                """)
        }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: "scripted-key")
        try await bench.enqueue("images", asins(5))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=call ", "outcome=rate_limited")
        let lane = try await bench.status()["images"]
        #expect(lane?.lane.state == "rate_limited" && lane?.jobs["later"] == 5)
        #expect(lane?.lane.text.contains("after a refusal (429)") == true)
        let waits: [Int] = try bench.column("SELECT retry_at - settled_at FROM ledger")
        #expect(waits == [41_000])
        let jobs: [String] = try bench.column(
            "SELECT DISTINCT failures || ' ' || snoozes FROM queue")
        #expect(jobs == ["0 1"])
        #expect(try await bench.asinqd("resume", "--images").code == 0)
        #expect(
            try await bench.status()["images"]?.lane.state == "rate_limited",
            "what the server asked for stays in force")
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(server.requests.count == 1)
    }
}
