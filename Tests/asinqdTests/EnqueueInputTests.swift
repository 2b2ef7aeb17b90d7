import Foundation
import ProgramHarness
import Testing

@Suite struct EnqueueInputTests {
    /// Lists that contain B0086FFHLS, then B0086FFHL2, each in its own format.
    private static let lists: [(name: String, bytes: [UInt8])] = [
        ("plain", Array("B0086FFHLS\nB0086FFHL2\n".utf8)),
        ("no final newline", Array("B0086FFHLS\nB0086FFHL2".utf8)),
        ("blank lines", Array("\n\n  \t\nB0086FFHLS\n\n \nB0086FFHL2\n\n".utf8)),
        ("comments", Array("# asins\nB0086FFHLS # brush\n#B000000000\nB0086FFHL2\n".utf8)),
        ("lower case", Array("b0086ffhls\nB0086ffHL2\n".utf8)),
        ("byte order mark", [0xEF, 0xBB, 0xBF] + Array("B0086FFHLS\nB0086FFHL2\n".utf8)),
        ("CRLF", Array("B0086FFHLS\r\n\r\nB0086FFHL2\r\n".utf8)),
        ("blanks around", Array("  B0086FFHLS\t\n\u{A0}B0086FFHL2 \n".utf8)),
        ("quotes", Array("\"B0086FFHLS\"\n\"B0086FFHL2\"\n".utf8)),
        ("twice", Array("B0086FFHLS\nB0086FFHL2\nb0086ffhls\n".utf8)),
        (
            "addresses",
            Array(
                """
                https://www.amazon.com/Some-Thing/dp/B0086FFHLS/ref=sr_1_1?x=y
                https://www.amazon.de/gp/product/B0086FFHL2
                """.utf8)
        ),
    ]

    @Test("Lists are understood in every format", arguments: lists.map(\.name))
    func understood(name: String) async throws {
        let bytes = try #require(Self.lists.first { $0.name == name }?.bytes)
        let bench = try await Bench()
        try bench.write("list.txt", bytes)
        for input in [["list.txt"], ["-"], []] {
            let finished = try await bench.start(["enqueue", "--images"] + input, input: bytes)
                .ended()
            #expect(finished.code == 0 && finished.errors.isEmpty, "\(finished)")
            let products: [String] = try bench.column("SELECT product FROM queue ORDER BY id")
            #expect(products == ["B0086FFHLS", "B0086FFHL2"])
        }
    }

    @Test("Several files and standard input are read in the order given")
    func severalFiles() async throws {
        let bench = try await Bench()
        for (index, asin) in asins(3).enumerated() { try bench.write("\(index).txt", asin) }
        let finished = try await bench.asinqd(
            "enqueue", "--barcodes", "2.txt", "-", "0.txt", "1.txt", input: "B0086FFHLS")
        #expect(finished.added == "barcodes: 4 jobs added\n")
        let products: [String] = try bench.column("SELECT product FROM queue ORDER BY id")
        #expect(products == [asins(3)[2], "B0086FFHLS", asins(3)[0], asins(3)[1]])
    }

    @Test("A list enqueued again adds nothing, and the report says so")
    func again() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(5))
        let again = try await bench.asinqd(
            "enqueue", "--images", "--barcodes", input: asins(7).joined(separator: "\n"))
        #expect(
            again.added == "images: 2 jobs added, 5 already waiting\nbarcodes: 7 jobs added\n")
        #expect(try bench.number("SELECT count(*) FROM queue") == 14)
    }

    @Test("The job has the priority, label and earliest time")
    func options() async throws {
        let bench = try await Bench()
        try await bench.enqueue(
            "images", asins(1), "--priority", "0", "--label", "spring ü", "--not-before",
            "2090-01-02T03:04Z")
        let job: [String] = try bench.column(
            "SELECT priority || '|' || label || '|' || not_before FROM queue")
        #expect(job == ["0|spring ü|3787009440000"])
    }

    @Test("A product with a recent result is not added, one with an old result is")
    func maxAge() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        try bench.execute(
            """
            DELETE FROM queue;
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
            VALUES ('images', '\(asins(1)[0])', 1, '{}',
                    CAST((julianday('now', '-2 days') - 2440587.5) * 86400000 AS INTEGER), 1)
            """)
        for (age, text) in [
            ("3d", "images: 0 jobs added, 1 with a recent result\n"),
            ("1d", "images: 1 job added\n"),
        ] {
            let finished = try await bench.asinqd(
                "enqueue", "--images", "--max-age", age, input: asins(1)[0])
            #expect(finished.added == text && finished.code == 0)
        }
    }

    @Test("JSON has lines, products, bad lines and the result of each")
    func json() async throws {
        struct Report: Decodable {
            struct BadLine: Decodable, Equatable {
                var file: String
                var line: Int
                var reason: String
            }
            var lines: Int
            var products: Int
            var badLines: Int
            var firstBadLines: [BadLine]
            struct Endpoint: Decodable, Equatable {
                var added: Int
                var alreadyOpen: Int
                var fresh: Int
            }
            var endpoints: [String: Endpoint]
        }
        let bench = try await Bench()
        try bench.write("list.txt", "B0086FFHLS\n\nnot an ASIN\n")
        let finished = try await bench.asinqd("enqueue", "--images", "--json", "list.txt")
        let report = try finished.decoded(Report.self)
        #expect(report.lines == 3 && report.products == 1 && report.badLines == 1)
        #expect(report.firstBadLines.map(\.file) == ["list.txt"])
        #expect(report.firstBadLines.map(\.line) == [3])
        #expect(report.endpoints == ["images": .init(added: 1, alreadyOpen: 0, fresh: 0)])
        #expect(finished.code == 0 && finished.errorLines.count == 1)
    }

    @Test("A named pipe is read like a file")
    func namedPipe() async throws {
        let bench = try await Bench()
        #expect(mkfifo(bench.path("pipe"), 0o600) == 0)
        let enqueue = try bench.start(["enqueue", "--images", "pipe"], input: [])
        let writer = try bench.start(
            program: "/bin/sh", ["-c", "echo B0086FFHLS > pipe"], input: [])
        // A program that opens the pipe twice waits for a second list: it gets an empty one.
        try await eventually("the end of \(enqueue.command)") {
            if !writer.isRunning {
                let descriptor = open(bench.path("pipe"), O_WRONLY | O_NONBLOCK)
                if descriptor >= 0 { close(descriptor) }
            }
            return enqueue.isRunning ? nil : ()
        }
        let finished = try await enqueue.ended()
        #expect(finished.added == "images: 1 job added\n", "\(finished)")
        #expect(finished.code == 0)
    }
}
