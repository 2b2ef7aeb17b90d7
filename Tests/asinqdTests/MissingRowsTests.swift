import Foundation
import ProgramHarness
import Testing

/// Products that `results` is asked for and that have no row.
@Suite struct MissingRowsTests {
    @Test(
        "Each product without a row is named with the reason, on stderr alone",
        arguments: ["table", "csv", "json", "jsonl"])
    func reasons(format: String) async throws {
        let bench = try await Bench()
        let dead = asins(2)[1]
        _ = try await bench.sandbox(faults: "reject=\(dead)")
        try await bench.enqueue("images", asins(2) + ["B0UNKNOWN1"])
        #expect(try await bench.asinqd("run", "--until-empty").code <= 1)
        try await bench.enqueue("images", asins(2..<8))
        try await bench.enqueue("images", asins(8..<9), "--not-before", "2999-01-01T00:00:00Z")
        #expect(try await bench.asinqd("cancel", "--images", asins(3)[2]).code == 0)
        #expect(try await bench.asinqd("pause", asins(4)[3]).code == 0)
        let products = asins(10) + ["B0UNKNOWN1", asins(1)[0]]
        let results = try await bench.asinqd(
            ["results", "--images", "--format", format] + products)
        #expect(results.code == 0)
        #expect(
            results.errorLines == [
                "No row for 9 of 11 products:",
                "  1 dead letters (asinqd retry puts them back): \(dead) (\(try error(bench)))",
                "  1 cancelled: \(asins(3)[2])",
                "  1 paused (until asinqd resume): \(asins(4)[3])",
                "  4 waiting (asinqd plan shows when they will be done): \(asins(4..<8).joined(separator: ", "))",
                "  1 scheduled for later: \(asins(9)[8]) (not before 2999-01-01 00:00:00 UTC)",
                "  1 never requested, or pruned (asinqd enqueue --images adds them): \(asins(10)[9])",
            ])
        let only = try await bench.asinqd(
            "results", "--images", "--format", format, asins(1)[0], "B0UNKNOWN1")
        #expect(only.errors.isEmpty && only.text.contains("B0UNKNOWN1"))
        switch format {
        case "table": #expect(results.lines.count == 4)
        case "csv": #expect(results.text.contains("B0UNKNOWN1,0,"))
        case "json": #expect((try results.json() as? [Any])?.count == 3)
        default: #expect(results.lines.count == 3)
        }
    }

    private func error(_ bench: Bench) throws -> String {
        let errors: [String] = try bench.column("SELECT error FROM queue WHERE state = 'discarded'")
        return String(errors[0].prefix(100))
    }

    @Test("The first few of many are named, and a call in progress is reported as such")
    func many() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "hang=1")
        try await bench.enqueue("images", asins(7))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'running'", is: 7)
        let results = try await bench.asinqd(["results", "--images"] + asins(7))
        #expect(results.code == 0 && results.lines.count == 1)
        let names = asins(5).joined(separator: ", ")
        #expect(
            results.errorLines.last == "  7 running, a call is in progress: \(names) and 2 more")
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
    }

    @Test("Offers and the chain report the same, and codes without offers")
    func offers() async throws {
        let bench = try await Bench()
        try await bench.enqueue("lookup", ["4006381333931"])
        try await bench.enqueue("barcodes", asins(1))
        try bench.execute(
            """
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES
            ('lookup', '9780306406157', 1, '{"title":"T","offers":[]}', 7, 1),
            ('lookup', '96385074', 0, NULL, 7, 1)
            """)
        let offers = try await bench.asinqd(
            "results", "--offers", "9780306406157", "96385074", "4006381333931")
        #expect(
            offers.errorLines.dropFirst() == [
                "  1 found, without offers: 9780306406157",
                "  1 not found by the provider: 96385074",
                "  1 waiting (asinqd plan shows when they will be done): 4006381333931",
            ])
        let chain = try await bench.asinqd("results", "--chain", asins(2)[1], asins(1)[0])
        #expect(
            chain.errors.contains(
                "1 waiting (asinqd plan shows when they will be done): \(asins(1)[0])"))
        #expect(chain.errors.contains("(asinqd enqueue --barcodes adds them): \(asins(2)[1])"))
        #expect(try await bench.asinqd("results", "--offers").errors == "No offers yet.\n")
        #expect(try await bench.asinqd("results", "--images").errors == "No results yet.\n")
        #expect(try await bench.asinqd("results", "--lookup").errors.isEmpty)
    }

    @Test(
        "A text that is not an ASIN is rejected, by the chain too",
        arguments: ["nonsense", "B0086", "list.txt", "-", "0885909456017", "lego star wars"])
    func noASIN(argument: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        for flag in ["--chain", "--images", "--barcodes"] {
            let results = try await bench.asinqd("results", flag, argument)
            #expect(results.code == 64 && results.text.isEmpty, "\(results)")
            #expect(results.errors.contains(argument))
        }
    }
}
