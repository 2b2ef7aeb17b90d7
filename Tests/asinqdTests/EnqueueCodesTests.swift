import ProgramHarness
import Testing

@Suite struct EnqueueCodesTests {
    private func products(_ bench: Bench) throws -> [String] {
        try bench.column("SELECT product FROM queue ORDER BY id")
    }

    @Test("A code is one job in any spelling, and eight digits stay as they are")
    func oneJob() async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd(
            "enqueue", "--lookup",
            input: """
                # UPC-A, EAN-13, GTIN-14, with and without hyphens and spaces
                885909456017
                0885909456017
                00885909456017
                0-88590-94560-17
                "0 885909 456017"   # the same
                \u{FEFF}0306406152\r
                978-0-306-40615-7
                080442957x
                96385074
                20008236914225

                """)
        #expect(finished.code == 0 && finished.errors.isEmpty, "\(finished)")
        #expect(finished.added == "lookup: 5 jobs added, 5 repeated in the input\n")
        #expect(
            try products(bench) == [
                "0885909456017", "9780306406157", "9780804429573", "96385074", "20008236914225",
            ])
    }

    @Test("A wrong line is reported with its number and its error, and does not stop the others")
    func wrong() async throws {
        let bench = try await Bench()
        let lines = [
            "885909456018", "12345678", "0306406153", "B0086FFHLS", "12345", "0885909456017",
        ]
        let finished = try await bench.asinqd(
            "enqueue", "--lookup", input: lines.joined(separator: "\n"))
        #expect(finished.code == 0)
        #expect(try products(bench) == ["0885909456017"])
        let errors = finished.errorLines
        #expect(errors.count == 5, "\(finished)")
        for (index, words) in [
            "check digit of this UPC should be 7", "should be 0", "should be 2", "ASIN", "5",
        ].enumerated() where index < errors.count {
            #expect(errors[index].hasPrefix("standard input:\(index + 1): "))
            #expect(errors[index].contains(words), "\(errors[index])")
        }
        #expect(errors[1].contains("UPC-E"))
        let none = try await bench.asinqd("enqueue", "--lookup", input: "x\n")
        #expect(none.code == 65 && none.errors.contains("No code was found in 1 line."))
        let strict = try await bench.asinqd(
            "enqueue", "--lookup", "--strict", input: "4006381333931\n885909456018\n")
        #expect(strict.code == 65)
        #expect(try products(bench).count == 1)
    }

    @Test("A query is a line with single blanks; only a # at its beginning makes it a comment")
    func queries() async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd(
            "enqueue", "--search", "--pages", "7",
            input: "# toys\n  lego   star wars \r\nlego star wars\n\"exact\" # 5\n\n\ta\u{7}b\n")
        #expect(finished.code == 0)
        #expect(finished.added == "search: 2 jobs added, 1 repeated in the input\n", "\(finished)")
        #expect(finished.errors.hasPrefix("standard input:6: "))
        #expect(try products(bench) == ["lego star wars", "\"exact\" # 5"])
        #expect(try bench.number("SELECT sum(pages) FROM queue") == 14)
        #expect(finished.text.contains("needs 14 of today's 20 tokens"), "\(finished)")
    }

    @Test("A waiting search is widened to more pages, never narrowed, and has two by default")
    func pages() async throws {
        let bench = try await Bench()
        for (more, pages) in [([], 2), (["--pages", "5"], 5), (["--pages", "3"], 5), ([], 5)] {
            let finished = try await bench.asinqd(
                ["enqueue", "--search"] + more, input: "lego\n")
            #expect(finished.code == 0)
            #expect(try bench.number("SELECT pages FROM queue") == pages)
        }
    }

    @Test(
        "A wrong combination of options is a usage error",
        arguments: [
            ["--lookup", "--images"], ["--search", "--lookup"], ["--images", "--then-lookup"],
            ["--lookup", "--pages", "3"], ["--search", "--pages", "0"],
            ["--search", "--pages", "101"], ["--lookup", "--then-lookup"],
        ])
    func usage(arguments: [String]) async throws {
        let finished = try await Bench().asinqd(["enqueue"] + arguments, input: "x\n")
        #expect(finished.code == 64 && finished.text.isEmpty, "\(finished)")
    }

    @Test("Jobs are found by any spelling of a code, and by a query's words")
    func selection() async throws {
        let bench = try await Bench()
        try await bench.enqueue("lookup", ["0885909456017", "4006381333931"])
        try await bench.enqueue("search", ["lego star wars"])
        func cancelled(_ arguments: String...) async throws -> String {
            try await bench.asinqd(["cancel"] + arguments).text
        }
        #expect(try await cancelled("--lookup", "8-85909-45601-7") == "1 job cancelled\n")
        #expect(try await cancelled("4006381333931") == "1 job cancelled\n")
        #expect(try await cancelled("--search", " lego  star wars") == "1 job cancelled\n")
        let wrong = try await bench.asinqd("cancel", "--lookup", "4006381333932")
        #expect(wrong.code == 64 && wrong.errors.contains("check digit"), "\(wrong)")
    }

    @Test(
        "With a lookup of codes, the report has the number that may follow, and the latest end"
    )
    func leadsOn() async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd(
            "enqueue", "--barcodes", "--then-lookup", input: "B000000001\nB000000002\n")
        let last = try #require(finished.lines.last)
        #expect(last.hasPrefix("lookup: up to 2 more follow, all done by "), "\(finished)")
        #expect(last.hasSuffix(" at the latest"), "\(finished)")
        let plain = try await bench.asinqd("enqueue", "--barcodes", input: "B000000003\n")
        #expect(!plain.text.contains("follow"))
    }

    @Test("A dry run reports the same and changes nothing")
    func dryRun() async throws {
        let bench = try await Bench()
        try await bench.enqueue("search", ["lego"])
        let finished = try await bench.asinqd(
            "enqueue", "--search", "--pages", "4", "--dry-run", input: "lego\nduplo\n")
        #expect(finished.added == "search: 1 job would be added, 1 widened\n")
        #expect(finished.text.contains("needs 4 of today's 20 tokens"), "\(finished)")
        #expect(try bench.number("SELECT sum(pages) FROM queue") == 2)
    }
}
