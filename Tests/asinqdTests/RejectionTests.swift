import Foundation
import ProgramHarness
import ScriptedServers
import Testing

/// Servers that reject, redirect or intercept: their replies must cost no job.
@Suite struct RejectionTests {
    private func bench(
        jobs: Int, path: String = "", _ reply: @escaping @Sendable () -> ScriptedServer.Reply
    ) async throws -> (Bench, ScriptedServer) {
        let bench = try await Bench()
        let server = try ScriptedServer { _ in reply() }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)\(path)", key: "rejection-test")
        try await bench.enqueue("images", asins(jobs))
        return (bench, server)
    }

    private func states(_ bench: Bench) throws -> [String] {
        try bench.column("SELECT DISTINCT state || failures FROM queue")
    }

    @Test("A server that rejects everything halts the lane, and no job is discarded")
    func upgrade() async throws {
        let (bench, server) = try await bench(jobs: 200) {
            ScriptedServer.http(
                "400 Bad Request",
                #"{"statusCode":400,"error":"Bad Request","message":"Service is being upgraded"}"#)
        }
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1, "\(run)")
        #expect(run.errors.contains("event=halted"))
        #expect(server.requests.count <= 12, "\(server.requests.count) calls")
        #expect(try states(bench) == ["available0"])
        let status = try await bench.asinqd("status").unwrapped
        #expect(
            status.contains("halted: asinscope rejected 3 products in a row"))
        #expect(status.contains("Service is being upgraded"))
        #expect(try await bench.asinqd("audit").code == 0)
        // It still rejects: three more calls, and still no dead letter.
        let again = try await bench.asinqd("run", "--until-empty")
        #expect(again.code == 1)
        #expect(try states(bench) == ["available0"])
    }

    @Test(
        "A wrong address halts the lane; nothing is charged, and the message has the address",
        arguments: [
            (
                "404 Not Found",
                #"{"statusCode":404,"error":"Not Found","message":"Cannot POST /x"}"#
            ),
            ("301 Moved Permanently", ""), ("302 Found", "<html>moved</html>"),
            ("307 Temporary Redirect", ""), ("308 Permanent Redirect", ""),
            ("405 Method Not Allowed", "<html>405</html>"), ("410 Gone", ""),
        ])
    func address(status: String, body: String) async throws {
        let target = "https://www.example.com/login"
        let (bench, server) = try await bench(jobs: 3, path: "/circana/wrong") {
            ScriptedServer.http(status, body, "Location: \(target)")
        }
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1, "\(run)")
        let url = "http://127.0.0.1:\(server.port)/circana/wrong/images"
        for words in ["event=halted", "asinscope.url", url, target] {
            #expect(run.errors.contains(words), "\(words): \(run.errors)")
        }
        #expect(server.requests.count == 1)
        #expect(try bench.column("SELECT charged FROM ledger") == [0])
        #expect(try states(bench) == ["available0"])
        let text = try await bench.asinqd("status").unwrapped
        #expect(
            text.contains("halted: the provider's address is wrong (\(status.prefix(3)))"))
        #expect(text.contains("set asinscope.url") && text.contains(url))
        #expect(try await bench.asinqd("audit").code == 0)
    }

    @Test(
        "After a gateway's page in place of the API's refusal the lane waits",
        arguments: ["401 Unauthorized", "403 Forbidden", "404 Not Found"])
    func gateway(status: String) async throws {
        let (bench, server) = try await bench(jobs: 3) {
            ScriptedServer.http(status, "<html><title>Just a moment...</title></html>")
        }
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NOT NULL", is: 2)
        let text = try await bench.asinqd("status").unwrapped
        #expect(
            text.contains(
                "a gateway between asinqd and asinscope refuses calls (\(status.prefix(3)))"))
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(server.requests.count >= 2)
        #expect(try bench.column("SELECT DISTINCT outcome || charged FROM ledger") == ["failed0"])
        #expect(try bench.column("SELECT max(failures) FROM queue") == [1])
        #expect(try await bench.asinqd("audit").code == 0)
    }

    @Test("No call leaves before the Retry-After of a 503")
    func retryAfter() async throws {
        let (bench, server) = try await bench(jobs: 3) {
            ScriptedServer.http("503 Service Unavailable", "down", "Retry-After: 3000")
        }
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NOT NULL", is: 1)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(server.requests.count == 1)
        #expect(
            try bench.column("SELECT (retry_at - settled_at) / 1000 FROM ledger") == [3_000])
    }

    @Test("A balance below zero shows as an empty pool")
    func negative() async throws {
        let (bench, server) = try await bench(jobs: 1) {
            ScriptedServer.http(
                "200 OK", #"{"items":[],"dailyTokensLeft":-37,"msBeforeNextDailyToken":60000}"#)
        }
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(server.requests.count == 1)
        #expect(
            try await bench.asinqd("status").unwrapped.contains(" 0 of 1,000,000 tokens remaining"))
    }
}
