import Foundation
import GRDB
import ProgramHarness
import ScriptedServers
import Testing

@Suite struct ResultTests {
    /// Stores results as the daemon would.
    private static func store(
        _ range: Range<Int>, of endpoint: String = "images", in queue: DatabaseQueue
    )
        throws
    {
        try queue.write { db in
            for number in range {
                let digits = String(number)
                let product = "B0TE" + String(repeating: "0", count: 6 - digits.count) + digits
                try db.execute(
                    sql: """
                        INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
                        VALUES (?, ?, 1, ?, 1750000000000, 1)
                        """,
                    arguments: [
                        endpoint, product,
                        #"{"asin":"\#(product)","title":"Ti,tle \#(number) \"é\"","images":["https://img.example/\#(number).jpg"]}"#,
                    ])
            }
        }
    }

    private func bench(_ count: Int) async throws -> Bench {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        if count > 0 { try Self.store(0..<count, in: bench.open()) }
        return bench
    }

    private static func products(_ lines: [String]) throws -> [String] {
        try lines.compactMap { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["product"] as? String
        }
    }

    @Test(
        "Pages hold each result once in the order of storing, and the last cursor finds later ones")
    func pages() async throws {
        let bench = try await bench(23)
        let service = try await bench.serve()
        var (cursor, seen): (String?, [String]) = (nil, [])
        for expected in [10, 10, 3, 0, 0] {
            let page = try await service.get(
                "/api/v1/results?endpoint=images&limit=10" + (cursor.map { "&after=\($0)" } ?? ""))
            let items = try page.items
            #expect(items.count == expected, "\(page)")
            seen += items.compactMap { $0["product"] as? String }
            cursor = try #require(page.json["cursor"] as? String)
        }
        #expect(seen == asins(23))
        try Self.store(100..<102, in: bench.open())
        let later = try await service.get("/api/v1/results?after=\(cursor ?? "")")
        #expect(try later.items.compactMap { $0["asin"] as? String } == asins(100..<102))
    }

    @Test("A stream of JSON lines ends with the cursor, from which the next one continues")
    func lines() async throws {
        let bench = try await bench(1_203)
        let service = try await bench.serve()
        let all = try await service.get("/api/v1/results?format=ndjson")
        #expect(all.status == 200 && all.header("content-type") == "application/x-ndjson")
        let lines = all.text.split(separator: "\n").map(String.init)
        #expect(lines.count == 1_204 && all.isComplete)
        #expect(try Self.products(lines) == asins(1_203))
        let first = try await service.get("/api/v1/results?format=ndjson&limit=700")
        var parts = first.text.split(separator: "\n").map(String.init)
        let cursor = try #require(
            parts.last.flatMap { $0.firstMatch(of: /^\{"cursor":"(\d+)"\}$/) }?.1)
        let second = try await service.get("/api/v1/results?format=ndjson&after=\(cursor)")
        parts.removeLast()
        #expect(parts.count == 700)
        #expect(
            try Self.products(parts + second.text.split(separator: "\n").map(String.init))
                == asins(1_203))
        let command = try await bench.asinqd("results", "--images", "--format", "jsonl")
        #expect(command.lines.count == 1_203)
    }

    @Test("CSV is the command's own, with the cursor in the trailer")
    func csv() async throws {
        let bench = try await bench(603)
        let service = try await bench.serve()
        let all = try await service.get("/api/v1/results?format=csv&endpoint=images")
        #expect(all.header("content-type") == "text/csv; charset=utf-8")
        #expect(all.header("trailer") == "Asinqd-Cursor")
        let command = try await bench.asinqd("results", "--images", "--format", "csv")
        #expect(
            Set(all.text.split(whereSeparator: \.isNewline))
                == Set(command.text.split(whereSeparator: \.isNewline)))
        let cursor = try #require(all.trailer("asinqd-cursor"), "\(all.trailers)")
        try Self.store(700..<701, in: bench.open())
        let rest = try await service.get(
            "/api/v1/results?format=csv&endpoint=images&after=\(cursor)")
        #expect(rest.text.split(whereSeparator: \.isNewline).count == 2, "\(rest)")
        #expect(rest.text.contains("B0TE000700"))
    }

    @Test(
        "A request that waits is answered as soon as a result is stored",
        arguments: ["json", "ndjson", "csv"])
    func waiting(format: String) async throws {
        let bench = try await bench(2)
        let service = try await bench.serve()
        let cursor = try #require(
            try await service.get("/api/v1/results").json["cursor"] as? String)
        let connection = try WebConnection(to: service.port)
        let began = ContinuousClock.now
        try await connection.send(
            service.request(
                "GET",
                "/api/v1/results?endpoint=images&format=\(format)&after=\(cursor)&wait=60"))
        // The service has read the request once a later one on another connection is answered.
        #expect(try await service.get("/healthz").status == 200)
        try Self.store(50..<51, in: bench.open())
        let reply = try await connection.reply()
        #expect(reply.text.contains("B0TE000050"), "\(reply)")
        #expect(ContinuousClock.now - began < .seconds(40))
    }

    @Test("A request that waits in vain is answered at its time, with the same cursor")
    func waitingInVain() async throws {
        let bench = try await bench(2)
        let service = try await bench.serve()
        let cursor = try #require(
            try await service.get("/api/v1/results").json["cursor"] as? String)
        let began = ContinuousClock.now
        let reply = try await service.get("/api/v1/results?after=\(cursor)&wait=1")
        #expect(ContinuousClock.now - began >= .seconds(1))
        #expect(try reply.items.isEmpty && reply.json["cursor"] as? String == cursor, "\(reply)")
    }

    @Test("One product's result says whether it was found, is awaited, or was never asked")
    func single() async throws {
        let bench = try await bench(0)
        let service = try await bench.serve()
        let path = "/api/v1/results/images/"
        let open = try await service.get(path + "b0te000000?wait=1")
        #expect(try open.status == 200 && open.json["found"] as? Bool == false, "\(open)")
        #expect(try open.json["state"] as? String == "ready" && open.json["jobID"] as? Int == 1)
        #expect(try await service.get(path + "B0TE000009").status == 404)
        let connection = try WebConnection(to: service.port)
        try await connection.send(service.request("GET", path + "B0TE000000?wait=60"))
        #expect(try await service.get("/healthz").status == 200)
        try Self.store(0..<1, in: bench.open())
        let found = try await connection.reply()
        #expect(try found.json["found"] as? Bool == true, "\(found)")
    }

    @Test("A reader that goes away in the middle of a stream leaves the service well")
    func brokenPipe() async throws {
        let bench = try await bench(20_000)
        let service = try await bench.serve()
        let sockets = try service.socketCount
        for format in ["ndjson", "csv"] {
            for _ in 0..<3 {
                let connection = try WebConnection(to: service.port)
                try await connection.send(
                    service.request("GET", "/api/v1/results?endpoint=images&format=\(format)"))
                _ = try await connection.until("B0TE00000")
                var now = linger(l_onoff: 1, l_linger: 0)
                setsockopt(
                    connection.descriptor, SOL_SOCKET, SO_LINGER, &now,
                    socklen_t(MemoryLayout<linger>.size))
            }
        }
        let all = try await service.get("/api/v1/results?format=ndjson")
        #expect(all.isComplete && all.body.count(where: { $0 == 0x0A }) == 20_001)
        try await service.untilSockets(sockets)
        service.program.send(SIGTERM)
        let finished = try await service.program.ended()
        #expect(finished.code == 0, "\(finished)")
        #expect(!finished.errors.contains("error"), "\(finished.errors)")
    }

    @Test(
        "A stream whose database becomes unreadable breaks off, so that no reader takes it for all")
    func brokenOff() async throws {
        let bench = try await bench(40_000)
        let service = try await bench.serve()
        let connection = try WebConnection(to: service.port)
        try await connection.send(service.request("GET", "/api/v1/results?format=ndjson"))
        let start = try await connection.until("B0TE00000")
        for end in ["", "-wal", "-shm"] { unlink(bench.database + end) }
        let reply = try WebReply(Array(start.utf8) + (try await connection.all()))
        #expect(
            !reply.isComplete || reply.text.contains("{\"cursor\":"), "\(reply.text.suffix(200))")
    }
}
