import Foundation
import GRDB
import ProgramHarness
import Testing

@Suite struct DeadLettersTests {
    @Test("The rejected products of a batch become dead letters, and no others")
    func rejected() async throws {
        let bench = try await Bench()
        let bad = [asins(17)[16], asins(3)[2]]
        let sandbox = try await bench.sandbox(faults: "reject=\(bad.joined(separator: "+"))")
        try await bench.enqueue("images", asins(40))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 1 && run.errors.contains("images: 2 new dead letters"), "\(run)")
        let dead: [String] = try bench.column(
            "SELECT product FROM queue WHERE state = 'discarded' ORDER BY product")
        #expect(dead == bad.sorted())
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 38)
        let reported = try await bench.status()["images"]
        #expect(reported?.jobs["discarded"] == 2)
        #expect(reported?.deadLetters.map(\.product).sorted() == bad.sorted())
        #expect(
            reported?.deadLetters.allSatisfy { $0.error.contains("valid Amazon.com product") }
                == true)

        try await sandbox.setFaults("none")
        let retry = try await bench.asinqd("retry", "--images", bad[0])
        #expect(retry.text == "1 job put back\n")
        #expect(try await bench.asinqd("retry", "--barcodes").text == "0 jobs put back\n")
        #expect(try await bench.asinqd("retry", "--images", "--json").text.contains(#""jobs" : 1"#))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 40)
    }

    /// Failures count only while other calls succeed, and each defers the job; so the test shortens the waits
    /// and adds a good job each time.
    @Test("A product that always fails becomes a dead letter, and takes no other with it")
    func poisoned() async throws {
        let bench = try await Bench()
        let bad = asins(3)[2]
        let sandbox = try await bench.sandbox(faults: "poison=\(bad)")
        try await bench.enqueue("images", asins(500..<501))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)
        try await bench.enqueue("images", asins(6))
        for round in 1...40 {
            try await bench.until(
                "SELECT count(*) FROM ledger WHERE settled_at IS NULL", is: 0)
            if try bench.number("SELECT count(*) FROM queue WHERE state = 'discarded'") > 0 {
                break
            }
            try #require(round < 40)
            let calls = try bench.number("SELECT count(*) FROM ledger")
            try await bench.enqueue("images", asins(500 + round..<501 + round))
            try bench.execute("UPDATE queue SET not_before = 0 WHERE state = 'available'")
            #expect(try await bench.asinqd("resume", "--images").code == 0)
            let database = try bench.open()
            _ = try await eventually("another call") {
                try database.read { db in
                    try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM ledger WHERE settled_at IS NOT NULL")
                }.flatMap { $0 > calls ? $0 : nil }
            }
        }
        let dead: [String] = try bench.column("SELECT product FROM queue WHERE state = 'discarded'")
        #expect(dead == [bad])
        try await sandbox.setFaults("none")
        try bench.execute("UPDATE queue SET not_before = 0 WHERE state = 'available'")
        #expect(try await bench.asinqd("resume", "--images").code == 0)
        #expect(try await bench.asinqd("retry", bad).text == "1 job put back\n")
        try await bench.until(
            "SELECT count(*) FROM queue WHERE state = 'completed'",
            is: try bench.number("SELECT count(*) FROM queue"))
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }
}
