import Foundation
import GRDB
import ProgramHarness
import ScriptedServers
import Testing

/// Rows of other programs, and messages of servers, that try to be more than data.
@Suite struct InjectionTests {
    private static let labels = [
        "\u{1B}]0;title\u{7}\u{1B}[2J", "\u{9B}31m\u{90}q", "\u{202E}gpj.exe\u{2066}",
        "two\nlines\rone",
        "\u{2028}\u{2029}\u{85}", "'); DELETE FROM queue; --", "' OR '1'='1",
    ]
    private static let queries = [
        "\u{202E}toys", "'); DROP TABLE queue; --", "../../v1/lookup?upc=1#x", "=1+1", "@SUM(A1)",
        #"toys","offset":990,"s":"x"#,
    ]

    /// A bench with hostile jobs, all of them inserted by another program's raw SQL.
    private func bench() async throws -> Bench {
        let bench = try await Bench()
        bench.set("ASINQD_UPCITEMDB_SECONDS_BETWEEN_CALLS", "0")
        bench.set("ASINQD_UPCITEMDB_SEARCH_BURST", "1000")
        try await bench.enqueue("images", asins(1))
        let queue = try bench.open()
        try await queue.write { db in
            for (index, label) in Self.labels.enumerated() {
                try db.execute(
                    sql: "INSERT INTO queue (endpoint, product, label) VALUES ('barcodes', ?, ?)",
                    arguments: [asins(9)[index], label])
            }
            for query in Self.queries {
                try db.execute(
                    sql: "INSERT INTO queue (endpoint, product) VALUES ('search', ?)",
                    arguments: [query])
            }
        }
        return bench
    }

    /// A refusal of everything, and an answer to searches, both with text that controls terminals and forges
    /// log lines.
    private func server() throws -> ScriptedServer {
        try ScriptedServer { request in
            let words = #"no\u001b[31m\u009b1m\u202e\r\nlevel=error event=forged \"x=\"1"#
            return request.starts(with: Array("POST /search".utf8))
                ? ScriptedServer.http(
                    "200 OK", #"{"code":"OK","offset":0,"items":[{"title":"\#(words)"}]}"#)
                : ScriptedServer.http("400 Bad", #"{"message":"\#(words)"}"#)
        }
    }

    @Test("do not control a terminal, forge a log line, or leave their cell, column and statement")
    func hostile() async throws {
        let bench = try await bench()
        let server = try server()
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: "hostile-tests")
        bench.set("ASINQD_UPCITEMDB_URL", "http://127.0.0.1:\(server.port)")
        bench.set("ASINQD_LOG_LEVEL", "trace")
        func check(_ command: [String]) async throws {
            let finished = try await bench.asinqd(command)
            #expect(finished.code <= 1, "\(finished)")
            #expect(rawControls(in: finished.text).isEmpty, "\(finished)")
            #expect(rawControls(in: finished.errors).isEmpty, "\(finished)")
        }
        for command in [["status"], ["plan"], ["check", "--offline"]] { try await check(command) }
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1, "\(run)")
        #expect(rawControls(in: run.errors).isEmpty)
        // Its last lines are for people, not a log.
        for line in run.errorLines
        where !line.contains("libdispatch") && !line.hasPrefix("asinqd: ") {
            #expect(
                line.starts(with: /time=[0-9T:.Z-]+ level=[a-z]+ event=[a-z_]+( |$)/), "\(line)")
            let bare = line.replacing(/"(?:\\.|[^"\\])*"/, with: "")
            #expect(!bare.contains("forged") && !bare.contains("\""), "\(line)")
        }
        for command in [
            ["status"], ["ledger"], ["audit"], ["results", "--search"], ["results", "--barcodes"],
            ["plan"], ["check", "--offline"],
        ] { try await check(command) }

        let rows = Self.labels.count + Self.queries.count + 1
        #expect(try bench.number("SELECT count(*) FROM queue") == rows)
        let errors: [String] = try bench.column("SELECT error FROM queue WHERE error IS NOT NULL")
        // The other lanes are halted, because their server rejects one product after another.
        #expect(errors.count == 1)
        #expect(errors.allSatisfy { rawControls(in: $0).isEmpty && !$0.contains("\n") })
        try checkRequests(server)
        let csv = try await bench.asinqd("results", "--search", "--format", "csv")
        #expect(csv.text.contains("\n'=1+1,") && csv.text.contains("\n'@SUM(A1),"), "\(csv)")
    }

    /// Each request goes to its endpoint's address, and carries its query as one text of one field.
    private func checkRequests(_ server: ScriptedServer) throws {
        var asked: [String] = []
        for request in server.requests {
            let text = String(decoding: request, as: UTF8.self)
            #expect(text.starts(with: /POST \/(images|barcodes|search) HTTP\/1.1\r\n/), "\(text)")
            guard text.hasPrefix("POST /search") else { continue }
            let body = try #require(text.split(separator: "\r\n\r\n").last)
            let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            #expect(object?.count == 3)
            asked.append(try #require(object?["s"] as? String))
        }
        #expect(asked.sorted() == Self.queries.sorted())
    }

    @Test("A label or a query that is SQL selects the jobs with that text, and no others")
    func sql() async throws {
        let bench = try await bench()
        for label in Self.labels {
            let finished = try await bench.asinqd("cancel", "--label", label)
            #expect(finished.text == "1 job cancelled\n", "\(finished)")
        }
        for query in Self.queries {
            let finished = try await bench.asinqd("cancel", "--search", "--", query)
            #expect(finished.text == "1 job cancelled\n", "\(finished)")
            let results = try await bench.asinqd(
                "results", "--search", "--format", "json", "--", query)
            #expect(results.code == 0 && results.text == "[]\n", "\(results)")
            #expect(results.errors.hasPrefix("No row for 1 of 1 product:\n  1 cancelled: "))
        }
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'available'") == 1)
    }
}
