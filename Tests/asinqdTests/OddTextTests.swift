import Foundation
import GRDB
import ProgramHarness
import Testing

/// Text that a program wrote in another encoding, into a file of an earlier version.
@Suite struct OddTextTests {
    /// `Früh` in Latin-1, and a label with a NUL.
    private static let spellings = ["CAST(x'4672FC68' AS TEXT)", "'a' || char(0) || 'b'"]

    @Test("Labels that are not UTF-8 hang no command, and their jobs are done")
    func hangs() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(1))
        try await bench.open().write { db in
            // As an earlier version accepted them.
            let triggers = try Row.fetchAll(
                db,
                sql:
                    "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'queue'"
            )
            for row in triggers { try db.execute(sql: "DROP TRIGGER \(row["name"] as String)") }
            for (number, label) in Self.spellings.enumerated() {
                for endpoint in ["images", "barcodes"] {
                    try db.execute(
                        sql: "INSERT INTO queue (endpoint, product, label) VALUES (?, ?, \(label))",
                        arguments: [endpoint, asins(9)[number + 3]])
                }
            }
            for row in triggers { try db.execute(sql: row["sql"]) }
        }
        for command in [["status"], ["status", "--json"], ["plan"], ["plan", "--json"]] {
            #expect(try await bench.asinqd(command).code == 0)
        }
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 5)
        #expect(try await bench.asinqd("audit").code == 0)
    }

    @Test(
        "A row with such a label is rejected with a message, on insert and on update",
        arguments: spellings
    )
    func refused(label: String) async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        for sql in [
            "INSERT INTO queue (endpoint, product, label) VALUES ('images', 'B0086FFHLS', \(label))",
            "UPDATE queue SET label = \(label)",
        ] {
            #expect {
                try bench.execute(sql)
            } throws: { error in
                "\(error)".contains("queue.label")
            }
        }
    }
}
