import Foundation
import ProgramHarness
import Testing

@Suite struct EnqueueForecastTests {
    private struct Report: Decodable, Equatable {
        struct BadLine: Decodable, Equatable {
            var line: Int
        }
        struct Endpoint: Decodable, Equatable {
            var added: Int
            var alreadyOpen: Int
            var fresh: Int
            var finishesAt: String?
            var tokens: Int
            var tokensLeftToday: Int
        }
        var lines: Int
        var products: Int
        var repeated: Int
        var badLines: Int
        var firstBadLines: [BadLine]
        var isDryRun: Bool
        var endpoints: [String: Endpoint]
    }

    private let list = "B0086FFHLS\nnot an ASIN\nB0086FFHL2\nB0086FFHLS\nB0086FFHL3\n"

    @Test("Enqueue reports when the jobs just added are done, and their cost")
    func sentence() async throws {
        let bench = try await Bench()
        try await bench.enqueue("barcodes", asins(600))
        let products = asins(600..<715).joined(separator: "\n")
        let finished = try await bench.asinqd(
            "enqueue", "--barcodes", "--priority", "0", input: products)
        #expect(finished.lines[0] == "barcodes: 115 jobs added")
        let sentence =
            #"barcodes: 115 jobs, done [A-Z][a-z]{2} \d\d:\d\d UTC once a daemon runs, needs 120 of today's 150,000 tokens"#
        #expect(try finished.lines[1].wholeMatch(of: Regex(sentence)) != nil, "\(finished)")
        // The second call of the urgent ones: not after the 600 that were added first.
        let last = try await bench.asinqd(
            "enqueue", "--images", "--json", input: asins(1).joined())
        let report = try last.decoded(Report.self)
        #expect(report.endpoints["images"]?.tokens == 1 && report.isDryRun == false)
        #expect(report.endpoints["images"]?.tokensLeftToday == 150_000)
        #expect(report.endpoints["images"]?.finishesAt != nil)
        let again = try await bench.asinqd("enqueue", "--images", input: asins(1).joined())
        #expect(again.lines[0] == "images: 0 jobs added, 1 already waiting")
    }

    @Test("Jobs for a later day, and those of a paused lane, are reported as such")
    func laterAndPaused() async throws {
        let bench = try await Bench()
        let later = try await bench.asinqd(
            "enqueue", "--images", "--not-before", "2090-01-02T03:04Z", input: asins(1)[0])
        #expect(
            later.lines[1]
                == "images: 1 job, done 2090-01-02 03:05 UTC once a daemon runs, needs 1 token; 150,000 remaining today"
        )
        _ = try await bench.asinqd("pause", "--images")
        let paused = try await bench.asinqd("enqueue", "--images", input: asins(2)[1])
        #expect(paused.lines[1].contains("1 job, waits for `asinqd resume --images`, "))
    }

    @Test("A dry run creates no database, and predicts the counts of the real one")
    func noDatabase() async throws {
        let bench = try await Bench()
        let before = try FileManager.default.contentsOfDirectory(atPath: bench.folder)
        let arguments = ["enqueue", "--images", "--barcodes", "--json", "-"]
        let dry = try await bench.asinqd(arguments + ["--dry-run"], input: list)
        #expect(dry.code == 0 && dry.errorLines.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder) == before)
        let real = try await bench.asinqd(arguments, input: list)
        #expect(real.errors == dry.errors)
        var (rehearsed, done) = (try dry.decoded(Report.self), try real.decoded(Report.self))
        #expect(rehearsed.isDryRun && !done.isDryRun)
        #expect(done.endpoints["images"]?.added == 3 && done.repeated == 1)
        #expect(done.endpoints["images"]?.alreadyOpen == 0)
        for name in ["images", "barcodes"] {
            let ends = [rehearsed, done].map { instant($0.endpoints[name]?.finishesAt) }
            #expect(ends[0] != nil && ends[1] != nil)
            rehearsed.endpoints[name]?.finishesAt = nil
            done.endpoints[name]?.finishesAt = nil
        }
        rehearsed.isDryRun = false
        #expect(rehearsed == done)
    }

    @Test("A dry run over a queue changes no row, and counts open and fresh products")
    func unchanged() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", ["B0086FFHL2"])
        try bench.execute(
            """
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
            VALUES ('images', 'B0086FFHL3', 1, '{}',
                    CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), 1)
            """)
        let rows = "SELECT count(*) * 1000 + max(id) FROM queue"
        let before = try bench.number(rows)
        let dry = try await bench.asinqd(
            "enqueue", "--images", "--dry-run", "--max-age", "1d", input: list)
        #expect(
            dry.lines[0]
                == "images: 1 job would be added, 1 already waiting, 1 with a recent result, "
                + "1 repeated in the input")
        #expect(dry.lines[1].hasPrefix("images: 1 job, done "))
        #expect(try bench.number(rows) == before)
        let strict = try await bench.asinqd(
            "enqueue", "--images", "--dry-run", "--strict", input: list)
        #expect(strict.code == 65 && strict.text.isEmpty)
        let none = try await bench.asinqd("enqueue", "--images", "--dry-run", input: "no\n")
        #expect(none.code == 65)
    }
}
