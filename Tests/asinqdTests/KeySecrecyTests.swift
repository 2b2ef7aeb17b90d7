import Foundation
import ProgramHarness
import ScriptedServers
import Testing

/// A key that is given by each route, with a search for it in everything that is written.
@Suite struct KeySecrecyTests {
    private static let canary = "CANARY-7f3a9c2e-key"

    /// Every file of the database, and its lock.
    private func isInDatabase(_ bench: Bench) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: bench.folder)
            .filter { $0.hasPrefix("queue.sqlite") }
            .contains { name in
                let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.path(name)))
                return bytes.range(of: Data(Self.canary.utf8)) != nil
            }
    }

    private func isSecret(_ finished: Finished) -> Bool {
        !finished.text.contains("CANARY") && !finished.errors.contains("CANARY")
    }

    /// Each status with the request, and so the key, repeated to the client.
    @Test(
        "A server that repeats the key gets it into no log, database or command line",
        arguments: KeyRoute.allCases,
        ["400 Bad Request", "401 Unauthorized", "500 Error", "200 OK"])
    func echo(route: KeyRoute, status: String) async throws {
        let bench = try await Bench()
        let server = try ScriptedServer { request in
            let text = String(decoding: request, as: UTF8.self)
            let body = text.split(separator: "\r\n\r\n").last.map(String.init) ?? ""
            let quoted = body.replacing("\"", with: "\\\"")
            return ScriptedServer.http(
                status, #"{"statusCode":1,"error":"E","message":"you said \#(quoted)"}"#,
                "X-Echo: \(Self.canary)")
        }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: nil)
        bench.set("ASINQD_LOG_LEVEL", "trace")
        try route.give(Self.canary, to: bench)
        try await bench.enqueue("images", asins(1))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=call ")
        #expect(server.requests[0].firstRange(of: Array(Self.canary.utf8)) != nil)
        #if os(Linux)
            let line = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(daemon.pid)/cmdline"))
            #expect(!line.isEmpty && line.range(of: Data(Self.canary.utf8)) == nil)
        #endif
        #expect(try !isInDatabase(bench))
        for arguments in [["status"], ["status", "--json"], ["ledger", "--json"], ["check"]] {
            #expect(isSecret(try await bench.asinqd(arguments)))
        }
        daemon.send(SIGTERM)
        #expect(isSecret(try await daemon.ended()))
        #expect(try !isInDatabase(bench))
    }

    /// The file as it is while a user edits it.
    @Test(
        "A settings file with a mistake does not give the key away",
        arguments: [
            "asinscope:\n  apiKey: \(canary)\n  apikey: \(canary)\n",
            "asinscope:\n  apiKey: \"\(canary)\n",
            "asinscope:\n  apiKey: \(canary): x\n",
            "asinscope:\n  apiKey: \(canary)\n\turl: x\n",
            "asinscope:\n  apiKey: \(canary)\n  apiKey: \(canary)\n",
            "asinscope:\n  apiKey: \(canary)\n url: x\n",
            "asinscope:\n  apiKey: @\(canary)\n",
            "asinscope:\n  apiKey: [\(canary)]\n",
            "asinscope:\n  apiKey: two words \(canary)\n",
            "asinscope:\n  apiKey \(canary)\n",
            "apiKey: \(canary)\n",
        ])
    func brokenFile(yaml: String) async throws {
        let bench = try await Bench()
        try bench.write("asinqd.yaml", yaml)
        for command in [["status"], ["check"], ["run", "--until-empty"]] {
            let finished = try await bench.asinqd(command + ["--config", "asinqd.yaml"])
            #expect(finished.code == 78)
            #expect(isSecret(finished), "\(finished)")
        }
    }

    @Test(
        "A key with a mistake in it is not repeated",
        arguments: ["\(canary) \(canary)", "\(canary)ü"])
    func badKey(key: String) async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", key)
        for command in [["check"], ["run"], ["status"]] {
            let finished = try await bench.asinqd(command)
            #expect(finished.code == 78 && isSecret(finished), "\(finished)")
        }
    }
}
