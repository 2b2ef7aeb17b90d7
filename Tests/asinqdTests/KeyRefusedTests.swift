import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct KeyRefusedTests {
    private func refused() async throws -> (Bench, RunningSandbox) {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "a-wrong-key")
        try await bench.enqueue("images", asins(5))
        return (bench, sandbox)
    }

    @Test("A refused key halts the lane, and a run until empty fails")
    func untilEmpty() async throws {
        let (bench, sandbox) = try await refused()
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1)
        #expect(
            run.errors.contains(
                "The provider rejected the key or the address, and jobs are still queued."))
        let status = try await bench.status()
        #expect(status["images"]?.lane.state == "halted")
        #expect(status["images"]?.lastTrouble?.httpStatus == 401)
        #expect(status["images"]?.lastTrouble?.message == "Invalid API key")
        let words = try await bench.asinqd("status").unwrapped
        #expect(words.contains("halted: the provider rejected the key"))
        let job: [String] = try bench.column(
            "SELECT DISTINCT state || failures || snoozes FROM queue")
        #expect(job == ["available00"])

        bench.set("ASINQD_ASINSCOPE_API_KEY", "sandbox")
        let again = try await bench.asinqd("run", "--until-empty")
        #expect(again.code == 0, "a start tries again: \(again)")
        #expect(try await sandbox.counts().images.statuses == [401: 1, 200: 1])
    }

    @Test("A halted daemon keeps running, and tries once more at each resume")
    func resume() async throws {
        let (bench, sandbox) = try await refused()
        bench.set("ASINQD_LOG_LEVEL", "debug")
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=call ", "outcome=unauthorized", "status=401")
        _ = try await daemon.errors.line("event=hold", "reason=halted")
        try await bench.enqueue("images", asins(5..<6))
        #expect(try await sandbox.counts().images.calls == 1)
        let resumed = try await bench.asinqd("resume", "--images")
        #expect(resumed.text == "images: resumed\n")
        try await bench.until("SELECT count(*) FROM ledger WHERE outcome = 'unauthorized'", is: 2)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(try await sandbox.counts().images.statuses == [401: 2])
    }
}
