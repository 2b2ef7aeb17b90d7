import Foundation
import ProgramHarness
import Testing

@Suite struct HealthTests {
    @Test("Health is plain text without a token")
    func health() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for path in ["/healthz", "/readyz"] {
            let reply = try await service.get(path, token: "")
            #expect(reply.status == 200 && reply.text == "ok\n", "\(reply)")
        }
    }

    @Test("Metrics need a reader's token, unless they are opened")
    func metrics() async throws {
        let bench = try await Bench()
        try bench.useTokens(["reader"])
        let service = try await bench.serve()
        #expect(try await service.get("/metrics", token: "").status == 401)
        #expect(try await service.get("/metrics", token: Bench.token(of: "reader")).status == 200)
        let open = try await bench.serve("--open-metrics")
        let reply = try await open.get("/metrics", token: "")
        #expect(reply.status == 200 && reply.text.contains("\nasinqd_build_info{"), "\(reply)")
        #expect(try await open.get("/api/v1/status", token: "").status == 401)
    }

    @Test("Metrics come in the format that the client accepts")
    func formats() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let plain = try await service.get("/metrics")
        #expect(plain.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(!plain.text.contains("# EOF"))
        let open = try await service.get(
            "/metrics", headers: ["Accept: application/openmetrics-text; version=1.0.0"])
        #expect(open.header("content-type")?.contains("application/openmetrics-text") == true)
        #expect(open.text.hasSuffix("# EOF\n"))
    }

    @Test("A user's label is never in the metrics")
    func labels() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3), "--label", "secret-project")
        let service = try await bench.serve()
        #expect(try await service.get("/metrics").text.contains("asinqd_jobs{"))
        #expect(try await !service.get("/metrics").text.contains("secret-project"))
    }
}
