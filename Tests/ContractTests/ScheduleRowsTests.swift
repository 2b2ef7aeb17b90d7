internal import Foundation
internal import GRDB
import Testing

/// Schedules, and their products, as other programs insert them.
struct ScheduleRowsTests {
    private let contract: Contract

    init() throws {
        contract = try Contract()
    }

    private func insert(
        _ column: String, _ value: String, at endpoint: String = "images", verb: String = "INSERT"
    ) -> String {
        var columns = ["endpoint": "'\(endpoint)'", "label": "'catalog'", "every_ms": "3600000"]
        columns[column] = value
        let named = columns.sorted { $0.key < $1.key }
        return "\(verb) INTO schedule (\(named.map(\.key).joined(separator: ", "))) "
            + "VALUES (\(named.map(\.value).joined(separator: ", ")))"
    }

    @Test(
        "A bad schedule is refused with a sentence, also by INSERT OR IGNORE",
        arguments: [
            (
                "endpoint", ["NULL", "''", "'lookups'"],
                "endpoint must be a name in the table endpoint"
            ),
            (
                "label", ["NULL", "''", "hex(zeroblob(51))"],
                "label must be a text of 1 to 100 characters"
            ),
            (
                "label", ["'a' || char(0)", "CAST(x'4672FC68' AS TEXT)"],
                "label must be valid UTF-8 without NUL"
            ),
            (
                "account", ["''", "'upcitemdb'", "'third'"],
                "account must be NULL or the name of an account of the endpoint's provider, see the table account"
            ),
            (
                "every_ms", ["NULL", "0", "3599999", "7", "315360000001"],
                "every_ms must be in milliseconds, from 3600000 (an hour) to 315360000000 (ten years)"
            ),
            (
                "priority", ["NULL", "-1", "10"],
                "priority must be a whole number from 0 (first) to 9"
            ),
            ("is_all_known", ["NULL", "2"], "is_all_known and is_paused must be 0 or 1"),
            ("is_paused", ["NULL", "-1"], "is_all_known and is_paused must be 0 or 1"),
            ("last_revision", ["1", "NULL"], "last_revision belongs to asinqd: leave it out"),
        ] as [(String, [String], String)])
    func refused(column: String, values: [String], message: String) throws {
        for value in values {
            for verb in ["INSERT", "INSERT OR IGNORE"] {
                #expect(
                    contract.refusal(of: insert(column, value, verb: verb))
                        == "schedule.\(message)", "\(value)")
            }
        }
        #expect(try contract.rows("SELECT count(*) FROM schedule") == ["0"])
    }

    @Test("A good schedule is accepted with its defaults, once for each label at an endpoint")
    func accepted() throws {
        try contract.run(insert("account", "'second'"))
        try contract.run(insert("account", "NULL", at: "barcodes"))
        #expect(try contract.changes(insert("every_ms", "7200000", verb: "INSERT OR IGNORE")) == 0)
        #expect(
            try contract.rows(
                "SELECT endpoint, account, every_ms, priority, is_all_known, is_paused FROM schedule"
            )
                == ["images|second|3600000|9|0|0", "barcodes||3600000|9|0|0"])
    }

    @Test("The README's statements add a schedule with its product")
    func readme() throws {
        let sql = try #require(try Readme().block("sql", under: "schedule"))
        try contract.run(sql)
        #expect(
            try contract.rows(
                "SELECT label, every_ms, product FROM schedule JOIN schedule_product ON schedule_id = id"
            )
                == ["catalog|604800000|B0086FFHLS"])
    }

    @Test("What a schedule is never changes; how often, and whether, does")
    func updates() throws {
        try contract.run(insert("priority", "9"))
        for change in [
            "endpoint = 'barcodes'", "label = 'x'", "account = 'second'", "is_all_known = 1",
            "id = 7",
        ] {
            #expect(
                contract.refusal(of: "UPDATE schedule SET \(change)")
                    == "schedule.id, endpoint, label, account and is_all_known never change: delete the schedule and insert another"
            )
        }
        try contract.run("UPDATE schedule SET every_ms = 7200000, priority = 8, is_paused = 1")
        #expect(contract.refusal(of: "UPDATE schedule SET every_ms = 7")?.contains("CHECK") == true)
    }

    @Test("A product needs a schedule, and never changes")
    func products() throws {
        #expect(
            contract.refusal(
                of:
                    "INSERT OR IGNORE INTO schedule_product (schedule_id, product) VALUES (1, 'B000000001')"
            )
                == "schedule_product.schedule_id must be the id of a row in schedule")
        try contract.run(insert("priority", "9"))
        try contract.run(
            "INSERT INTO schedule_product (schedule_id, product) VALUES (1, 'B000000001')")
        #expect(
            contract.refusal(
                of:
                    "INSERT INTO schedule_product (schedule_id, product, due_at) VALUES (1, 'B000000002', -1)"
            )
                == "schedule_product.due_at must be in milliseconds since 1970, up to 253402300799999, or 0 for at once"
        )
        for change in ["product = 'B000000002'", "schedule_id = 2"] {
            #expect(
                contract.refusal(of: "UPDATE schedule_product SET \(change)")
                    == "schedule_product.schedule_id and product never change: delete the row and insert another"
            )
        }
        try contract.run("UPDATE schedule_product SET due_at = 7")
        try contract.run("DELETE FROM schedule")
        #expect(try contract.rows("SELECT count(*) FROM schedule_product") == ["0"])
    }

    @Test(
        "Its rules for products are those of the queue",
        arguments: BadRow.all.filter { $0.column == "product" })
    func rules(_ row: BadRow) throws {
        try contract.run(insert("priority", "9", at: row.endpoint))
        #expect(
            contract.refusal(
                of: "INSERT INTO schedule_product (schedule_id, product) VALUES (1, \(row.value))")
                == row.message.replacing("queue.", with: "schedule_product."))
    }

    @Test("The products that the queue accepts are accepted", arguments: BadRow.good.keys.sorted())
    func good(_ endpoint: String) throws {
        try contract.run(insert("priority", "9", at: endpoint))
        #expect(
            contract.refusal(
                of:
                    "INSERT INTO schedule_product (schedule_id, product) VALUES (1, \(BadRow.good[endpoint]!))"
            )
                == nil)
    }
}
