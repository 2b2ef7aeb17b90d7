import Foundation
import ProgramHarness
import Testing

@Suite struct WebSecrecyTests {
    private static let key = "CANARY-51c07be2-key"

    @Test("No response and no log line has a provider's key, a proxy's password or a token")
    func everywhere() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        try await bench.enqueue("images", asins(3), "--label", "spring")
        bench.set("ASINQD_ASINSCOPE_API_KEY", "sandbox")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        try bench.useTokens(
            ["reader"],
            more: """
                asinscope: {apiKey: \(Self.key)}
                upcitemdb: {plan: dev, userKey: \(Self.key)}
                network: {proxy: "http://user:CANARY-password@127.0.0.1:1"}
                """)
        bench.set("ASINQD_LOG_LEVEL", "trace")
        let service = try await bench.serve()
        let secrets = ["CANARY", service.token, Bench.token(of: "reader")]
        func expectClean(_ text: String, _ place: String) {
            for secret in secrets { #expect(!text.contains(secret), "\(place)") }
        }
        var paths = try await service.routes().filter { $0.method == "GET" }.map(\.example)
        paths.removeAll { $0.hasSuffix("/events") }
        paths += [
            "/", "/plan", "/jobs", "/jobs/1", "/ledger", "/ledger/1", "/results", "/labels",
            "/failures", "/limits", "/audit", "/enqueue", "/assets/app.js", "/nowhere",
            "/api/v1/results?format=ndjson", "/api/v1/results?format=csv&endpoint=images",
            "/api/v1/jobs?x=\(service.token)", "/?token=wrong-\(service.token.dropLast(4))",
        ]
        for path in paths {
            let reply = try await service.get(path)
            // An error repeats a part of the address, which may be anything that the client sent.
            let sent = path.contains("?x=")
            if !sent { expectClean(reply.description + reply.text, path) }
            #expect(reply.status < 500, "\(path): \(reply)")
        }
        let signIn = try await service.get("/?token=\(service.token)", token: "")
        #expect(signIn.status == 303)
        _ = try await service.get("/api/v1/status", token: "CANARY-wrong-0123456789")
        let events = try WebConnection(to: service.port)
        try await events.send(service.request("GET", "/api/v1/events"))
        expectClean(try await events.until("\n\n"), "events")
        service.program.send(SIGTERM)
        let finished = try await service.program.ended()
        expectClean(finished.errors, "log: \(finished.errors)")
        #expect(finished.lines.count == 1)
        _ = sandbox
    }
}
