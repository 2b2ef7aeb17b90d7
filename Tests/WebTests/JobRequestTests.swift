import Foundation
import GRDB
import ProgramHarness
import Testing

/// Requests that add and change jobs.
@Suite struct JobRequestTests {
    private static let columns =
        "SELECT endpoint || ' ' || product || ' ' || priority || ' ' || coalesce(label, '-') FROM queue ORDER BY 1"

    @Test("POST /jobs adds what the command adds, and refuses what it refuses")
    func sameAsCommand() async throws {
        let lines =
            asins(30) + [" b0te000007 ", "B0TE000031", "not-an-asin", "B0TE0000", "B0TE000031"]
        let bench = try await Bench()
        let enqueue = ["enqueue", "--images", "--barcodes", "--label", "spring", "--priority", "3"]
        let finished = try await bench.asinqd(
            enqueue + ["--json", "--database", "other.sqlite"], input: lines.joined(separator: "\n")
        )
        let service = try await bench.serve()
        let products = try JSONSerialization.data(withJSONObject: lines)
        let reply = try await service.post(
            "/api/v1/jobs",
            #"{"endpoints": ["images", "barcodes"], "label": "spring", "priority": 3, "products": \#(String(decoding: products, as: UTF8.self))}"#
        )
        #expect(reply.status == 200, "\(reply)")
        let own: [String] = try bench.column(Self.columns)
        let other = try await bench.open("other.sqlite").read {
            try String.fetchAll($0, sql: Self.columns)
        }
        #expect(own == other && own.count == 62)
        let answer = try reply.json
        #expect(answer["added"] as? Int == 62, "\(reply)")
        let refused = try #require(answer["refused"] as? [[String: Any]])
        #expect(refused.map { $0["index"] as? Int } == [32, 33])
        #expect(refused.map { $0["product"] as? String } == ["not-an-asin", "B0TE0000"])
        #expect(answer["refusedCount"] as? Int == 2)
        let report = try #require(finished.json() as? [String: Any])
        #expect(report["badLines"] as? Int == 2)
        let bad = report["firstBadLines"] as? [[String: Any]]
        let reason = try #require(bad?.first?["reason"] as? String)
        #expect(reason.hasPrefix(try #require(refused[0]["message"] as? String)))
        let again = try await service.post(
            "/api/v1/jobs", #"{"endpoint": "images", "products": ["B0TE000001", "B0TE000099"]}"#)
        #expect(try again.json["added"] as? Int == 1 && again.json["alreadyOpen"] as? Int == 1)
    }

    @Test(
        "POST /jobs/stream adds the same lines, as text and as JSON",
        arguments: [
            ("text/plain", "B0TE000001\r\n\n b0te000002\nbad\nB0TE000003"),
            ("text/plain; charset=utf-8", "B0TE000001\nB0TE000002\nbad\nB0TE000003\n"),
            (
                "application/x-ndjson",
                "\"B0TE000001\"\n{\"product\": \"B0TE000002\"}\n\n{\"asin\": 1}\n\"B0TE000003\"\n"
            ),
            (
                "text/csv",
                "title,asin\r\n\"a, b\",B0TE000001\r\n\"c\nd\",b0te000002\r\ne,bad\r\nf,B0TE000003"
            ),
        ])
    func stream(type: String, body: String) async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let path = "/api/v1/jobs/stream?endpoint=images,barcodes&label=two%20words&priority=0"
        let dry = try await service.ask("POST", path + "&dryRun=true", body, type: type)
        #expect(try dry.json["added"] as? Int == 6, "\(dry)")
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
        let reply = try await service.ask("POST", path, body, type: type)
        #expect(try reply.json["added"] as? Int == 6, "\(reply)")
        #expect(try reply.json["refusedCount"] as? Int == 1)
        let rows: [String] = try bench.column(Self.columns)
        #expect(
            rows
                == ["barcodes", "images"].flatMap { endpoint in
                    asins(1..<4).map { "\(endpoint) \($0) 0 two words" }
                })
    }

    @Test("A stream of a table has a column, found or named, or an error that says how to name it")
    func columns() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let path = "/api/v1/jobs/stream?endpoint=images"
        let body = "first,second\nB0TE000001,B0TE000002\nB0TE000003,B0TE000004\n"
        let several = try await service.ask("POST", path, body, type: "text/csv")
        #expect(
            several.status == 422 && "\(several)".contains("1 (first), 2 (second)"), "\(several)")
        #expect("\(several)".contains("the parameter column"), "\(several)")
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
        let named = try await service.ask("POST", path + "&column=second", body, type: "text/csv")
        #expect(try named.json["added"] as? Int == 2, "\(named)")
        let products: [String] = try bench.column("SELECT product FROM queue ORDER BY id")
        #expect(products == ["B0TE000002", "B0TE000004"])
        let other = try await service.ask(
            "POST", path + "&column=2", "\"B0TE000001\"\n", type: "application/x-ndjson")
        #expect(other.status == 400, "\(other)")
    }

    @Test("A stream reports the first hundred refusals, and counts all")
    func refusals() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let body = (0..<250).map { "bad \($0)\n" }.joined() + "B0TE000001\n"
        let reply = try await service.ask(
            "POST", "/api/v1/jobs/stream?endpoint=images", body, type: "text/plain")
        #expect(try (reply.json["refused"] as? [Any])?.count == 100, "\(reply)")
        #expect(try reply.json["refusedCount"] as? Int == 250 && reply.json["added"] as? Int == 1)
    }

    @Test("A dry run forecasts and changes nothing")
    func dryRun() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        let service = try await bench.serve()
        let before = try bench.number("PRAGMA data_version")
        let body = #"{"endpoint": "images", "products": ["B0TE000001", "bad"], "dryRun": true}"#
        let reply = try await service.post("/api/v1/jobs", body)
        #expect(try reply.json["added"] as? Int == 1, "\(reply)")
        let forecast = try #require(try reply.json["forecast"] as? [String: Any])
        #expect(forecast["calls"] as? Int == 1 && forecast["tokens"] as? Int == 1, "\(forecast)")
        #expect(forecast["finishesAt"] is String)
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
        #expect(try bench.number("PRAGMA data_version") == before)
    }

    @Test("Cancel, retry, pause and resume count first, then change exactly these jobs")
    func changes() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "reject=B0TE000000")
        try await bench.enqueue("images", asins(1), "--label", "spring")
        _ = try await bench.asinqd("run", "--until-empty")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'discarded'") == 1)
        try await sandbox.setFaults("none")
        try await bench.enqueue("images", asins(10..<15), "--label", "spring")
        try await bench.enqueue("barcodes", asins(10..<13), "--label", "summer")
        let service = try await bench.serve()
        func change(_ name: String, _ filter: String, _ expected: Int) async throws {
            let states =
                "SELECT count(*) || state || coalesce(not_before, 0) FROM queue GROUP BY state, not_before"
            let before: [String] = try bench.column(states)
            let count = try await service.post(
                "/api/v1/jobs/\(name)", "{\(filter), \"dryRun\": true}")
            #expect(try count.json["changed"] as? Int == expected, "\(name) \(filter): \(count)")
            #expect(try bench.column(states) == before)
            let done = try await service.post("/api/v1/jobs/\(name)", "{\(filter)}")
            #expect(try done.json["changed"] as? Int == expected, "\(name) \(filter): \(done)")
            let again = try await service.post("/api/v1/jobs/\(name)", "{\(filter)}")
            #expect(try again.json["changed"] as? Int == 0, "\(name) \(filter): \(again)")
        }
        try await change("pause", #""label": "spring""#, 5)
        try await change("resume", #""product": "B0TE000010", "endpoint": "images""#, 1)
        try await change("resume", #""label": "spring", "state": "paused""#, 4)
        try await change("pause", #""endpoint": "barcodes", "state": "discarded""#, 0)
        try await change("retry", #""endpoint": "images""#, 1)
        try await change("cancel", #""endpoint": "barcodes", "label": "summer""#, 3)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'cancelled'") == 3)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'available'") == 6)
    }

    @Test(
        "A change of everything, of an unknown state and with an unknown field is refused",
        arguments: [
            "{}", #"{"state": "ready"}"#, #"{"label": "spring", "state": "done"}"#,
            #"{"endpoint": "image"}"#, #"{"label": "spring", "dryrun": true}"#,
            #"{"label": "spring", "lable": "summer"}"#, #"{"label": 7}"#, "[]",
        ])
    func refused(body: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2), "--label", "spring")
        let service = try await bench.serve()
        let reply = try await service.post("/api/v1/jobs/cancel", body)
        #expect(reply.status == 400, "\(reply)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'available'") == 2)
    }

    @Test("A what-if plan has the added jobs, and changes nothing")
    func whatIf() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        try await bench.enqueue("images", asins(5))
        let service = try await bench.serve()
        let queue = try bench.open()
        let before = try await queue.read { try Int.fetchOne($0, sql: "PRAGMA data_version") }
        let reply = try await service.get("/api/v1/plan?add=images:50000,lookup:20&priority=1")
        let endpoints = try #require(try reply.json["endpoints"] as? [[String: Any]])
        let jobs = endpoints.reduce(into: [:]) {
            $0[$1["endpoint"] as? String ?? ""] = $1["jobs"] as? Int
        }
        #expect(jobs["images"] == 50_005 && jobs["lookup"] == 20, "\(jobs)")
        #expect(try bench.number("SELECT count(*) FROM queue") == 5)
        #expect(
            try await queue.read { try Int.fetchOne($0, sql: "PRAGMA data_version") } == before)
        let plain = try await service.get("/api/v1/plan")
        #expect(plain.text.contains("\"jobs\":5"))
    }
}
