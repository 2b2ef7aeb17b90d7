import Foundation
import ProgramHarness
import Testing

@Suite("Products in a file")
struct ProductFilesTests {
    private static let commands = ["cancel", "retry", "pause", "resume", "results"]

    @Test(
        "A file's name is not a product: it is rejected, and --file is suggested",
        arguments: commands)
    func refused(command: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(2))
        try bench.write("list.txt", asins(2).joined(separator: "\n"))
        var wrong = [
            ["--images", "list.txt"], ["--images", "missing.txt"], ["--images", "-"],
            ["--lookup", "list.txt"], ["--search", "list.txt"], ["--search", "-"],
            ["--images", "B0086"], ["--images", asins(1)[0], "./list.txt"],
        ]
        if command != "results" { wrong += [["list.txt"], ["-"], ["nonsense"]] }
        for arguments in wrong {
            let finished = try await bench.asinqd([command] + arguments)
            #expect(finished.code == 64 && finished.text.isEmpty, "\(finished)")
            #expect(finished.errors.contains("Try: ") && finished.errors.contains("--file"))
        }
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'available'") == 2)
        if command == "results" {
            let chain = try await bench.asinqd("results", "--chain", "list.txt")
            #expect(chain.code == 64, "\(chain)")
        }
    }

    @Test(
        "A file is read as enqueue reads it, with its bad lines reported",
        arguments: ["list.txt", "-"])
    func cancel(source: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(5))
        try await bench.enqueue("barcodes", asins(5))
        let list = "# sold\n\(asins(1)[0].lowercased())\n\nB00\n\"\(asins(2)[1])\"\r\n"
        try bench.write("list.txt", list)
        let finished = try await bench.asinqd(
            "cancel", "--images", "--barcodes", "--file", source, asins(3)[2], input: list)
        #expect(finished.code == 0 && finished.text == "6 jobs cancelled\n", "\(finished)")
        #expect(finished.errors.contains(":4: an ASIN has 10 characters, not 3: B00"))
    }

    @Test("Jobs in a file are paused, resumed and retried")
    func others() async throws {
        let bench = try await Bench()
        try await bench.enqueue("lookup", ["885909456017", "96385074", "4006381333931"])
        try bench.write("codes.txt", "8-85909-45601-7\n96385074\n")
        try bench.write("more.txt", "4006381333931\n")
        let pause = try await bench.asinqd("pause", "--lookup", "--file", "codes.txt")
        #expect(pause.text == "2 jobs paused\n")
        let resume = try await bench.asinqd(
            "resume", "--lookup", "--file", "codes.txt", "--file", "more.txt")
        #expect(resume.text == "2 jobs resumed\n")
        let retry = try await bench.asinqd("retry", "--lookup", "--file", "codes.txt")
        #expect(retry.code == 0 && retry.text == "0 jobs put back\n")
        try await bench.enqueue("search", ["lego star wars"])
        let cancel = try await bench.asinqd(
            "cancel", "--search", "--file", "-", input: "lego  star wars\n")
        #expect(cancel.text == "1 job cancelled\n")
    }

    @Test(
        "A list without a product selects nothing, rather than everything", arguments: commands,
        ["", "# none\n", "x\n"])
    func empty(command: String, list: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        let finished = try await bench.asinqd(command, "--images", "--file", "-", input: list)
        #expect(finished.code == 65 && finished.errors.contains("No ASIN was found in"))
        #expect(
            try bench.number(
                "SELECT count(*) FROM queue WHERE state = 'available' AND not_before = 0")
                == 3)
        #expect(try bench.number("SELECT count(*) FROM lane WHERE paused_at IS NOT NULL") == 0)
    }

    @Test("An unreadable file, and one of unknown products, is rejected")
    func unreadable() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let missing = try await bench.asinqd("cancel", "--images", "--file", "missing.txt")
        #expect(missing.code == 65 && missing.errors.contains("missing.txt cannot be read"))
        try bench.write("list.txt", asins(1)[0])
        for arguments in [
            ["--file", "list.txt"], ["--images", "--lookup", "--file", "list.txt"],
            ["--label", "x", "--file", "list.txt"], ["--images", "--file", "-", "--file", "-"],
        ] {
            let finished = try await bench.asinqd(["cancel"] + arguments)
            #expect(finished.code == 64, "\(finished)")
        }
    }

    @Test("More products than one transaction holds are all found")
    func many() async throws {
        let bench = try await Bench()
        let list = asins(20_500).joined(separator: "\n")
        try bench.write("list.txt", list)
        try await bench.enqueue("images", asins(20_500))
        let finished = try await bench.asinqd("cancel", "--images", "--file", "list.txt")
        #expect(finished.text == "20,500 jobs cancelled\n", "\(finished)")
    }

    @Test("Results come in the file's order")
    func results() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        for asin in asins(3) {
            try bench.execute(
                """
                INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
                VALUES ('images', '\(asin)', 1, '{"title":"T","images":[]}', 1, 1)
                """)
        }
        try bench.write("list.txt", "\(asins(3)[2])\n\(asins(3)[0])\n")
        let finished = try await bench.asinqd(
            "results", "--images", "--format", "csv", "--file", "list.txt")
        let products = finished.text.split(whereSeparator: \.isNewline).dropFirst()
            .map { $0.prefix(10) }
        #expect(products.map(String.init) == [asins(3)[2], asins(3)[0]], "\(finished)")
    }

    @Test("A file whose name is not UTF-8 is read, and distinguished from one with a similar name")
    func names() async throws {
        let bench = try await Bench()
        bench.set("asinqd", try Bench.program())
        let script = """
            printf 'B0086FFHLS\\nx\\n' > "$(printf 'f\\374r.txt')"
            printf 'B0086FFHL2\\n' > "$(printf 'f\\344r.txt')"
            printf 'B0086FFHL3\\n' > "$(printf '\\364\\217\\276\\274.txt')"
            $asinqd enqueue --images *.txt || exit 1
            $asinqd enqueue --images --strict "$(printf 'f\\344r.txt')" || exit 2
            $asinqd cancel --images --file="$(printf 'f\\374r.txt')" || exit 3
            $asinqd enqueue --images "$(printf 'n\\377.txt')"; test $? = 65 || exit 4
            $asinqd enqueue --images --label "$(printf 'f\\374r')" -; test $? = 64 || exit 5
            $asinqd enqueue --images --database "$(printf 'd\\374')" -; test $? = 64 || exit 6
            $asinqd cancel --search "$(printf 'f\\374r')"; test $? = 64 || exit 7
            """
        let finished = try await bench.start(
            program: "/bin/sh", ["-c", script], input: Array("B0086FFHL4".utf8)
        ).ended()
        #expect(finished.code == 0, "\(finished)")
        #expect(finished.text.contains("images: 3 jobs added\n"), "\(finished)")
        #expect(finished.errors.contains("f\u{FFFD}r.txt:2: "), "\(finished)")
        #expect(finished.errors.contains("n\u{FFFD}.txt cannot be read"), "\(finished)")
        #expect(
            try bench.column("SELECT product FROM queue WHERE state = 'available' ORDER BY 1")
                == ["B0086FFHL2", "B0086FFHL3"])
    }
}
