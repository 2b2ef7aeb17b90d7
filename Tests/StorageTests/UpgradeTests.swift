import Foundation
import GRDB
import Planning
import Providers
import Schema
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Files of version 5, upgraded to version 6 with all their rows.
@Suite(.onSQLite)
struct UpgradeTests {
    private func settled(_ columns: String, at endpoint: String = "images") -> String {
        """
        INSERT INTO ledger (endpoint, products, reserved, started_at, lease_until)
        VALUES ('\(endpoint)', '["B000000001", "B000000002"]', 20, 1000, 61000);
        UPDATE ledger SET \(columns) WHERE settled_at IS NULL;
        """
    }

    @Test("Every job keeps its id and all of its columns")
    func jobsKept() throws {
        let columns = """
            id, endpoint, product, state, priority, label, enqueued_at, not_before, failures, snoozes,
            batch_limit, call_id, finished_at, error, pages, pages_done, page_offset, then_lookup
            """
        var before: [String] = []
        try VersionFive.upgraded(
            VersionFive.jobs,
            before: { before = try $0.rows("SELECT \(columns) FROM queue ORDER BY id") },
            after: { (store: Store) throws in
                #expect(before.count == 6)
                #expect(try store.rows("SELECT \(columns) FROM queue ORDER BY id") == before)
                #expect(try store.number("SELECT count(account) FROM queue") == 0)
                #expect(try store.rows("PRAGMA integrity_check") == ["ok"])
            })
    }

    @Test("Every call keeps its id and columns, byte for byte, and gets its provider's account")
    func callsKept() throws {
        let columns = """
            id, endpoint, products, reserved, started_at, lease_until, settled_at, outcome, charged,
            http_status, daily_left, daily_reset_at, drift, retry_at, message, full_at, daily_pool,
            server_at
            """
        let calls =
            settled(
                """
                settled_at = 1500, outcome = 'succeeded', charged = 10, http_status = 200, daily_left = 5,
                daily_reset_at = 9, drift = -3, retry_at = 8, message = 'fine', full_at = 7,
                daily_pool = 'search', server_at = 2000
                """, at: "search")
            + settled("settled_at = 1, outcome = 'expired', charged = 20", at: "lookup")
                + """
                INSERT INTO ledger (endpoint, products, reserved, started_at, lease_until)
                VALUES ('barcodes', '[ "B000000002" ]', 1, 1000, 61000), ('images', '["é"]', 1, 1000, 61000);
                INSERT INTO lane VALUES ('barcodes', NULL, 2), ('search', 9, 0);
                """
        var before: [String] = []
        try VersionFive.upgraded(
            calls, before: { before = try $0.rows("SELECT \(columns) FROM ledger ORDER BY id") },
            after: { (store: Store) throws in
                #expect(before.count == 4)
                #expect(try store.rows("SELECT \(columns) FROM ledger ORDER BY id") == before)
                #expect(
                    try store.rows("SELECT account, slot FROM ledger ORDER BY id")
                        == ["upcitemdb|0", "upcitemdb|0", "asinscope|0", "asinscope|0"])
                #expect(
                    try store.rows("SELECT * FROM lane ORDER BY endpoint")
                        == ["asinscope|barcodes|-|2", "upcitemdb|search|9|0"])
            })
    }

    @Test("No id of a call is reused, even if the last ones were pruned")
    func sequence() throws {
        let calls = (1...3).map { _ in settled("settled_at = 1, outcome = 'failed', charged = 0") }
        for kept in ["id < 3", "0"] {
            try VersionFive.upgraded("\(calls.joined()) DELETE FROM ledger WHERE NOT (\(kept));") {
                (store: Store) throws in
                try store.complete(asin(1))
                #expect(try store.number("SELECT max(id) FROM ledger") == 4)
            }
        }
    }

    @Test(
        "A call without a connection becomes unsent; other failures stay unchanged")
    func unsent() throws {
        let reasons = UnsentReason.allCases.map(\.rawValue)
        let failures = reasons.map { "message = '\($0)', charged = 0" }
        let others = [
            "message = 'connection_refused', charged = 20",
            "message = 'connection_refused', charged = 0, http_status = 502",
            "message = 'timeout', charged = 0", "charged = 0",
            "message = 'connection_refused ', charged = 0",
        ]
        let calls = (failures + others).map { settled("settled_at = 1, outcome = 'failed', \($0)") }
        try VersionFive.upgraded(calls.joined()) { (store: Store) throws in
            #expect(
                try store.rows("SELECT outcome FROM ledger ORDER BY id")
                    == reasons.map { _ in "unsent" } + others.map { _ in "failed" })
        }
    }

    @Test("A refusal of the address becomes misdirected, one of the key stays unauthorized")
    func misdirected() throws {
        let addresses = CallOutcome.addressStatuses.map(String.init)
        let others = ["401", "403", "407", "511", "NULL"]
        let calls = (addresses + others).map {
            settled("settled_at = 1, outcome = 'unauthorized', charged = 0, http_status = \($0)")
        }
        try VersionFive.upgraded(calls.joined()) { (store: Store) throws in
            #expect(
                try store.rows("SELECT outcome FROM ledger ORDER BY id")
                    == addresses.map { _ in "misdirected" } + others.map { _ in "unauthorized" })
        }
    }

    @Test("Results get their revisions in the order in which they were fetched")
    func revisions() throws {
        try VersionFive.upgraded(
            """
            INSERT INTO result VALUES ('images', 'B000000001', 1, '{"a": 1.50}', 30, 1),
                ('barcodes', 'B000000001', 0, NULL, 10, 2), ('images', 'B000000002', 0, NULL, 30, 1),
                ('images', 'B000000003', 1, '{}', 20, 3);
            """
        ) { (store: Store) throws in
            #expect(
                try store.rows("SELECT * FROM result ORDER BY revision")
                    == [
                        "1|barcodes|B000000001|0|-|10|2", "2|images|B000000003|1|{}|20|3",
                        #"3|images|B000000001|1|{"a": 1.50}|30|1"#, "4|images|B000000002|0|-|30|1",
                    ])
        }
    }

    /// The same calls, settled under version 6, are counted by its trigger.
    @Test("The tally of an older file equals that of the same calls in a new one")
    func tally() throws {
        let outcomes = ["succeeded", "failed", "rate_limited"]
        let calls = (0..<60).map { number in
            settled(
                """
                settled_at = \(1000 + number * number * 17_000 / 3), charged = \(number),
                outcome = '\(outcomes[number % 3])', drift = \(number % 4 == 0 ? "NULL" : "\(30 - number)")
                """, at: number % 2 == 0 ? "images" : "barcodes")
        }
        var old: [String] = []
        try VersionFive.upgraded(calls.joined()) { (store: Store) throws in
            old = try store.rows("SELECT * FROM tally")
        }
        let store = try Store()
        try store.execute(
            calls.joined().replacing("INTO ledger (", with: "INTO ledger (account, ")
                .replacing("VALUES (", with: "VALUES ('asinscope', "))
        #expect(old.count > 10)
        #expect(try store.rows("SELECT * FROM tally") == old)
    }

    @Test("The audit finds no error in the tally of an older file, pruned or not")
    func auditedTally() throws {
        let calls = (1...60).map { number in
            settled(
                "settled_at = \(1000 + number * 7_000_000), charged = 2, outcome = 'succeeded'")
        }.joined()
        for pruned in ["0", "id < 9", "id % 2 = 1 AND id < 20"] {
            try VersionFive.upgraded("\(calls) DELETE FROM ledger WHERE \(pruned);") {
                (store: Store) throws in
                func found() throws -> Bool {
                    try store.audit(AccountLimits.always(Endpoint.both), at: .noon).findings
                        .contains { $0.code == .wrongTally }
                }
                #expect(try !found())
                try store.execute("UPDATE tally SET tokens = tokens - 1 WHERE hour = 101")
                #expect(try store.number("SELECT count(*) FROM tally WHERE hour = 101") == 1)
                #expect(try found())
            }
        }
    }
}
