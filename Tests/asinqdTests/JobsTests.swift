import Foundation
import ProgramHarness
import Testing

@Suite struct JobsTests {
    @Test("Jobs are listed latest first by each option, dead letters with their reasons")
    func options() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "reject=B0BADBAD01")
        try await bench.enqueue("images", asins(2) + ["B0BADBAD01"], "--label", "spring")
        _ = try await bench.asinqd("run", "--until-empty")
        try await bench.enqueue("barcodes", asins(25))
        func ids(_ arguments: String...) async throws -> [Int] {
            let listed = try await bench.asinqd(["jobs", "--json"] + arguments)
            #expect(listed.code == 0 && listed.errors.isEmpty, "\(listed)")
            let jobs = try #require(try listed.json() as? [[String: Any]])
            return jobs.compactMap { $0["id"] as? Int }
        }
        #expect(try await ids() == (9...28).reversed())
        #expect(try await ids("--limit", "0") == (1...28).reversed())
        #expect(try await ids("--limit", "0", "--state", "completed").sorted() == [1, 2])
        #expect(try await ids("--label", "spring") == [3, 2, 1])
        #expect(try await ids("--label", "spring", "--state", "discarded") == [3])
        #expect(try await ids("--images") == [3, 2, 1])
        #expect(try await ids("--barcodes", asins(1)[0].lowercased()) == [4])
        let text = try await bench.asinqd("jobs", "--state", "discarded")
        #expect(text.unwrapped.contains("B0BADBAD01 discarded"), "\(text)")
        #expect(text.unwrapped.contains("UTC: "), "\(text)")
        #expect(text.lines.allSatisfy { $0.count <= 80 })
        let csv = try await bench.asinqd("jobs", "--limit", "0", "--format", "csv")
        #expect(
            csv.text.hasPrefix("id,endpoint,product,account,state,")
                && csv.text.components(separatedBy: "\r\n").count == 30)
        let jsonl = try await bench.asinqd("jobs", "--format", "jsonl", "--limit", "3")
        #expect(jsonl.lines.count == 3 && jsonl.lines.allSatisfy { $0.hasPrefix("{") })
    }

    @Test(
        "An unknown state, account or label gets the nearest one",
        arguments: [
            (["--state", "discared"], Int32(64), "Try: use discarded."),
            (["--state", "dead"], 64, "Try: use discarded."),
            (
                ["--state", "x"], 64,
                "Try: use ready, later, paused, running, completed, discarded, cancelled."
            ),
            (["--account", "asinscop"], 64, "Try: use asinscope."),
            (["--label", "sprin"], 1, "Try: use --label 'spring', the nearest one."),
            (["--label", "unlike"], 1, "Try: run asinqd labels, which lists all labels."),
            (["--images", "--barcodes"], 64, "Choose one of --images, --barcodes"),
            (["no-product"], 64, "neither an ASIN nor a code"),
        ] as [([String], Int32, String)])
    func unknown(arguments: [String], code: Int32, says: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1), "--label", "spring")
        let finished = try await bench.asinqd(["jobs"] + arguments)
        #expect(finished.code == code && finished.text.isEmpty, "\(finished)")
        #expect(finished.errors.contains(says), "\(finished)")
    }

    @Test("An empty list says what to do on stderr")
    func empty() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1), "--label", "spring")
        let none = try await bench.asinqd("jobs", "--state", "running", "--json")
        #expect(none.code == 0 && none.text == "[]\n")
        #expect(none.errors.hasPrefix("No job matches.\nTry: "))
        let known = try await bench.asinqd("jobs", "--label", "spring", "--state", "running")
        #expect(known.code == 0 && known.errors.hasPrefix("No job matches.\nTry: "))
        try bench.execute("DELETE FROM queue")
        let empty = try await bench.asinqd("jobs")
        #expect(empty.code == 0 && empty.errors.hasPrefix("There are no jobs.\nTry: "))
        let labels = try await bench.asinqd("labels", "--json")
        #expect(labels.code == 0 && labels.text == "[]\n")
        #expect(labels.errors.hasPrefix("No job has a label.\nTry: "))
    }

    @Test("Labels are listed with their progress, also those that are finished")
    func labels() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "reject=B0BADBAD01")
        try await bench.enqueue("images", asins(2) + ["B0BADBAD01"], "--label", "spring")
        _ = try await bench.asinqd("run", "--until-empty")
        try await bench.enqueue("images", asins(3..<6), "--label", "summer")
        let text = try await bench.asinqd("labels")
        #expect(text.code == 0 && text.errors.isEmpty)
        let rows = text.lines.map { $0.split(separator: " ").map(String.init) }
        #expect(rows[0] == ["LABEL", "DONE", "LEFT", "FAILED", "TOKENS", "END"])
        #expect(rows[1] == ["spring", "2", "0", "1", "0", "finished"])
        #expect(rows[2].prefix(5) == ["summer", "0", "3", "0", "3"] && rows[2].last == "UTC")
        let csv = try await bench.asinqd("labels", "--format", "csv")
        let lines = csv.text.components(separatedBy: "\r\n")
        #expect(lines.count == 4 && lines[1] == "spring,0,0,0,0,2,1,0,0,")
    }
}
