import ProgramHarness
import Testing

@Suite struct RoleTests {
    private static let roles = ["reader", "producer", "operator"]

    /// The status of a response whose body may never end.
    private func status(
        _ service: RunningService, _ route: WebRoute, token: String
    ) async throws -> Int {
        let connection = try WebConnection(to: service.port)
        let body = route.method == "GET" ? nil : "{}"
        try await connection.send(
            service.request(route.method, route.example, body, token: token))
        return try WebReply(Array(try await connection.until("\r\n\r\n").utf8)).status
    }

    @Test("Every route lets in exactly the roles that its description names")
    func everyRoute() async throws {
        let bench = try await Bench()
        try bench.useTokens(Self.roles)
        let service = try await bench.serve()
        for route in try await service.routes() {
            let needed = route.role.flatMap(Self.roles.firstIndex(of:))
            #expect((route.role == nil) == (needed == nil), "\(route)")
            let anonymous = try await status(service, route, token: "")
            #expect((anonymous == 401) == (needed != nil), "\(route): \(anonymous)")
            let wrong = try await status(service, route, token: "wrong-0123456789abcdef")
            #expect(wrong == 401, "\(route): \(wrong)")
            for (rank, role) in Self.roles.enumerated() {
                let answer = try await status(service, route, token: Bench.token(of: role))
                let mayPass = rank >= needed ?? 0
                #expect((answer == 403) == !mayPass, "\(route) as \(role): \(answer)")
                #expect(answer != 401 && answer < 500, "\(route) as \(role): \(answer)")
            }
        }
    }

    @Test("Readers get, producers also add jobs, operators change them; health needs no token")
    func contract() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for route in try await service.routes() {
            let expected: String? =
                switch (route.method, route.path) {
                case (_, "/healthz"), (_, "/readyz"), (_, "/openapi.json"): nil
                case ("GET", _): "reader"
                case ("POST", "/api/v1/jobs"), ("POST", "/api/v1/jobs/stream"): "producer"
                default: "operator"
                }
            #expect(route.role == expected, "\(route)")
        }
    }

    @Test("A reader's pages have no forms that change something, and the forms refuse a reader")
    func pages() async throws {
        let bench = try await Bench()
        try bench.useTokens(Self.roles)
        let service = try await bench.serve()
        try await bench.enqueue("images", asins(3), "--label", "spring")
        let own = "Origin: http://127.0.0.1:\(service.port)"
        for (role, mayAdd, mayChange) in [
            ("reader", false, false), ("producer", true, false), ("operator", true, true),
        ] {
            let token = Bench.token(of: role)
            let enqueue = try await service.get("/enqueue", token: token)
            #expect(enqueue.text.contains("<textarea") == mayAdd, "\(role)")
            let jobs = try await service.get("/jobs", token: token)
            #expect(jobs.text.contains("method=\"post\"") == mayChange, "\(role)")
            let added = try await service.ask(
                "POST", "/enqueue", "endpoint=images&products=B0TE000009",
                type: "application/x-www-form-urlencoded", token: token, headers: [own])
            #expect(added.status == (mayAdd ? 200 : 403), "\(role): \(added)")
            let changed = try await service.ask(
                "POST", "/jobs", "label=spring&scope=all&change=pause",
                type: "application/x-www-form-urlencoded", token: token, headers: [own])
            #expect(changed.status == (mayChange ? 200 : 403), "\(role): \(changed)")
        }
        #expect(try bench.number("SELECT count(*) FROM queue WHERE not_before > 4e12") == 0)
    }

    @Test("A service that only reads refuses every change, to an operator too")
    func readOnly() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2), "--label", "spring")
        let service = try await bench.serve("--read-only")
        let body = #"{"endpoint": "images", "products": ["B0TE000007"], "label": "spring"}"#
        for route in try await service.routes() where route.method == "POST" {
            let type = route.mediaTypes[0]
            let path = route.path + (route.path.hasSuffix("stream") ? "?endpoint=images" : "")
            let reply = try await service.ask("POST", path, body, type: type)
            #expect(reply.status == 403 && reply.text.contains("read-only"), "\(route): \(reply)")
        }
        for path in ["/jobs", "/enqueue"] {
            let form = "label=spring&scope=all&change=cancel&confirmed=1&endpoint=images&products=x"
            let reply = try await service.ask(
                "POST", path, form, type: "application/x-www-form-urlencoded",
                headers: ["Origin: http://127.0.0.1:\(service.port)"])
            #expect(reply.status == 403 && reply.text.contains("read-only"), "\(path): \(reply)")
        }
        #expect(try await service.get("/api/v1/jobs").items.count == 2)
        #expect(try await service.get("/").text.contains("read-only"))
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'available'") == 2)
    }
}
