import Foundation
import ProgramHarness
import ScriptedServers
import Testing

/// Faults on the way lose no job: it is done once the fault is gone.
@Suite struct FaultsTests {
    /// The fault, how the call ends, and a part of the ledger's message.
    private static let faults: [(text: String, status: Int?, message: String)] = [
        ("errors=1", nil, "message="), ("cut=1", nil, "connection_closed"),
        ("truncate=1", 200, "unreadable_body"), ("html=1", 200, "unreadable_body"),
        ("huge", nil, "body_too_large"), ("hang=1", nil, "timeout"),
    ]

    @Test("A fault's call fails, and its jobs are done later", arguments: faults.map(\.text))
    func survives(fault: String) async throws {
        let (_, status, message) = try #require(Self.faults.first { $0.text == fault })
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: fault)
        bench.set("ASINQD_ASINSCOPE_TIMEOUT_SECONDS", fault == "huge" ? "30" : "1")
        bench.set("ASINQD_LOG_LEVEL", "debug")
        try await bench.enqueue("images", asins(15))
        let daemon = try await bench.daemon()
        let line = try await daemon.errors.line("event=call ", "outcome=failed")
        #expect(line.contains("level=warning") && line.contains(message))
        let trouble = try await bench.status()["images"]?.lastTrouble
        #expect(trouble?.outcome == "failed")
        if fault != "errors=1" { #expect(trouble?.httpStatus == status) }

        try await sandbox.setFaults("none")
        // A lane that backs off continues at a resume; its jobs wait a little longer.
        try bench.execute("UPDATE queue SET not_before = 0 WHERE state = 'available'")
        #expect(try await bench.asinqd("resume", "--images").code == 0)
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 15)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(try bench.number("SELECT count(*) FROM result WHERE found = 1") == 15)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'discarded'") == 0)
    }

    @Test("A reply that stops in the middle is a timeout")
    func stalled() async throws {
        let bench = try await Bench()
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"items\":["
        let server = try ScriptedServer { _ in .beginning(Array(head.utf8)) }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: "scripted-key")
        bench.set("ASINQD_ASINSCOPE_TIMEOUT_SECONDS", "1")
        try await bench.enqueue("images", asins(1))
        let daemon = try await bench.daemon()
        let line = try await daemon.errors.line("event=call ", "outcome=failed")
        #expect(line.contains("message=timeout"))
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(server.requests.count == 1)
    }

    @Test("An item that was not requested is left out, and the others are kept")
    func foreign() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "foreign=1")
        try await bench.enqueue("barcodes", asins(12))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let products: [String] = try bench.column("SELECT product FROM result ORDER BY product")
        #expect(products == asins(12))
    }

    @Test(
        "A server that is down is an outage: nothing is lost, and work continues when it is back"
    )
    func outage() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_URL", "http://127.0.0.1:1/circana")
        try await bench.enqueue("images", asins(3))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=call ", "connection_refused")
        let words = try await bench.status()["images"]
        #expect(words?.lane.state == "backing_off")
        #expect(words?.lane.text.contains("after a failure") == true)
        #expect(try bench.number("SELECT sum(charged) FROM ledger") == 0, "none left this machine")
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)

        bench.set("ASINQD_ASINSCOPE_URL", sandbox.address)
        try bench.execute("UPDATE queue SET not_before = 0")
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "a start ends the back-off: \(run)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 3)
        let audit = try await bench.asinqd("audit")
        #expect(audit.code == 0, "\(audit)")
    }

    @Test("Another client of the same key shows as drift, and the calculations include it")
    func rival() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "rival=1000000", dailyTokens: 1_000_000)
        try await bench.enqueue("images", asins(100))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        try await bench.enqueue("images", asins(100..<200))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let last: [Int] = try bench.column("SELECT drift FROM ledger ORDER BY id DESC LIMIT 1")
        #expect(try #require(last.first) < 0)
    }
}
