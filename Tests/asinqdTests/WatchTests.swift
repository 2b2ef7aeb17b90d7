import Foundation
import ProgramHarness
import Testing

@Suite struct WatchTests {
    private struct Event: Decodable {
        struct Call: Decodable { var id: Int }
        struct Job: Decodable { var id: Int }
        struct Lane: Decodable { var endpoint: String }

        var event: String
        var cursor: String
        var call: Call?
        var job: Job?
        var lane: Lane?

        /// `call 3`, `dead_letter 7`, `lane_paused images`.
        var key: String {
            event + (call.map { " \($0.id)" } ?? job.map { " \($0.id)" } ?? "")
                + (lane.map { " \($0.endpoint)" } ?? "")
        }
    }

    private func events(_ text: String) throws -> [Event] {
        try text.split(separator: "\n").map {
            try JSONDecoder().decode(Event.self, from: Data($0.utf8))
        }
    }

    /// A bench whose daemon has made some calls, and left a dead letter.
    private func worked() async throws -> Bench {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "reject=B0BADBAD01")
        try await bench.enqueue("images", asins(3) + ["B0BADBAD01"])
        _ = try await bench.asinqd("run", "--until-empty")
        return bench
    }

    /// The events after a cursor, once `count` lines have come.
    private func watch(_ bench: Bench, after cursor: String, count: Int) async throws -> [Event] {
        let watch = try bench.start("watch", "--json", "--after", cursor)
        _ = try await watch.output.first("\(count) lines") { bytes, _ in
            bytes.count { $0 == UInt8(ascii: "\n") } >= count ? () : nil
        }
        watch.send(SIGTERM)
        let finished = try await watch.ended()
        #expect(finished.code == 0 && finished.errors.isEmpty, "\(finished)")
        return try events(finished.text)
    }

    @Test("Calls, dead letters and lanes are printed as they come, across restarts of the daemon")
    func follows() async throws {
        let bench = try await worked()
        let watch = try bench.start("watch")
        let first = try await watch.output.line("watching")
        #expect(first.hasSuffix("\(bench.database), no daemon is running"))
        let before = try bench.number("SELECT max(id) FROM ledger")
        try await bench.enqueue("images", asins(10..<12))
        _ = try await bench.asinqd("run", "--until-empty")
        let call = try await watch.output.line("images: call \(before + 1) succeeded, 2 products")
        #expect(try call.contains(Regex(#"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  images: "#)))
        try await bench.enqueue("images", ["B0BADBAD01"])
        _ = try await bench.asinqd("run", "--until-empty")
        _ = try await watch.output.line("images: dead letter B0BADBAD01, job ")
        _ = try await bench.asinqd("pause", "--barcodes")
        _ = try await watch.output.line("barcodes: paused until `asinqd resume --barcodes`")
        _ = try await bench.asinqd("resume", "--barcodes")
        _ = try await watch.output.line("barcodes: resumed")
        watch.send(SIGINT)
        let finished = try await watch.ended()
        #expect(finished.code == 0 && finished.errors.isEmpty, "\(finished)")
        #expect(!finished.text.contains("call \(before) "), "an earlier call")
    }

    @Test("A halt is printed after the call that caused it, with the reason")
    func halts() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "wrong")
        try await bench.enqueue("images", asins(1))
        let watch = try bench.start("watch")
        _ = try await watch.output.line("watching")
        let daemon = try await bench.daemon()
        let halted = try await watch.output.line("images: halted: the provider rejected the key")
        let lines = watch.output.text.split(separator: "\n").map(String.init)
        let call = lines.firstIndex { $0.contains("images: call 1 unauthorized 401") }
        #expect(try #require(call) < lines.firstIndex(of: halted)!)
        for program in [daemon, watch] {
            program.send(SIGTERM)
            #expect(try await program.ended().code == 0)
        }
    }

    @Test("Continued after any line, it prints the lines after it")
    func continues() async throws {
        let bench = try await worked()
        let total = try bench.number(
            "SELECT (SELECT count(*) FROM ledger) + (SELECT count(*) FROM queue WHERE state = 'discarded')"
        )
        let all = try await watch(bench, after: "e_0", count: total + 1)
        #expect(all.count == total + 1 && all[0].event == "watching")
        #expect(all.contains { $0.event == "dead_letter" })
        for index in 1..<all.count {
            let rest = try await watch(bench, after: all[index].cursor, count: all.count - index)
            #expect(rest.dropFirst().map(\.key) == all.dropFirst(index + 1).map(\.key))
        }
        let ahead = try await bench.asinqd("watch", "--after", "e_999")
        #expect(ahead.code == 64 && ahead.errors.contains("Try: run asinqd watch without --after"))
        let wrong = try await bench.asinqd("watch", "--after", "j_0_1")
        #expect(wrong.code == 64 && wrong.errors.contains("j_0_1 is not one of asinqd watch"))
    }

    @Test("It starts while another program locks the database, and prints what is committed then")
    func locked() async throws {
        let bench = try await worked()
        let last = try bench.number("SELECT max(id) FROM ledger")
        let script = """
            import sqlite3, sys
            db = sqlite3.connect('queue.sqlite', isolation_level=None, timeout=60)
            db.execute('PRAGMA wal_autocheckpoint = 0')
            db.execute('BEGIN EXCLUSIVE')
            print('locked', flush=True)
            sys.stdin.readline()
            db.execute(\"\"\"
                INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)
                VALUES ('asinscope', 'images', '["B000000001"]', 1, 1, 2)\"\"\")
            db.execute(\"\"\"
                UPDATE ledger SET settled_at = 3, outcome = 'expired', charged = 1
                WHERE settled_at IS NULL\"\"\")
            db.execute('COMMIT')
            """
        let holder = try bench.start(
            program: "/usr/bin/env", ["python3", "-c", script], input: nil)
        _ = try await holder.output.line("locked")
        let watch = try bench.start("watch", "--json")
        _ = try await watch.output.line("watching")
        try await holder.write([0x0A])
        _ = try await watch.output.line("\"outcome\":\"expired\"")
        watch.send(SIGTERM)
        #expect(try events(try await watch.ended().text).last?.call?.id == last + 1)
    }

    @Test("A reader that goes away ends it, also while nothing happens")
    func closedPipe() async throws {
        let bench = try await worked()
        let shell = try bench.start(
            program: "/bin/bash",
            [
                "-c", "\"$0\" watch | head -n 1; echo \"codes ${PIPESTATUS[*]}\"",
                try Bench.program(),
            ],
            input: [])
        let finished = try await shell.ended()
        #expect(finished.lines.last == "codes 0 0", "\(finished)")
        #expect(finished.lines.first?.contains("watching") == true && finished.errors.isEmpty)
    }

    @Test("A database that is replaced ends it with an error")
    func replaced() async throws {
        let bench = try await worked()
        let watch = try bench.start("watch")
        _ = try await watch.output.line("watching")
        try FileManager.default.moveItem(
            atPath: bench.database, toPath: bench.path("moved.sqlite"))
        let finished = try await watch.ended()
        #expect(finished.code == 1 && finished.errors.contains("no longer the file"), "\(finished)")
    }
}
