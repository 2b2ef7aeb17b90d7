import Foundation
import ProgramHarness
import Testing

@Suite("Tables that are enqueued")
struct EnqueueTablesTests {
    private func jobs(_ bench: Bench) throws -> [String] {
        try bench.column(
            "SELECT product || ' ' || priority || ' ' || coalesce(label, '-') FROM queue ORDER BY product"
        )
    }

    @Test("The column that was found is reported on stderr, and a header that was skipped")
    func notes() async throws {
        let bench = try await Bench()
        try bench.write("table.csv", "title,asin\n\"a, b\",B0TE000001\nc,B0TE000002\nd,bad\n")
        try bench.write("list.txt", "ASIN\nB0TE000003\n")
        let finished = try await bench.asinqd("enqueue", "--images", "table.csv", "list.txt")
        #expect(finished.code == 0 && finished.added == "images: 3 jobs added\n", "\(finished)")
        #expect(
            finished.errorLines == [
                "table.csv: commas separate the columns; product: column 2 (asin)",
                "list.txt:1: header skipped",
                "table.csv:4: an ASIN has 10 characters, not 3: bad",
            ])
        let report = try #require(
            try await bench.asinqd("enqueue", "--images", "--json", "table.csv").json()
                as? [String: Any])
        let source = try #require((report["sources"] as? [[String: Any]])?.first)
        #expect(source["layout"] as? String == "table" && source["column"] as? Int == 2)
        #expect(source["columnName"] as? String == "asin" && source["headerLine"] as? Int == 1)
    }

    @Test("Where two columns qualify, nothing is added from any file until one is chosen")
    func several() async throws {
        let bench = try await Bench()
        try bench.write("list.txt", "B0TE000009\n")
        try bench.write("table.csv", "a,b\nB0TE000001,B0TE000002\nB0TE000003,B0TE000004\n")
        let asked = try await bench.asinqd("enqueue", "--images", "list.txt", "table.csv")
        #expect(asked.code == 65, "\(asked)")
        #expect(
            asked.errors.contains(
                "table.csv: More than one column has products: 1 (a), 2 (b).\nTry: choose one with --column."
            ), "\(asked)")
        #expect(try jobs(bench).isEmpty)
        let chosen = try await bench.asinqd("enqueue", "--images", "--column", "B", "table.csv")
        #expect(chosen.code == 0, "\(chosen)")
        #expect(try jobs(bench) == ["B0TE000002 5 -", "B0TE000004 5 -"])
        let file = try await bench.asinqd("cancel", "--images", "--file", "table.csv")
        #expect(file.code == 65 && file.errors.contains("a file of its own"), "\(file)")
    }

    @Test("A row's label and priority are its job's; others have those of the options")
    func labels() async throws {
        let bench = try await Bench()
        try bench.write(
            "table.tsv",
            "asin\tbrand\turgency\nB0TE000001\tLego\t0\nB0TE000002\t\t\nB0TE000003\tDuplo\t9\nB0TE000004\tx\t10\nB0TE000005\tLego\t\n"
        )
        let finished = try await bench.asinqd(
            "enqueue", "--images", "--label-column", "brand", "--priority-column", "urgency",
            "--label", "rest", "--priority", "4", "table.tsv")
        #expect(finished.code == 0 && finished.added == "images: 4 jobs added\n", "\(finished)")
        #expect(
            try jobs(bench) == [
                "B0TE000001 0 Lego", "B0TE000002 4 rest", "B0TE000003 9 Duplo",
                "B0TE000005 4 Lego",
            ])
        #expect(finished.errors.contains("table.tsv:5: the priority must be 0 to 9: 10"))
    }

    @Test("What was changed is counted and listed")
    func corrections() async throws {
        let bench = try await Bench()
        let list = "885909456017.0\n84113303210\n04252614\n8.85909E+11\n"
        try bench.write("list.txt", list)
        let options = ["enqueue", "--lookup", "--restore-zeros", "--expand-upc-e", "list.txt"]
        let finished = try await bench.asinqd(options)
        #expect(finished.code == 0 && finished.added == "lookup: 3 jobs added\n", "\(finished)")
        #expect(
            finished.lines.suffix(4) == [
                "corrected: 1 with a decimal point removed, 1 with a zero restored at the beginning, 1 expanded from UPC-E",
                "  list.txt:1: 885909456017.0 -> 0885909456017",
                "  list.txt:2: 84113303210 -> 0084113303210",
                "  list.txt:3: 04252614 -> 0042100005264",
            ], "\(finished)")
        let report = try #require(
            try await bench.asinqd(options + ["--json"]).json() as? [String: Any])
        let kinds = try #require(report["corrections"] as? [[String: Any]])
        #expect(
            kinds.map { $0["kind"] as? String } == ["decimalPoint", "restoredZero", "expandedUPCE"])
        #expect(kinds.allSatisfy { $0["count"] as? Int == 1 })
        let books = try await bench.asinqd(
            "enqueue", "--images", "--isbn-as-asin", input: "9780306406157\n")
        #expect(books.text.contains("1 changed from ISBN to ASIN"), "\(books)")
    }

    @Test(
        "Rejected lines are written with number, text and reason, and are enqueued once corrected")
    func rejects() async throws {
        let bench = try await Bench()
        try bench.write(
            "table.csv",
            "name,upc,rank\nx,84113303210,2\n\"y, z\",8.85909E+11,\nv,885909456017,1\nw,,3\n")
        try bench.write(
            "rejects.csv", "file,line,text,label,priority,reason\r\nx,1,y,an older one\r\n")
        let finished = try await bench.asinqd(
            "enqueue", "--lookup", "--rejects", "rejects.csv", "--label-column", "name",
            "--priority-column", "rank", "table.csv")
        #expect(finished.code == 0, "\(finished)")
        let rows = try String(contentsOfFile: bench.path("rejects.csv"), encoding: .utf8)
            .split(separator: "\r\n").map(String.init)
        #expect(rows.count == 4 && rows[0] == "file,line,text,label,priority,reason", "\(rows)")
        #expect(rows[1].hasPrefix("table.csv,2,84113303210,x,2,\"a UPC that lost the 0"), "\(rows)")
        #expect(
            rows[2].hasPrefix("table.csv,3,8.85909E+11,\"y, z\",,\"a spreadsheet rounded"),
            "\(rows)")
        #expect(rows[3] == "table.csv,5,\"w,,3\",,,no code in column 2 (upc)", "\(rows)")
        #expect(!FileManager.default.fileExists(atPath: bench.path(".rejects.csv.asinqd-partial")))
        let again = try await bench.asinqd(
            "enqueue", "--lookup", "--restore-zeros", "--column", "text", "--label-column",
            "label", "--priority-column", "priority", "rejects.csv")
        #expect(again.added == "lookup: 1 job added\n", "\(again)")
        #expect(try bench.number("SELECT priority FROM queue WHERE label = 'x'") == 2)
    }

    @Test("Rejects are complete when no line is good and with --strict, and their file must be one")
    func rejectsOfFailures() async throws {
        let bench = try await Bench()
        try bench.write("list.txt", "bad\nB0TE000001\n=x\n")
        let strict = try await bench.asinqd(
            "enqueue", "--images", "--strict", "--rejects", "strict.csv", "list.txt")
        #expect(strict.code == 65)
        let rows = try String(contentsOfFile: bench.path("strict.csv"), encoding: .utf8)
        #expect(rows.split(separator: "\r\n").count == 3 && rows.contains(",3,'=x,"), "\(rows)")
        let none = try await bench.asinqd(
            "enqueue", "--images", "--rejects", "none.csv", input: "bad\n")
        #expect(none.code == 65)
        #expect(
            try String(contentsOfFile: bench.path("none.csv"), encoding: .utf8)
                .contains("standard input,1,bad,"))
        try FileManager.default.createSymbolicLink(
            atPath: bench.path("link.csv"), withDestinationPath: bench.path("none.csv"))
        let contents = try String(contentsOfFile: bench.path("list.txt"), encoding: .utf8)
        for path in [".", "/dev/null", "/dev/stdout", "missing/x.csv", "list.txt", "link.csv"] {
            let refused = try await bench.asinqd(
                "enqueue", "--images", "--rejects", path, "list.txt")
            #expect(refused.code != 0 && refused.errors.contains("Try: "), "\(refused)")
        }
        #expect(
            try String(contentsOfFile: bench.path("list.txt"), encoding: .utf8) == contents)
        let database = try await bench.asinqd(
            "enqueue", "--images", "--dry-run", "--rejects", bench.database, "list.txt")
        #expect(database.code == 65, "\(database)")
        #expect(try jobs(bench).isEmpty, "the database is whole")
    }

    @Test("A workbook is refused with how to export it, and a compressed table is read from a pipe")
    func otherFormats() async throws {
        let bench = try await Bench()
        let workbook = try await bench.start(
            ["enqueue", "--images"], input: [0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 60)
        ).ended()
        #expect(workbook.code == 65 && workbook.errors.contains("Save as"), "\(workbook)")
        try bench.write("list.csv", "title,asin\nx,B0TE000001\n")
        let zip = try bench.start(
            program: "/bin/sh", ["-c", "gzip -k list.csv"], input: [])
        #expect(try await zip.ended().code == 0)
        let bytes = Array(try Data(contentsOf: URL(filePath: bench.path("list.csv.gz"))))
        let finished = try await bench.start(["enqueue", "--images"], input: bytes).ended()
        #expect(finished.added == "images: 1 job added\n", "\(finished)")
    }
}
