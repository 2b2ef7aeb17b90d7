import Foundation
import ProgramHarness
import Testing

@Suite struct EnqueueBadInputTests {
    /// Files without any ASIN, and a part of the error about them.
    private static let hopeless: [(name: String, bytes: [UInt8], says: String)] = [
        ("empty", [], "No ASIN was found in 0 lines"),
        ("only comments", Array("# one\n#two\n\n".utf8), "No ASIN was found in 3 lines"),
        (
            "random bytes", (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 >> 3) },
            "list.txt:1: "
        ),
        ("NULs", [UInt8](repeating: 0, count: 3_000), "list.txt:1: "),
        (
            "UTF-16 without a mark", "B0086FFHLS\n".utf16.flatMap { [UInt8($0 & 0xFF), 0] },
            "list.txt:1: looks like UTF-16; save it as UTF-8"
        ),
        (
            "a steered terminal", Array("\u{1B}]0;title\u{7}\u{1B}[2J\u{202E}\u{9B}31m\n".utf8),
            "list.txt:1: "
        ),
        ("a UPC", Array("\n601234567893".utf8), "list.txt:2: 12 digits are a UPC, not an ASIN"),
    ]

    @Test("A file without an ASIN is bad data", arguments: hopeless.map(\.name))
    func withoutASIN(name: String) async throws {
        let (_, bytes, says) = try #require(Self.hopeless.first { $0.name == name })
        let bench = try await Bench()
        try bench.write("list.txt", bytes)
        let finished = try await bench.asinqd("enqueue", "--images", "list.txt")
        #expect(finished.code == 65)
        #expect(finished.errors.contains(says), "\(finished)")
        #expect(rawControls(in: finished.errors).isEmpty)
        #expect(finished.errorLines.count <= 23)
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test("Bad lines are listed by file and line, and the others are enqueued")
    func someBadLines() async throws {
        let bench = try await Bench()
        try bench.write("one.txt", "B0086FFHLS\n\n# comment\nB00\n")
        try bench.write("two.txt", "nonsense!\nB0086FFHL2")
        let finished = try await bench.asinqd("enqueue", "--images", "one.txt", "two.txt")
        #expect(finished.code == 0 && finished.added == "images: 2 jobs added\n")
        #expect(finished.errorLines.map { $0.prefix(10) } == ["one.txt:4:", "two.txt:1:"])
        let piped = try await bench.asinqd("enqueue", "--images", input: "B0086FFHL3\n?\n")
        #expect(piped.errors.hasPrefix("standard input:2: "))
    }

    @Test("A line with two products is bad, and counts for --strict")
    func twoProducts() async throws {
        let bench = try await Bench()
        let address = "https://www.amazon.com/dp/"
        try bench.write(
            "list.txt",
            """
            \(address)B0086FFHLS/ \(address)B00NNUMI86
            \(address)B0086FFHLS/,\(address)B00NNUMI86
            \(address)B0086FFHLS/\t2
            "\(address)B0086FFHLS/","B00NNUMI86"
            \(address)B0086FFHLS/B00NNUMI86
            B0086FFHLS B00NNUMI86
            B00NNUMI86
            """)
        let strict = try await bench.asinqd("enqueue", "--images", "--strict", "list.txt")
        #expect(strict.code == 65 && strict.errors.contains("list.txt:6: "), "\(strict)")
        let finished = try await bench.asinqd("enqueue", "--images", "--json", "list.txt")
        struct Report: Decodable {
            var products: Int
            var badLines: Int
        }
        let report = try finished.decoded(Report.self)
        #expect(report.products == 1 && report.badLines == 6)
        let products: [String] = try bench.column("SELECT product FROM queue")
        #expect(products == ["B00NNUMI86"])
    }

    private static let strictInputs = ["list.txt", "-", "/dev/stdin"]

    @Test(
        "Strict adds nothing when a line is bad, from any input", arguments: strictInputs)
    func strictWithBadLines(input: String) async throws {
        let bench = try await Bench()
        let list = "B0086FFHLS\nB00\n"
        try bench.write("list.txt", list)
        let finished = try await bench.asinqd("enqueue", "--images", "--strict", input, input: list)
        #expect(finished.code == 65 && finished.text.isEmpty)
        #expect(finished.errors.contains(":2: ") && finished.errors.contains("--strict"))
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test("Strict adds all when no line is bad, from any input", arguments: strictInputs)
    func strictWithGoodLines(input: String) async throws {
        let bench = try await Bench()
        let list = "B0086FFHLS\n# good\nB0086FFHL2\n"
        try bench.write("list.txt", list)
        let finished = try await bench.asinqd("enqueue", "--images", "--strict", input, input: list)
        #expect(finished.code == 0 && finished.added == "images: 2 jobs added\n", "\(finished)")
    }

    @Test("Strict reads all files before it adds from the first")
    func strictWithFiles() async throws {
        let bench = try await Bench()
        try bench.write("good.txt", asins(3).joined(separator: "\n"))
        try bench.write("bad.txt", "B0086FFHLS\n-\n")
        let finished = try await bench.asinqd(
            "enqueue", "--barcodes", "--strict", "good.txt", "bad.txt")
        #expect(finished.code == 65 && finished.errors.hasPrefix("bad.txt:2: "))
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test(
        "An unreadable file is reported before anything is added",
        arguments: ["missing.txt", "folder", "missing/list.txt", "list.txt/x"])
    func unreadable(name: String) async throws {
        let bench = try await Bench()
        try bench.write("list.txt", asins(3).joined(separator: "\n"))
        try FileManager.default.createDirectory(
            atPath: bench.path("folder"), withIntermediateDirectories: true)
        let finished = try await bench.asinqd("enqueue", "--images", "list.txt", name)
        #expect(finished.code == 65)
        #expect(finished.errors.contains(name) && finished.errors.contains("Try: "))
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test(
        "A file without permission is bad data",
        .disabled(if: getuid() == 0, "root may read every file"))
    func withoutPermission() async throws {
        let bench = try await Bench()
        try bench.write("list.txt", asins(1)[0])
        #expect(chmod(bench.path("list.txt"), 0) == 0)
        let finished = try await bench.asinqd("enqueue", "--images", "list.txt")
        #expect(finished.code == 65 && finished.errors.contains("list.txt cannot be read"))
    }

    @Test(
        "Wrong arguments are a usage error, and nothing is created",
        arguments: [
            ["list.txt"], ["--images", "-", "-"], ["--images", "--priority", "10", "list.txt"],
            ["--images", "--label", "", "list.txt"], ["--images", "--max-age", "soon", "list.txt"],
            ["--images", "--not-before", "2026-13-01", "list.txt"],
            ["--images", "--not-before", "tomorrow", "list.txt"],
            ["--images", "--not-before=-100000w", "list.txt"], ["--pictures", "list.txt"],
            ["--images", "--label", String(repeating: "x", count: 101), "list.txt"],
        ])
    func usage(arguments: [String]) async throws {
        let bench = try await Bench()
        try bench.write("list.txt", asins(1)[0])
        let finished = try await bench.asinqd(["enqueue"] + arguments)
        #expect(finished.code == 64, "\(finished)")
        #expect(finished.text.isEmpty && finished.errors.contains("Usage: asinqd enqueue"))
        #expect(!FileManager.default.fileExists(atPath: bench.database))
    }
}
