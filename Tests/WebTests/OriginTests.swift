import ProgramHarness
import Testing

@Suite struct OriginTests {
    @Test("A name that another site lets lead here is refused, on every path")
    func host() async throws {
        let bench = try await Bench()
        try bench.write("asinqd.yaml", "serve: {hosts: \"queue.example, other.example\"}\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        let service = try await bench.serve()
        for (host, status) in [
            ("127.0.0.1:\(service.port)", 200), ("localhost", 200), ("localhost:1", 200),
            ("[::1]:\(service.port)", 200), ("queue.example", 200), ("OTHER.example:443", 200),
            ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example", 421),
            ("queue.example.evil", 421), ("192.0.2.1", 421), ("127.0.0.1:80a", 400),
        ] {
            let reply = try await service.get("/api/v1/status", headers: ["Host: \(host)"])
            #expect(reply.status == status, "\(host): \(reply)")
            let health = try await service.get("/healthz", token: "", headers: ["Host: \(host)"])
            #expect(health.status == status, "\(host)")
        }
        let connection = try WebConnection(to: service.port)
        try await connection.send("GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
        #expect(try await connection.reply().status == 400)
    }

    @Test("A page of another site gets nothing, with a token or with the cookie")
    func origin() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let own = "http://127.0.0.1:\(service.port)"
        let cookie = "Cookie: asinqd=\(service.token)"
        for (origin, withToken, withCookie) in [
            (own, 200, 200), ("http://evil.example", 403, 403), ("null", 403, 403),
            ("http://127.0.0.1.evil.example:\(service.port)", 403, 403), ("", 403, 403),
            // Another program of this host must not use the browser's cookie.
            ("http://127.0.0.1:1", 200, 403), ("http://localhost:\(service.port)", 200, 403),
        ] {
            let field = "Origin: \(origin)"
            let bearer = try await service.get("/api/v1/status", headers: [field])
            #expect(bearer.status == withToken, "\(origin): \(bearer)")
            let page = try await service.get("/", token: "", headers: [field, cookie])
            #expect(page.status == withCookie, "\(origin): \(page)")
            #expect(bearer.header("access-control-allow-origin") == nil)
        }
    }

    @Test("A form that does not say which page sent it is refused")
    func form() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let cookie = "Cookie: asinqd=\(service.token)"
        for path in ["/enqueue", "/jobs"] {
            let reply = try await service.ask(
                "POST", path, "endpoint=images&products=B0TE000001&confirmed=1",
                type: "application/x-www-form-urlencoded", token: "", headers: [cookie])
            #expect(reply.status == 403, "\(reply)")
            let other = try await service.ask(
                "POST", path, "endpoint=images&products=B0TE000001&confirmed=1",
                type: "application/x-www-form-urlencoded", token: "",
                headers: [cookie, "Origin: https://evil.example"])
            #expect(other.status == 403, "\(other)")
        }
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test("Every response forbids scripts of others, frames, and copies in caches")
    func fields() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for (path, token) in [
            ("/", nil), ("/", ""), ("/api/v1/status", nil), ("/nowhere", nil),
            ("/assets/app.js", ""),
            ("/healthz", ""), ("/api/v1/jobs?limit=0", nil),
        ] {
            let reply = try await service.get(path, token: token)
            let policy = try #require(reply.header("content-security-policy"))
            #expect(policy.contains("default-src 'self'") && !policy.contains("unsafe"))
            #expect(
                policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"))
            #expect(reply.header("x-content-type-options") == "nosniff")
            #expect(reply.header("referrer-policy") == "same-origin")
            #expect(reply.header("cache-control") == "no-store")
        }
    }
}
