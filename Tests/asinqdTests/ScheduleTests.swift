import Foundation
import ProgramHarness
import Testing

/// `asinqd schedule`, and the daemon that works schedules.
@Suite struct ScheduleTests {
    private func add(_ bench: Bench, _ more: String..., input: String = "") async throws -> Finished
    {
        try await bench.asinqd(
            ["schedule", "add", "--images", "--label", "catalog", "--every", "7d"] + more,
            input: input)
    }

    @Test("A list becomes a schedule, is extended by the same command, and bad lines are reported")
    func added() async throws {
        let bench = try await Bench()
        let first = try await add(bench, "-", input: (asins(3) + ["oops"]).joined(separator: "\n"))
        #expect(first.code == 0, "\(first)")
        #expect(first.lines == ["images: catalog, every 7 d, 3 products added"])
        #expect(first.errors.contains("standard input:4: an ASIN has 10 characters, not 4: oops"))
        let second = try await bench.asinqd(
            "schedule", "add", "--images", "--label", "catalog", "--every", "1d", "-",
            input: asins(1..<5).joined(separator: "\n"))
        #expect(
            second.lines == ["images: catalog, every 24 h, 2 products added, 2 in the list before"])
        let list = try await bench.asinqd("schedule", "list")
        #expect(list.code == 0 && list.lines.count == 2)
        #expect(list.lines[0].hasPrefix("SCHEDULE"))
        #expect(list.lines[1].contains("catalog") && list.lines[1].contains("keeps up"))
    }

    @Test("A table is read with the flags of enqueue")
    func table() async throws {
        let bench = try await Bench()
        try bench.write("stock.csv", "name,upc\nx,885909456017.0\ny,85909456017\n")
        let added = try await bench.asinqd(
            "schedule", "add", "--lookup", "--label", "stock", "--every", "1d", "--column", "upc",
            "--rejects", "rejects.csv", "stock.csv")
        #expect(added.code == 0 && added.lines[0].contains("1 product added"), "\(added)")
        #expect(FileManager.default.fileExists(atPath: bench.path("rejects.csv")))
    }

    @Test(
        "Wrong arguments are usage errors, and add nothing",
        arguments: [
            (["--images", "--label", "a", "--every", "7d"], "Name a FILE, or use --all-known."),
            (["--images", "--label", "a", "--every", "7d", "--all-known", "-"], "takes no FILE"),
            (["--label", "a", "--every", "7d", "--all-known"], "Choose an endpoint"),
            (["--images", "--label", "a", "--every", "59m", "--all-known"], "from 1h to 3650d"),
            (
                ["--images", "--label", "a", "--every", "7", "--all-known"],
                "whole number and a unit"
            ),
            (["--images", "--label", "", "--every", "7d", "--all-known"], "1 to 100 characters"),
            (["--images", "--every", "7d", "--all-known"], "--label"),
            (["--images", "--lookup", "--label", "a", "--every", "7d", "-"], "cannot be mixed"),
            (
                ["--images", "--label", "a", "--every", "7d", "--label-column", "x", "-"],
                "Unknown option '--label-column'"
            ),
        ] as [([String], String)])
    func usage(arguments: [String], message: String) async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd(["schedule", "add"] + arguments)
        #expect(finished.code == 64 && finished.errors.contains(message), "\(finished)")
    }

    @Test("A file without a product adds no schedule")
    func empty() async throws {
        let bench = try await Bench()
        let finished = try await add(bench, "-", input: "oops\n")
        #expect(finished.code == 65, "\(finished)")
        #expect(try await bench.asinqd("schedule", "list").lines == ["no schedules"])
    }

    @Test("A schedule of another kind or an unknown one is an error that says what to do")
    func refused() async throws {
        let bench = try await Bench()
        _ = try await add(bench, "--all-known")
        let list = try await add(bench, "-", input: asins(1)[0])
        #expect(list.code == 1)
        #expect(
            list.errors.contains(
                "The schedule catalog for images has all known products.\nTry: use another --label"),
            "\(list)")
        let unknown = try await bench.asinqd("schedule", "pause", "--label", "catalogue")
        #expect(unknown.code == 1)
        #expect(
            unknown.errors
                == "asinqd: There is no schedule catalogue.\nTry: use --label 'catalog', the nearest one.\n"
        )
        let account = try await bench.asinqd(
            "schedule", "add", "--images", "--label", "a", "--every", "7d", "--all-known",
            "--account", "third")
        #expect(account.code == 64 && account.errors.contains("There is no account third"))
    }

    @Test("Pause, resume and remove change it at each endpoint, or at one")
    func changed() async throws {
        let bench = try await Bench()
        _ = try await add(bench, "--barcodes", "-", input: asins(2).joined(separator: "\n"))
        let paused = try await bench.asinqd("schedule", "pause", "--label", "catalog", "--images")
        #expect(paused.lines == ["images: catalog paused"])
        #expect(try bench.column("SELECT is_paused FROM schedule ORDER BY endpoint") == [0, 1])
        _ = try await bench.asinqd("schedule", "resume", "--label", "catalog")
        #expect(try bench.column("SELECT is_paused FROM schedule ORDER BY endpoint") == [0, 0])
        let removed = try await bench.asinqd("schedule", "remove", "--label", "catalog")
        #expect(removed.lines == ["barcodes: catalog removed", "images: catalog removed"])
        #expect(try bench.number("SELECT count(*) FROM schedule_product") == 0)
    }

    @Test(
        "Help has an example for each of its commands",
        arguments: ["add", "list", "remove", "pause", "resume"])
    func help(command: String) async throws {
        let help = try await Bench().asinqd("schedule", command, "--help")
        #expect(help.code == 0 && help.text.contains("\n  asinqd schedule \(command)"))
    }

    @Test("A running daemon refreshes what is due, with rows of another program too")
    func daemon() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        let daemon = try await bench.daemon()
        _ = try await add(bench, "-", input: asins(150).joined(separator: "\n"))
        try await bench.until("SELECT count(*) FROM result WHERE endpoint = 'images'", is: 150)
        #expect(
            try bench.number(
                "SELECT count(*) FROM queue WHERE label = 'catalog' AND priority = 9") == 150)
        // Everything has grown old.
        try bench.execute(
            """
            UPDATE result SET fetched_at = fetched_at - 8 * 86400000;
            INSERT INTO schedule (endpoint, label, every_ms, is_all_known)
            VALUES ('images', 'other', 7 * 86400000, 1);
            """)
        try await bench.until(
            "SELECT count(*) FROM queue WHERE label = 'other' AND state = 'completed'", is: 150)
        daemon.send(SIGTERM)
        _ = try await daemon.ended()
        let status = try await bench.asinqd("status")
        #expect(
            status.text.contains("catalog (images) every 7 d: 150 products, 0 due, keeps up"),
            "\(status)")
    }

    @Test("Until the queue is empty, a daemon adds no jobs of schedules")
    func untilEmpty() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        _ = try await add(bench, "-", input: asins(5).joined(separator: "\n"))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(try bench.number("SELECT count(*) FROM queue") == 0)
    }

    @Test("The floor holds: with all of the day's tokens reserved, nothing is added")
    func floor() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_DAILY_FLOOR_PERCENT", "100")
        _ = try await add(bench, "-", input: asins(5).joined(separator: "\n"))
        let list = try await bench.asinqd("schedule", "list", "--json")
        #expect(list.text.contains(#""roundSeconds" : null"#), "\(list)")
        let check = try await bench.asinqd("check", "--offline")
        #expect(
            check.lines.contains {
                $0.hasPrefix("warning  schedule") && $0.contains("catalog (images)")
            },
            "\(check)")
        let daemon = try await bench.daemon()
        try await bench.enqueue("images", asins(10..<12))
        try await bench.until("SELECT count(*) FROM result", is: 2)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE label = 'catalog'") == 0)
        daemon.send(SIGTERM)
        _ = try await daemon.ended()
    }

    @Test("Plan shows what schedules need")
    func plan() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        _ = try await add(bench, "-", input: asins(600).joined(separator: "\n"))
        let plan = try await bench.asinqd("plan")
        let row = try #require(plan.lines.first { $0.hasPrefix("catalog") }, "\(plan)")
        #expect(
            row.split(separator: " ").map(String.init).dropLast(2)
                == ["catalog", "images", "7", "d", "600", "600", "86", "900,000"], "\(plan)")
        #expect(row.hasSuffix("keeps up"))
    }
}
