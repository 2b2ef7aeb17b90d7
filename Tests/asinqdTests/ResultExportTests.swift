import Foundation
import ProgramHarness
import Testing

/// Results in the order in which they were stored, in files, and from where the last export ended.
@Suite("Exports of results") struct ResultExportTests {
    /// Stores results as a daemon does.
    private func store(_ numbers: Range<Int>, in bench: Bench) throws {
        try bench.execute(
            """
            WITH number (n) AS (
                SELECT \(numbers.lowerBound)
                UNION ALL SELECT n + 1 FROM number WHERE n + 1 < \(numbers.upperBound))
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
            SELECT 'images', printf('B0TE%06d', n), n % 10 <> 9,
                iif(n % 10 <> 9, json_object('title', 'x', 'images', json_array()), NULL),
                1777888800000 + n, 1
            FROM number
            """)
    }

    private func bench() async throws -> Bench {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1), "--label", "spring")
        return bench
    }

    private func products(_ csv: String) -> [String] {
        csv.split(separator: "\r\n").dropFirst().map { String($0.prefix(10)) }
    }

    @Test("Each run with a cursor writes what was stored since the one before")
    func cursor() async throws {
        let bench = try await bench()
        let export = ["results", "--images", "--cursor", "c", "--output", "out.csv"]
        func next() async throws -> [String] {
            let finished = try await bench.asinqd(export)
            #expect(
                finished.code == 0 && finished.text == "" && finished.errors == "", "\(finished)")
            defer { try? FileManager.default.removeItem(atPath: bench.path("out.csv")) }
            return products(try String(contentsOfFile: bench.path("out.csv"), encoding: .utf8))
        }
        try store(0..<30, in: bench)
        #expect(try await next() == asins(30))
        #expect(try await next() == [])
        // An answer that replaces an earlier one is a new one.
        try bench.execute(
            "UPDATE result SET fetched_at = fetched_at + 1 WHERE product = '\(asins(6)[5])'")
        try store(30..<32, in: bench)
        #expect(try await next() == [asins(6)[5]] + asins(30..<32))
    }

    @Test("With a cursor, an export that was not read yet is not replaced")
    func unread() async throws {
        let bench = try await bench()
        let export = ["results", "--images", "--cursor", "c", "--output", "out.csv"]
        try store(0..<3, in: bench)
        #expect(try await bench.asinqd(export).code == 0)
        try store(3..<5, in: bench)
        let refused = try await bench.asinqd(export)
        #expect(refused.code == 75 && refused.errors.contains("out.csv exists"), "\(refused)")
        let csv = try String(contentsOfFile: bench.path("out.csv"), encoding: .utf8)
        #expect(products(csv) == asins(3))
        try FileManager.default.removeItem(atPath: bench.path("out.csv"))
        #expect(try await bench.asinqd(export).code == 0)
        let rest = try String(contentsOfFile: bench.path("out.csv"), encoding: .utf8)
        #expect(products(rest) == Array(asins(5)[3...]))
    }

    @Test(
        "The results go neither into the cursor's file nor into the settings",
        arguments: ["./c", "asinqd.yaml"])
    func ownFiles(path: String) async throws {
        let bench = try await bench()
        try store(0..<3, in: bench)
        try "keep: {resultsDays: 0}".write(
            toFile: bench.path("asinqd.yaml"), atomically: true, encoding: .utf8)
        try "0".write(toFile: bench.path("c"), atomically: true, encoding: .utf8)
        let before = try String(contentsOfFile: bench.path(path), encoding: .utf8)
        let refused = try await bench.asinqd(
            "--config", "asinqd.yaml", "results", "--images", "--cursor", "c", "--output", path)
        #expect(refused.code != 0, "\(refused)")
        #expect(try String(contentsOfFile: bench.path(path), encoding: .utf8) == before)
    }

    @Test("Exports that are killed lose no result")
    func kills() async throws {
        let bench = try await bench()
        var seen: Set<String> = []
        func take() throws {
            guard let csv = try? String(contentsOfFile: bench.path("out.csv"), encoding: .utf8)
            else { return }
            // A file with that name is complete.
            #expect(csv.hasPrefix("asin,") && csv.hasSuffix("\r\n"))
            seen.formUnion(products(csv))
            try FileManager.default.removeItem(atPath: bench.path("out.csv"))
        }
        for round in 0..<30 {
            try store(round * 200..<(round + 1) * 200, in: bench)
            let export = try bench.start(
                "results", "--images", "--cursor", "c", "--output", "out.csv")
            export.die(afterMicroseconds: 1_000 * (round * 7 % 60))
            _ = try await export.ended()
            try take()
        }
        let last = try await bench.asinqd(
            "results", "--images", "--cursor", "c", "--output", "out.csv")
        #expect(last.code == 0, "\(last)")
        try take()
        #expect(seen == Set(asins(6_000)))
    }

    @Test("A place is stored only after the results are written", .enabled(if: geteuid() == 0))
    func fullDisk() async throws {
        let bench = try await Bench()
        let disk = try await bench.smallDisk()
        bench.set("ASINQD_DATABASE", "queue.sqlite")
        try await bench.enqueue("images", asins(1))
        try store(0..<2_000, in: bench)
        try await disk.fill()
        try await disk.run(
            "$asinqd results --database queue.sqlite --images --cursor c --output disk/out.csv; test $? = 1"
        )
        #expect(try await disk.run("ls disk") == "filler")
        #expect(try String(contentsOfFile: bench.path("c"), encoding: .utf8) == "")
        try await disk.free()
        try await disk.run(
            "$asinqd results --database queue.sqlite --images --cursor c --output disk/out.csv")
        #expect(try await disk.run("wc -l < disk/out.csv") == "2001")
    }

    @Test("A cursor is refused that is another export's, another database's, damaged or in use")
    func wrongCursors() async throws {
        let bench = try await bench()
        try store(0..<5, in: bench)
        func refusal(_ more: String...) async throws -> String {
            let finished = try await bench.asinqd(["results", "--images", "--cursor", "c"] + more)
            #expect(finished.code == 65 && finished.text == "", "\(finished)")
            return finished.errors
        }
        try bench.write("c", "9")
        #expect(try await refusal().contains("c is not a cursor of asinqd results."))
        try bench.write("c", "{\"endpoint\":\"images\",\"after\":\"2\",\"product\":\"B0TE000099\"}")
        #expect(try await refusal().contains("c is the cursor of another database"))
        try bench.write("c", "{\"endpoint\":\"images\",\"after\":\"6\"}")
        #expect(try await refusal().contains("c is the cursor of another database"))
        try bench.write("c", "{\"endpoint\":\"barcodes\",\"label\":\"x\",\"after\":\"2\"}")
        #expect(try await refusal().contains("another export: barcodes with the label x."))
        try bench.write("c", "{\"endpoint\":\"images\",\"isFound\":true,\"after\":\"2\"}")
        #expect(try await refusal("--not-found").contains("another export: images, found only."))
        try bench.write(
            "c", "{\"endpoint\":\"images\",\"after\":\"2\",\"product\":\"\(asins(2)[1])\"}")
        let follower = try bench.start(
            "results", "--images", "--cursor", "c", "--follow", "--format", "jsonl")
        _ = try await follower.output.line(asins(5)[4])
        // It has replaced the file by now, and still holds it.
        try store(5..<6, in: bench)
        _ = try await follower.output.line(asins(6)[5])
        let second = try await bench.asinqd("results", "--images", "--cursor", "c")
        #expect(second.code == 75 && second.errors.contains("c is in use by another export"))
        follower.send(SIGTERM)
        #expect(try await follower.ended().code != 0)
        let next = try await bench.asinqd("results", "--images", "--cursor", "c", "--format", "csv")
        #expect(products(next.text) == [])
        for path in ["queue.sqlite", "queue.sqlite-wal", "./queue.sqlite"] {
            for option in ["--cursor", "--output"] {
                let finished = try await bench.asinqd("results", "--images", option, path)
                #expect(finished.code == 64 && finished.errors.contains("the database itself"))
            }
        }
        #expect(try bench.number("SELECT count(*) FROM result") == 6)
    }

    @Test("Results are chosen by label, time, place and whether they were found")
    func chosen() async throws {
        let bench = try await bench()
        try store(0..<20, in: bench)
        func some(_ more: String...) async throws -> [String] {
            let finished = try await bench.asinqd(
                ["results", "--images", "--format", "csv"] + more)
            #expect(finished.code == 0, "\(finished)")
            return products(finished.text)
        }
        #expect(try await some("--not-found") == [asins(10)[9], asins(20)[19]])
        #expect(try await some("--found", asins(1)[0], asins(10)[9]) == asins(1))
        #expect(try await some("--label", "spring") == asins(1))
        #expect(try await some("--since", "2026-05-04T10:00:00.018Z") == asins(18..<20))
        #expect(try await some("--after", "18", "--found") == [asins(19)[18]])
        let rest = try await bench.asinqd(
            "results", "--images", "--after", "18", "--format", "jsonl")
        #expect(rest.lines.count == 2)
        #expect(rest.errors == "Cursor: 20. Continue with --after 20.\n")
        for wrong in ["x", "21", "99999999999999999999"] {
            let refused = try await bench.asinqd("results", "--images", "--after", wrong)
            #expect(refused.code == 64 && refused.errors.contains("not a cursor of this database"))
        }
        #expect(try await bench.asinqd("results", "--images", "--label", "sprng").code == 1)
        let none = try await bench.asinqd("results", "--images", "--since", "2027-01-01")
        #expect(none.code == 0 && none.errors == "No result matches.\n")
    }

    @Test("Columns are chosen, and the format by the file's name")
    func columns() async throws {
        let bench = try await bench()
        try store(0..<2, in: bench)
        let some = try await bench.asinqd("results", "--images", "--columns", "fetched_at,asin")
        #expect(
            some.text
                == "fetched_at,asin\r\n2026-05-04T10:00:00.000Z,\(asins(1)[0])\r\n2026-05-04T10:00:00.001Z,\(asins(2)[1])\r\n"
        )
        let none = try await bench.asinqd("results", "--images", "--columns", "asn")
        #expect(none.code == 64)
        #expect(none.errors.contains("Try: use asin, found, title, position, url, fetched_at."))
        #expect(
            try await bench.asinqd("results", "--images", "--columns", "asin", "--format", "json")
                .code == 64)
        try bench.write("earlier.txt", "earlier")
        for (name, start) in [
            ("a.csv", "asin,"), ("a.jsonl", "{\"asin\""), ("a.json", "[\n"),
            ("earlier.txt", "ASIN"),
        ] {
            #expect(try await bench.asinqd("results", "--images", "--output", name).code == 0)
            #expect(try String(contentsOfFile: bench.path(name), encoding: .utf8).hasPrefix(start))
        }
        try FileManager.default.createSymbolicLink(
            atPath: bench.path("link"), withDestinationPath: "a.csv")
        #expect(
            try await bench.asinqd("results", "--images", "--output", "link", "--columns", "asin")
                .code == 0)
        #expect(
            try String(contentsOfFile: bench.path("a.csv"), encoding: .utf8).hasPrefix("asin\r\n"))
        try bench.write("list.txt", asins(1)[0])
        let input = try await bench.asinqd(
            "results", "--images", "--file", "list.txt", "--output", "./list.txt")
        #expect(input.code == 64 && input.errors.contains("a file that the command reads"))
        #expect(
            try await bench.asinqd("results", "--images", "--excel", "--output", "a.json").code
                == 64)
        let device = try await bench.asinqd("results", "--images", "--output", "/dev/null")
        #expect(device.code == 64 && device.errors.contains("not a regular file"), "\(device)")
        #expect(try await bench.asinqd("results", "--images", "--output", "no/a.csv").code == 1)
        #expect(!FileManager.default.fileExists(atPath: bench.path(".a.csv.asinqd-partial")))
    }

    @Test("A spreadsheet's file has codes as texts, and enqueue reads it")
    func spreadsheet() async throws {
        let bench = try await Bench()
        _ = try await bench.bothSandboxes()
        try await bench.enqueue("lookup", ["885909456017"])
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let excel = try await bench.asinqd(
            "results", "--lookup", "--excel", "--output", "codes.csv")
        #expect(excel.code == 0, "\(excel)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.path("codes.csv")))
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\r\n\"=\"\"0885909456017\"\"\",1,"))
        let again = try await bench.asinqd("enqueue", "--lookup", "--column", "code", "codes.csv")
        #expect(again.code == 0 && again.text.contains("1 job added"), "\(again)")
    }

    @Test("Results are printed as they are stored, until no job is open")
    func follow() async throws {
        let bench = try await bench()
        _ = try await bench.sandbox()
        try store(1..<2, in: bench)
        let follower = try bench.start(
            "results", "--images", "--follow", "--until-empty", "--format", "jsonl")
        _ = try await follower.output.line(asins(2)[1])
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let finished = try await follower.ended()
        #expect(finished.code == 0)
        #expect(finished.lines.count == 2 && finished.lines[1].contains(asins(1)[0]))
        #expect(try await bench.asinqd("results", "--images", "--until-empty").code == 64)
        #expect(
            try await bench.asinqd("results", "--images", "--follow", "--output", "x").code == 64)
        #expect(try await bench.asinqd("results", "--images", "--follow", asins(1)[0]).code == 64)
        #expect(try await bench.asinqd("results", "--chain", "--follow").code == 64)
    }
}
