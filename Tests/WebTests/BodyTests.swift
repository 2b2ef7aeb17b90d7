import Foundation
import ProgramHarness
import ScriptedServers
import Testing

/// Clients that send too much, never end, or go away.
@Suite struct BodyTests {
    /// The most memory that the process ever had.
    private func memoryMaxKiB(_ service: RunningService) throws -> Int {
        let text = try String(
            contentsOfFile: "/proc/\(service.program.pid)/status", encoding: .utf8)
        return try #require(text.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) })
    }

    private func head(
        _ service: RunningService, _ path: String, type: String, _ more: String...
    ) -> String {
        let lines =
            [
                "POST \(path) HTTP/1.1", "Host: 127.0.0.1", "Content-Type: \(type)",
                "Origin: http://127.0.0.1", "Authorization: Bearer \(service.token)",
            ] + more
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    private static let places = [
        ("/api/v1/jobs", "application/json"), ("/api/v1/jobs/cancel", "application/json"),
        ("/enqueue", "application/x-www-form-urlencoded"),
        ("/jobs", "application/x-www-form-urlencoded"),
    ]

    @Test("A body that says that it is too long is refused before it is sent", arguments: places)
    func announced(path: String, type: String) async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let connection = try WebConnection(to: service.port)
        try await connection.send(
            head(service, path, type: type, "Content-Length: 999999999999"))
        let reply = try WebReply(Array(try await connection.until("\r\n\r\n").utf8))
        #expect(reply.status == 413 && reply.header("connection") == "close", "\(reply)")
    }

    @Test(
        "A body without an end ends the connection, and takes no memory", arguments: places)
    func endless(path: String, type: String) async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let before = try memoryMaxKiB(service)
        let connection = try WebConnection(to: service.port)
        try await connection.send(head(service, path, type: type, "Transfer-Encoding: chunked"))
        let chunk = "10000\r\n" + String(repeating: "[", count: 65_536) + "\r\n"
        let sent = try await connection.sendEndlessly(chunk, bytesMax: 16 << 30)
        #expect(sent < 16 << 30)
        #expect(try memoryMaxKiB(service) - before < 96 << 10, "\(sent) bytes")
        #expect(try await service.get("/healthz").status == 200)
    }

    @Test("A stream of lines takes any length, and a line without an end, in little memory")
    func stream() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let path = "/api/v1/jobs/stream?endpoint=images&dryRun=true"
        let before = try memoryMaxKiB(service)
        let connection = try WebConnection(to: service.port)
        try await connection.send(
            head(
                service, path, type: "text/plain", "Transfer-Encoding: chunked",
                "Connection: close"))
        let chunk = "100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n"
        for _ in 0..<64 { try await connection.send(chunk) }
        try await connection.send("c\r\n\nB0TE000001\n\r\n0\r\n\r\n")
        let reply = try await connection.reply()
        #expect(reply.status == 200, "\(reply)")
        #expect(try reply.json["added"] as? Int == 1 && reply.json["refusedCount"] as? Int == 1)
        #expect(try memoryMaxKiB(service) - before < 64 << 10)
    }

    @Test("A client that goes away in the middle of its body leaves the service well")
    func goneClient() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for (path, type) in Self.places + [("/api/v1/jobs/stream?endpoint=images", "text/plain")] {
            for length in ["Content-Length: 4000", "Transfer-Encoding: chunked"] {
                let connection = try WebConnection(to: service.port)
                try await connection.send(head(service, path, type: type, length) + "5\r\nB0TE0")
                var now = linger(l_onoff: 1, l_linger: 0)
                setsockopt(
                    connection.descriptor, SOL_SOCKET, SO_LINGER, &now,
                    socklen_t(MemoryLayout<linger>.size))
            }
        }
        let added = try await service.post(
            "/api/v1/jobs", #"{"endpoint": "images", "products": ["B0TE000001"]}"#)
        #expect(try added.status == 200 && added.json["added"] as? Int == 1, "\(added)")
        service.program.send(SIGTERM)
        let finished = try await service.program.ended()
        #expect(finished.code == 0 && !finished.errors.contains("Fatal"), "\(finished)")
    }

    @Test("A field that is too long, and a request that is no HTTP, end the connection")
    func heads() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for text in [
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \(String(repeating: "a", count: 40_000))\r\n\r\n",
            "GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "GET /healthz HTTP/9.9\r\n\r\n",
        ] {
            let connection = try WebConnection(to: service.port)
            try await connection.send(text)
            let bytes = try await connection.all()
            #expect(!String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 200"))
        }
        #expect(try await service.get("/healthz").status == 200)
    }

    @Test(
        "A body that is not what the request needs is refused with its place",
        arguments: [
            ("", "not valid JSON"), ("[1]", "The body is no"),
            ("{\"products\": [1]}", "products.0"),
            (#"{"endpoint": "images"}"#, "products is missing"),
            (#"{"endpoint": "images", "products": []}"#, "products is missing"),
            (#"{"endpoint": "image", "products": ["B0TE000001"]}"#, "no endpoint image"),
            (#"{"endpoint": "images", "product": ["B0TE000001"]}"#, "no field product"),
            (#"{"endpoint": "images", "products": ["B0TE000001"], "priority": 10}"#, "priority"),
            (#"{"endpoint": "images", "products": ["B0TE000001"], "pages": 2}"#, "pages"),
            (
                #"{"endpoint": "images", "products": ["B0TE000001"], "notBefore": "soon"}"#,
                "notBefore"
            ),
            (#"{"endpoint": "images", "products": ["B0TE000001"], "account": "shop"}"#, "account"),
        ])
    func wrong(body: String, words: String) async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let reply = try await service.post("/api/v1/jobs", body)
        #expect(reply.status == 400 && reply.text.contains(words), "\(reply)")
        #expect(reply.header("content-type") == "application/problem+json")
        let problem = try reply.json
        #expect(problem["status"] as? Int == 400 && problem["title"] as? String == "Bad Request")
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test("A body of another kind is refused")
    func mediaType() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for (path, type) in [
            ("/api/v1/jobs", "text/plain"), ("/api/v1/jobs", "application/x-www-form-urlencoded"),
            ("/api/v1/jobs/cancel", "text/json"),
            ("/api/v1/jobs/stream?endpoint=images", "application/json"),
        ] {
            let reply = try await service.ask("POST", path, "{}", type: type)
            #expect(reply.status == 415, "\(path) \(type): \(reply)")
        }
    }
}
