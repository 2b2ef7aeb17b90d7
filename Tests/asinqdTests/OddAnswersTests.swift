import Foundation
import ProgramHarness
import ScriptedServers
import Testing

/// Answers that are valid JSON and that no sandbox would give.
@Suite struct OddAnswersTests {
    private func answered(_ body: String) async throws -> Bench {
        let bench = try await Bench()
        let server = try ScriptedServer { _ in ScriptedServer.http("200 OK", body) }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: "odd-answers")
        try await bench.enqueue("images", asins(1))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(server.requests.count == 1)
        return bench
    }

    private func reply(title: String, lineBreak: String = "") -> String {
        let parts = [
            #"{"items":["#, #"{"asin":"\#(asins(1)[0])","#, #""title":"\#(title)","images":[]}"#,
            #"],"dailyTokensLeft":5,"msBeforeNextDailyToken":60000}"#,
        ]
        return parts.joined(separator: lineBreak)
    }

    @Test(
        "An item spread over lines is one line of JSON lines",
        arguments: ["\n", "\r\n", "\r", "\n\n  "])
    func itemOverLines(lineBreak: String) async throws {
        let bench = try await answered(reply(title: "T", lineBreak: lineBreak))
        let lines = try await bench.asinqd("results", "--images", "--format", "jsonl")
        #expect(lines.bytes.count { $0 == 0x0A } == 1)
        #expect(!lines.bytes.contains(0x0D))
    }

    @Test(
        "A title full of CSV's own characters is unchanged after a CSV reader",
        arguments: [
            "a,b", #"12\" pan"#, #"\"quoted\""#, "two\\nlines", "two\\r\\nlines", "plain",
            // A quote that is one character with the mark that follows it.
            #"12\"\u0301 pan, small"#, #"12\"\ufe0f pan, small"#,
        ])
    func csvTitle(title: String) async throws {
        let bench = try await answered(reply(title: title))
        let csv = try await bench.asinqd("results", "--images", "--format", "csv")
        let script = """
            import csv, io, json, sys
            text = sys.stdin.buffer.read().decode()
            print(json.dumps(list(csv.reader(io.StringIO(text, newline=''), strict=True))[1][2]))
            """
        let python = try bench.start(
            program: "/usr/bin/env", ["python3", "-X", "utf8", "-c", script], input: csv.bytes)
        let read = try await python.ended()
        let expected = try JSONSerialization.jsonObject(
            with: Data("\"\(title)\"".utf8), options: .fragmentsAllowed)
        try #require(read.code == 0, "\(read)")
        let cell = try read.json() as? String
        #expect(cell.map { Array($0.utf8) } == (expected as? String).map { Array($0.utf8) })
    }

    @Test(
        "A title that a spreadsheet would run as a formula gets an apostrophe in CSV alone",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\\tx"])
    func formula(title: String) async throws {
        let bench = try await answered(reply(title: title))
        let csv = try await bench.asinqd("results", "--images", "--format", "csv")
        let cell = csv.text.split(separator: "\r\n").last?.split(separator: ",")[2]
        #expect(cell?.first == "'")
        let json = try await bench.asinqd("results", "--images", "--format", "json")
        #expect(!json.text.contains("'"))
    }

    @Test("A title cannot control the terminal")
    func terminal() async throws {
        let bench = try await answered(reply(title: #"\u001b[31mred\u0007\u202e\u009b1m"#))
        for arguments in [["results", "--images"], ["status"], ["ledger"], ["show", asins(1)[0]]] {
            let finished = try await bench.asinqd(arguments)
            #expect(finished.code == 0)
            #expect(rawControls(in: finished.text).isEmpty)
        }
    }
}

/// Characters that could control a terminal or change the direction of writing, except line feeds.
func rawControls(in text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: scalar != "\n"
        case .format:
            (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
