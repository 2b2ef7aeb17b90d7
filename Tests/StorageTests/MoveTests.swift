import Foundation
import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

@Suite("A queue is moved between a file and a server", .onServer)
struct MoveTests {
    /// Walks that leave jobs in all states, open calls, refusals, results and rejected rows.
    private func walk(_ store: Store, seed: UInt64) throws {
        var walk = RandomWalk(store, seed: seed, RandomWalk.withCodes, reopen: nil)
        for _ in 0..<250 { try walk.step() }
        try store.execute("INSERT INTO inbox (endpoint, product) VALUES ('images', 'no ASIN')")
        try store.execute(
            "INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'é', 86400000)")
        try store.execute(
            "INSERT INTO schedule_product (schedule_id, product, job_id) VALUES (1, '\(asin(7))', 3)"
        )
    }

    private func file(_ folder: TemporaryFolder, _ name: String = "moved.sqlite") throws -> Store {
        try Store(path: folder.path(of: name), access: .create, endpoints: [])
    }

    private func server() throws -> Store {
        try Store(path: TestServer.current!.newDatabase(), access: .create, endpoints: [])
    }

    /// All tables of the contract, as texts that are the same on both engines.
    private static let tables = [
        "endpoint", "account", "limit_setting", "queue", "ledger", "lane", "result", "tally",
        "rejected", "job_tally", "schedule", "schedule_product",
    ]

    private func contents(_ store: Store) throws -> [String: [String]] {
        let empty = try Store(endpoints: [])
        return try Dictionary(
            uniqueKeysWithValues: Self.tables.map { table in
                let columns = try empty.rows("SELECT name FROM pragma_table_info('\(table)')")
                let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
                return (table, try store.rows("SELECT \(list) FROM \(table)").sorted())
            })
    }

    private func move(_ source: Store, _ target: Store) throws {
        let move = StoreMove(from: source, to: target, batchRowsMax: 7)
        _ = try move.copy()
        try move.verify()
    }

    @Test(
        "There and back, every row of every table is the same", arguments: [1, 2, 3, 4] as [UInt64])
    func roundTrip(seed: UInt64) throws {
        try TemporaryFolder.with { folder in
            let source = try Store(path: folder.database, access: .create)
            try walk(source, seed: seed)
            let (server, back) = (try server(), try file(folder))
            try move(source, server)
            try move(server, back)
            let expected = try contents(source)
            #expect(try contents(server) == expected)
            #expect(try contents(back) == expected)
            let order =
                "SELECT name, seq FROM sqlite_sequence WHERE name <> 'ledger_gaps' ORDER BY name"
            #expect(try back.rows(order) == source.rows(order))
            // The triggers work again, and no ledger's settlement was counted twice.
            let schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name, sql"
            #expect(try back.rows(schema) == source.rows(schema))
            #expect(
                try server.number("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'") == 0)
        }
    }

    @Test(
        "A walk on the server, whose ids have gaps, is the same in a file, and its audit finds no gap"
    )
    func fromServer() throws {
        try TemporaryFolder.with { folder in
            let source = try Store()
            try walk(source, seed: 5)
            try source.execute("SELECT nextval('ledger_id_seq'), nextval('queue_id_seq')")
            let call = try source.number("SELECT max(id) FROM ledger WHERE settled_at IS NOT NULL")
            try source.execute("DELETE FROM ledger WHERE id = \(call)")
            let target = try file(folder)
            try move(source, target)
            #expect(try contents(target) == contents(source))
            let codes = try target.audit([], at: .noon).findings.map(\.code)
            #expect(!codes.contains(.missingEntries))
            // After the move ids are consecutive again.
            let last = try target.number("SELECT seq FROM sqlite_sequence WHERE name = 'ledger'")
            #expect(try last == source.number("SELECT last_value FROM ledger_id_seq"))
            try target.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'ledger'")
            #expect(
                try target.audit([], at: .noon).findings.map(\.code).contains(.missingEntries))
        }
    }

    @Test("New rows get the ids and revisions after those of the source, also of deleted rows")
    func numbers() throws {
        try TemporaryFolder.with { folder in
            let source = try Store(path: folder.database, access: .create)
            try walk(source, seed: 6)
            try source.execute(
                "UPDATE sqlite_sequence SET seq = 5000 WHERE name IN ('ledger', 'result')")
            let target = try server()
            try move(source, target)
            let jobs = try source.number("SELECT max(id) FROM queue")
            try target.execute(
                "INSERT INTO queue (endpoint, product) VALUES ('images', 'B0NEWJOB01')")
            #expect(try target.number("SELECT max(id) FROM queue") == jobs + 1)
            try target.execute(
                "INSERT INTO result (endpoint, product, found, fetched_at, call_id) VALUES ('images', 'B0NEWJOB01', 0, 1, 1)"
            )
            #expect(try target.number("SELECT max(revision) FROM result") == 5_001)
        }
    }

    @Test("Bytes of a body and odd but valid texts stay as they are")
    func bytes() throws {
        try TemporaryFolder.with { folder in
            let source = try Store(path: folder.database, access: .create)
            let body = #"{ "b":1,"a" : "\u0000 \ud800 \"{,}\\", "b": [1.50, "e\#u{301}☃"] }"#
            try source.write { db in
                try db.execute(
                    sql:
                        "INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES ('images', 'B0086FFHLS', 1, ?, 1, 1)",
                    arguments: [body])
            }
            let label = #"{"NULL",\ 'x'}"#
            _ = try source.enqueue(
                [asin(1)], at: "images", EnqueueOptions(label: label), now: .noon)
            _ = try source.enqueue(
                [asin(2)], at: "images", EnqueueOptions(label: "NULL"), now: .noon)
            let (server, back) = (try server(), try file(folder))
            try move(source, server)
            try move(server, back)
            for store in [server, back] {
                #expect(try store.rows("SELECT body FROM result") == [body])
                #expect(try store.rows("SELECT label FROM queue ORDER BY id") == [label, "NULL"])
            }
        }
    }
}
