import Foundation
import ProgramHarness
import Sandbox
import TestSupport
import Testing

/// Lookups, searches and the chain, by the daemon against the sandbox.
@Suite struct UPCitemdbJobTests {
    private func codes(_ numbers: Range<Int>) -> [String] {
        numbers.map { code($0, from: 85_000_000_000) }
    }

    @Test(
        "Codes and queries are done, each page by a call, and server and ledger agree on every token"
    )
    func main() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.bothSandboxes()
        let unknown = "2000000000008"
        try await bench.enqueue("lookup", codes(0..<24) + [unknown])
        try await bench.enqueue("search", ["toys 25 matches", "unknown thing", "one 7 matches"])
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 28)
        let book = try await sandbox.upcitemdbCounts()
        #expect(book.lookup.calls == 25 && book.lookup.statuses == [200: 24, 404: 1])
        #expect(book.search.calls == 4 && book.search.statuses == [200: 3, 404: 1])
        #expect(book.lookup.refusedForBurst + book.search.refusedForBurst == 0)
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE outcome <> 'succeeded'") == 0)
        #expect(try bench.number("SELECT count(*) FROM item WHERE endpoint = 'lookup'") == 24)
        #expect(
            try bench.number("SELECT count(*) FROM item WHERE product = 'toys 25 matches'") == 20)
        #expect(try bench.number("SELECT count(*) FROM item WHERE product LIKE 'one%'") == 7)
        let found: [Int] = try bench.column(
            "SELECT found FROM result WHERE product IN ('\(unknown)', 'unknown thing')")
        #expect(found == [0, 0])
        #expect(try await bench.asinqd("audit").code == 0)
        let status = try await bench.status()
        // A NOT_FOUND costs nothing here.
        #expect(status.pools.dropFirst().map(\.tokensLeft) == [19_976, 1_997])
    }

    @Test("Each found ASIN's code is looked up when its barcodes arrive, and no code twice")
    func chain() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.bothSandboxes()
        try await bench.enqueue(
            "barcodes", asins(40) + ["B0UNKNOWN1"], "--then-lookup", "--label", "spring")
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        let codes: [String] = try bench.column("SELECT DISTINCT code FROM code ORDER BY code")
        #expect(codes.count > 20)
        let lookups: [String] = try bench.column(
            "SELECT product FROM queue WHERE endpoint = 'lookup' AND label = 'spring' ORDER BY product"
        )
        #expect(lookups == codes)
        #expect(try await sandbox.upcitemdbCounts().lookup.calls == codes.count)
        let table = try await bench.asinqd("results", "--chain", asins(1)[0], "B0UNKNOWN1")
        #expect(table.lines.last == "B0UNKNOWN1  -               the ASIN was not found")
        #expect(try bench.number("SELECT count(*) FROM chain WHERE merchant IS NOT NULL") > 20)

        // Known products are not requested again, at either endpoint.
        let again = try await bench.asinqd(
            "enqueue", "--barcodes", "--then-lookup", "--max-age", "1h",
            input: asins(40).joined(separator: "\n"))
        #expect(again.text == "barcodes: 0 jobs added, 40 with a recent result\n")
        // If only the codes are too old, only they are requested.
        try bench.execute("UPDATE result SET fetched_at = 0 WHERE endpoint = 'lookup'")
        let lookUps = try await bench.asinqd(
            "enqueue", "--barcodes", "--then-lookup", "--max-age", "1h",
            input: asins(40).joined(separator: "\n"))
        #expect(
            lookUps.text
                == "barcodes: 0 jobs added, 40 with a recent result, \(codes.count) codes to look up at once\n"
        )
    }

    @Test("Another program's barcodes job with then_lookup leads to a lookup as well")
    func otherProgram() async throws {
        let bench = try await Bench()
        _ = try await bench.bothSandboxes()
        try await bench.enqueue("images", asins(1))
        let daemon = try await bench.daemon()
        try bench.execute(
            """
            INSERT INTO queue (endpoint, product, then_lookup)
            VALUES ('barcodes', '\(asins(1)[0])', 0), ('barcodes', '\(asins(2)[1])', NULL)
            """)
        try await bench.until(
            "SELECT count(*) FROM result WHERE endpoint IN ('barcodes', 'lookup')", is: 3)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("After TOO_FAST no request leaves before the block ends, at either endpoint")
    func tooFast() async throws {
        let bench = try await Bench()
        // The server allows less than our settings do.
        let sandbox = try await bench.bothSandboxes(bursts: "3/2")
        try await bench.enqueue("lookup", codes(0..<8))
        try await bench.enqueue("search", ["toys 15 matches"])
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 9)
        let book = try await sandbox.upcitemdbCounts()
        #expect(book.lookup.refusedForBurst + book.search.refusedForBurst >= 1)
        for endpoint in [book.lookup, book.search] {
            #expect(endpoint.extendedBlocks == 0 && endpoint.early == 0)
        }
        #expect(
            try bench.number(
                "SELECT count(*) FROM ledger WHERE outcome = 'rate_limited' AND daily_left IS NOT NULL"
            ) == 0, "a burst's numbers are no balance of the day")
    }

    @Test("When the day's lookups are spent they wait for the reset that the server names")
    func dayIsOver() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.bothSandboxes(more: ["--upcitemdb-daily-lookups", "3"])
        bench.set("ASINQD_LOG_LEVEL", "debug")
        try await bench.enqueue("lookup", codes(0..<5))
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("event=hold", "endpoint=lookup", "reason=daily_pool")
        try await bench.enqueue("search", ["toys 15 matches"])
        try await bench.until(
            "SELECT count(*) FROM queue WHERE endpoint = 'search' AND state = 'completed'", is: 1)
        let lane = try #require(try await bench.status()["lookup"]?.lane)
        #expect(lane.state == "daily_pool")
        // The sandbox's day begins at 07:17 UTC.
        let reset = try #require(instant(lane.until)).timeIntervalSince1970
        #expect(abs(reset.truncatingRemainder(dividingBy: 86_400) - 437 * 60) < 3, "\(lane)")
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        let book = try await sandbox.upcitemdbCounts()
        #expect(book.lookup.calls == 3 && book.lookup.refusedForDay == 0)
    }

    @Test("A daemon that was killed continues a search at its page, and pays for no page twice")
    func pages() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.bothSandboxes()
        bench.set("ASINQD_UPCITEMDB_SEARCH_BURST", "1")
        bench.set("ASINQD_UPCITEMDB_SEARCH_BURST_SECONDS", "2")
        try await bench.enqueue("search", ["toys 35 matches"], "--pages", "3")
        for page in 1...2 {
            let daemon = try await bench.daemon()
            try await bench.until("SELECT pages_done FROM queue", is: page)
            daemon.send(SIGKILL)
            _ = try await daemon.ended()
        }
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(try bench.number("SELECT count(*) FROM item") == 30)
        #expect(try bench.number("SELECT count(DISTINCT ean) FROM item") == 30)
        #expect(try await sandbox.upcitemdbCounts().search.calls == 3)
    }

    @Test(
        "A wrong key halts the lane, with the server's message in the status")
    func halted() async throws {
        let bench = try await Bench()
        _ = try await bench.bothSandboxes()
        bench.set("ASINQD_UPCITEMDB_USER_KEY", "wrong-key")
        try await bench.enqueue("lookup", codes(0..<3))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1 && run.errors.contains("event=halted"), "\(run)")
        let status = try await bench.status()
        #expect(status["lookup"]?.lane.state == "halted")
        #expect(status["lookup"]?.lane.text.contains("key") == true)
        #expect(status["lookup"]?.lastTrouble?.httpStatus == 401)
        #expect(try bench.number("SELECT count(*) FROM ledger") == 1)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE failures > 0") == 0)
    }

    @Test(
        "A 404 without UPCitemdb's code may be a gateway's: the lane waits, and names the setting")
    func wrongAddress() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.bothSandboxes()
        bench.set("ASINQD_UPCITEMDB_URL", sandbox.upcitemdbAddress + "/v9")
        try await bench.enqueue("lookup", codes(0..<3))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NOT NULL", is: 2)
        let status = try await bench.status()
        #expect(status["lookup"]?.lane.state == "backing_off")
        #expect(
            status["lookup"]?.lane.text.contains("refuses calls (404), or upcitemdb.url is wrong")
                == true
        )
        #expect(status["lookup"]?.lastTrouble?.httpStatus == 404)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        #expect(try bench.number("SELECT sum(charged) FROM ledger") == 0)
    }

    @Test("An INVALID_UPC is a dead letter, and its neighbors are answered")
    func rejected() async throws {
        let bench = try await Bench()
        let codes = codes(0..<5)
        _ = try await bench.bothSandboxes(faults: "reject=\(codes[2])")
        try await bench.enqueue("lookup", codes)
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1, "\(run)")
        let dead: [String] = try bench.column(
            "SELECT product || ' ' || error FROM queue WHERE state = 'discarded'")
        #expect(dead.count == 1 && dead[0].hasPrefix("\(codes[2]) INVALID_UPC"), "\(dead)")
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 4)
    }

    @Test("While lookups never run out, a search has its turn")
    func turns() async throws {
        let bench = try await Bench()
        _ = try await bench.bothSandboxes()
        try await bench.enqueue("lookup", codes(0..<300))
        try await bench.enqueue("search", ["toys 15 matches"])
        let daemon = try await bench.daemon()
        try await bench.until(
            "SELECT count(*) FROM queue WHERE endpoint = 'search' AND state = 'completed'", is: 1)
        #expect(
            try bench.number(
                "SELECT count(*) FROM queue WHERE endpoint = 'lookup' AND state = 'available'") > 0)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("The user key is sent in a header field, and is in no log, row or command line")
    func key() async throws {
        let canary = "CANARY-55aa-user-key"
        let bench = try await Bench()
        _ = try await bench.bothSandboxes()
        bench.set("ASINQD_UPCITEMDB_USER_KEY", canary)
        bench.set("ASINQD_LOG_LEVEL", "trace")
        try await bench.enqueue("lookup", codes(0..<2))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1)
        var written = run.text + run.errors
        for arguments in [["status"], ["ledger", "--json"], ["check"], ["results", "--lookup"]] {
            let finished = try await bench.asinqd(arguments)
            written += finished.text + finished.errors
        }
        #expect(!written.contains("CANARY"))
        for name in try FileManager.default.contentsOfDirectory(atPath: bench.folder)
        where name.hasPrefix("queue.sqlite") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.path(name)))
            #expect(bytes.range(of: Data("CANARY".utf8)) == nil, "\(name)")
        }
    }
}

extension Bench {
    /// A sandbox of both providers, UPCitemdb's with the plan `dev` and bursts that let tests take tenths of
    /// seconds, and the settings that make the daemon use it.
    ///
    /// - Parameter bursts: The server's limits; the daemon assumes higher ones.
    func bothSandboxes(
        bursts: String = "1000000/1", faults: String = "none", more: [String] = []
    ) async throws -> RunningSandbox {
        let sandbox = try await sandbox(
            faults: faults,
            more: [
                "--upcitemdb-plan", "dev", "--upcitemdb-lookup-bursts", bursts,
                "--upcitemdb-search-bursts", bursts,
            ] + more)
        set("ASINQD_UPCITEMDB_URL", sandbox.upcitemdbAddress)
        set("ASINQD_UPCITEMDB_PLAN", "dev")
        set("ASINQD_UPCITEMDB_USER_KEY", "sandbox")
        set("ASINQD_UPCITEMDB_LOOKUP_BURST", "1000000")
        set("ASINQD_UPCITEMDB_SEARCH_BURST", "1000000")
        return sandbox
    }
}
