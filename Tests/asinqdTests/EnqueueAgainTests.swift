import Foundation
import ProgramHarness
import Testing

@Suite struct EnqueueAgainTests {
    private struct Report: Decodable {
        struct Endpoint: Decodable {
            struct KeptLabel: Decodable, Equatable {
                var label: String?
                var jobs: Int
            }
            var added: Int
            var alreadyOpen: Int
            var raised: Int
            var widened: Int
            var keptLabels: [KeptLabel]
        }
        var products: Int
        var repeated: Int
        var notBefore: String?
        var endpoints: [String: Endpoint]
    }

    private func list(_ range: Range<Int>) -> String { asins(range).joined(separator: "\n") }

    @Test("A waiting product is raised to a more urgent priority and an earlier time")
    func raised() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2), "--priority", "9")
        try await bench.enqueue("images", asins(2..<4), "--not-before", "+2h")
        try await bench.enqueue("images", asins(4..<5), "--priority", "0")
        let dry = try await bench.asinqd(
            "enqueue", "--images", "--priority", "1", "--dry-run", input: list(0..<6))
        #expect(dry.lines[0] == "images: 1 job would be added, 4 raised, 1 already waiting")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE priority = 1") == 0)
        let again = try await bench.asinqd(
            "enqueue", "--images", "--priority", "1", input: list(0..<6))
        #expect(again.added == "images: 1 job added, 4 raised, 1 already waiting\n")
        #expect(
            try bench.column("SELECT priority || '|' || not_before FROM queue ORDER BY id")
                == ["1|0", "1|0", "1|0", "1|0", "0|0", "1|0"])
        let third = try await bench.asinqd(
            "enqueue", "--images", "--priority", "1", input: list(0..<6))
        #expect(third.added == "images: 0 jobs added, 6 already waiting\n")
    }

    @Test("A label that is not applied is reported, with the label that stays")
    func labels() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3), "--label", "autumn")
        try await bench.enqueue("images", asins(3..<4), "--label", "x\u{1B}[31m")
        try await bench.enqueue("images", asins(4..<6))
        let again = try await bench.asinqd(
            "enqueue", "--images", "--label", "spring", input: list(0..<7))
        #expect(again.added == "images: 1 job added, 6 already waiting\n")
        #expect(
            again.lines.contains(
                "images: 3 keep their label 'autumn', 2 stay without a label, "
                    + "1 keeps its label 'x\u{FFFD}[31m'"), "\(again)")
        let json = try await bench.asinqd(
            "enqueue", "--images", "--label", "spring", "--json", input: list(0..<7))
        let images = try #require(try json.decoded(Report.self).endpoints["images"])
        #expect(images.alreadyOpen == 7 && images.raised == 0)
        #expect(
            images.keptLabels.prefix(2) == [
                .init(label: "autumn", jobs: 3), .init(label: nil, jobs: 2),
            ])
        let same = try await bench.asinqd(
            "enqueue", "--images", "--label", "autumn", input: list(0..<3))
        #expect(!same.text.contains("label"))
    }

    @Test("More pages and an added lookup are counted separately")
    func widened() async throws {
        let bench = try await Bench()
        try await bench.enqueue("search", ["lego", "duplo"])
        let pages = try await bench.asinqd(
            "enqueue", "--search", "--pages", "4", input: "lego\nduplo\n")
        #expect(pages.added == "search: 0 jobs added, 2 widened\n")
        try await bench.enqueue("barcodes", asins(2))
        let lookup = try await bench.asinqd(
            "enqueue", "--barcodes", "--then-lookup", input: list(0..<3))
        #expect(lookup.added == "barcodes: 1 job added, 2 widened\n")
        let again = try await bench.asinqd(
            "enqueue", "--barcodes", "--then-lookup", "--json", input: list(0..<3))
        let report = try again.decoded(Report.self)
        #expect(report.endpoints["barcodes"]?.widened == 0)
        #expect(report.endpoints["barcodes"]?.alreadyOpen == 3)
    }

    @Test("A repeat in the input is not counted as a waiting job, in any file and spelling")
    func repeats() async throws {
        let bench = try await Bench()
        try bench.write("one.txt", "B0086FFHLS\nb0086ffhls\nB0086FFHL2\n")
        try bench.write("two.txt", "https://www.amazon.com/dp/B0086FFHLS\nB0086FFHL3\n")
        let first = try await bench.asinqd(
            "enqueue", "--images", "--barcodes", "one.txt", "two.txt")
        #expect(
            first.added
                == "images: 3 jobs added, 2 repeated in the input\n"
                + "barcodes: 3 jobs added, 2 repeated in the input\n")
        let again = try await bench.asinqd("enqueue", "--images", "one.txt")
        #expect(
            again.added == "images: 0 jobs added, 2 already waiting, 1 repeated in the input\n")
        let json = try await bench.asinqd("enqueue", "--images", "--json", "one.txt")
        let report = try json.decoded(Report.self)
        #expect(report.products == 3 && report.repeated == 1)
        #expect(report.endpoints["images"]?.alreadyOpen == 2)
    }

    @Test("If all of a list waits, the forecast is the endpoint's end")
    func allWaiting() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        for more in [[], ["--dry-run"]] {
            let again = try await bench.asinqd(["enqueue", "--images"] + more, input: list(0..<3))
            #expect(again.lines.last?.hasPrefix("images: all waiting jobs, done ") == true)
        }
    }
}
