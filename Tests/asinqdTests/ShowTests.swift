import Foundation
import Planning
import ProgramHarness
import Storage
import Testing

@testable import Operations
@testable import asinqd

@Suite struct ShowTests {
    @Test("A product's jobs, calls and result are shown, and why it waits and when its turn is")
    func show() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "reject=B0BADBAD01")
        try await bench.enqueue("images", asins(1) + ["B0BADBAD01"])
        _ = try await bench.asinqd("run", "--until-empty")
        try await bench.enqueue("barcodes", asins(3), "--label", "spring")
        let done = try await bench.asinqd("show", asins(1)[0].lowercased())
        #expect(done.code == 0 && done.errors.isEmpty, "\(done)")
        for fact in [
            "\(asins(1)[0]) at images job 1, completed", "result found, stored 2",
            "CALL ID STARTED", "\(asins(1)[0]) at barcodes job 3, ready, priority 5, label spring",
            "waits no daemon runs: start one with `asinqd run`",
            "turn no other job goes first; its call starts at about 2", "result none calls none",
        ] { #expect(done.unwrapped.contains(fact), "\(fact)\n\(done)") }
        let dead = try await bench.asinqd("show", "--images", "B0BADBAD01")
        #expect(dead.unwrapped.contains("discarded"), "\(dead)")
        #expect(dead.unwrapped.contains("reason "), "\(dead)")
        let last = try await bench.asinqd("show", asins(3)[2])
        #expect(last.unwrapped.contains("turn 2 jobs go first"), "\(last)")
        for finished in [done, dead, last] {
            #expect(finished.lines.allSatisfy { $0.count <= 80 }, "\(finished)")
        }
    }

    @Test("A product of which nothing is known is an error with a hint, and others are shown")
    func unknown() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let unknown = try await bench.asinqd("show", "B0086FFHLS")
        #expect(unknown.code == 1 && unknown.text.isEmpty, "\(unknown)")
        #expect(unknown.errors.contains("B0086FFHLS is known at images, barcodes, search."))
        #expect(unknown.errors.contains("Try: check the spelling, or run asinqd enqueue --images"))
        let mixed = try await bench.asinqd("show", "--json", "B0086FFHLS", asins(1)[0])
        #expect(mixed.code == 1 && mixed.errors.contains("B0086FFHLS"))
        let reports = try #require(try mixed.json() as? [[String: Any]])
        #expect(reports.map { ($0["endpoints"] as? [Any])?.count } == [0, 1])
        let none = try await bench.asinqd("show", "--images", "no-asin")
        #expect(none.code == 64 && none.text.isEmpty, "\(none)")
        #expect(try await bench.asinqd("show").code == 64)
    }

    @Test("The report fits any width", arguments: [40, 60, 80, 104, 200])
    func widths(width: Int) async throws {
        let bench = try await Bench()
        let query = String(repeating: "春の商品 ", count: 30) + "end"
        try await bench.enqueue(
            "search", [query], "--label", String(repeating: "l", count: 100))
        let settings = try await Settings.load(
            databaseFlag: bench.database, configFlag: nil, environment: bench.environment)
        let store = try Store(path: bench.database, access: .read, endpoints: [])
        let report = try ProductReport.read(
            settings, store, product: query, endpoints: ["search"], at: .latest)
        let text = ProductText(report: report, style: ReportStyle(width: width)).text
        for line in text.split(separator: "\n") {
            #expect(TerminalText.columns(String(line)) <= width, "\(line)")
        }
        let plain = text.filter { !$0.isWhitespace }
        #expect(plain.contains(String(repeating: "l", count: 100)))
        #expect(plain.contains(query.filter { $0 != " " }))
    }
}
