import Foundation
import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

@Suite("A move is resumed, or refused", .onServer)
struct MoveInterruptedTests {
    private struct Killed: Error {}

    private func source(_ folder: TemporaryFolder) throws -> Store {
        let store = try Store(path: folder.database, access: .create)
        try store.add(asins(1...9))
        for _ in 1...3 { try answerTwo(store) }
        return store
    }

    /// A call for two products, from claim to settlement.
    private func answerTwo(_ store: Store) throws {
        let call = try store.call(2)
        try store.settle(call, answer(call.jobs.map(\.product)))
    }

    private func server() throws -> Store {
        try Store(path: TestServer.current!.newDatabase(), access: .create, endpoints: [])
    }

    private func move(_ source: Store, _ target: Store) -> StoreMove {
        StoreMove(from: source, to: target, batchRowsMax: 2)
    }

    /// Copies until `count` transactions are written.
    /// - Returns: Whether the move was interrupted.
    private func copy(_ move: StoreMove, transactions count: Int) throws -> Bool {
        var written = 0
        do {
            _ = try move.copy { progress in
                if progress.step == .copied {
                    if written == count { throw Killed() }
                    written += 1
                }
            }
            return false
        } catch is Killed {
            return true
        }
    }

    @Test("Interrupted after any number of transactions, it continues to the same end")
    func resumed() throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            var count = 0
            var parts = 0
            while true {
                let target = try server()
                let move = move(source, target)
                let wasInterrupted = try copy(move, transactions: count)
                let extent = try move.copy()
                if wasInterrupted {
                    let present = extent.tables.reduce(0) { $0 + $1.present }
                    let rows = extent.tables.reduce(0) { $0 + $1.rows }
                    #expect(present > 0)
                    if present < rows { parts += 1 }
                }
                try move.verify()
                if !wasInterrupted { break }
                count += 1
            }
            // The last transaction of all leaves nothing to copy.
            #expect(parts == count - 1 && count > 8, "\(parts) of \(count)")
        }
    }

    @Test("The latest calls are there first, and no id of the source is given again")
    func ledgerFirst() throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            let target = try server()
            #expect(try copy(move(source, target), transactions: 0))
            #expect(try target.rows("SELECT id FROM ledger ORDER BY id") == ["2", "3"])
            #expect(try target.number("SELECT count(*) FROM queue") == 0)
            #expect(try target.number("SELECT nextval('ledger_id_seq')") == 4)
        }
    }

    @Test("A source that has changed since is refused, and the target keeps what it has")
    func changed() throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            let target = try server()
            #expect(try copy(move(source, target), transactions: 3))
            let before = try target.contents()
            try answerTwo(source)
            let error = #expect(throws: MoveError.self) { try move(source, target).copy() }
            guard case .targetInUse(_, _, let place, true) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(place == "ledger with id 3")
            #expect(try target.contents() == before)
        }
    }

    @Test("Jobs that a program adds meanwhile are reported, and moved by the next run")
    func added() throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            let target = try server()
            let move = move(source, target)
            _ = try move.copy()
            let other = try Store(path: folder.database, access: .write)
            _ = try other.enqueue(["B0NEWJOB01"], at: "images", EnqueueOptions(), now: .noon)
            let error = #expect(throws: MoveError.self) { try move.verify() }
            #expect(
                error?.description.contains(
                    "queue has 9 rows (the last number is 9) instead of 10 (the last number is 10)")
                    == true, "\(String(describing: error))")
            _ = try move.copy()
            try move.verify()
        }
    }

    @Test(
        "A target with a row of its own is refused before any row is written",
        arguments: [
            "INSERT INTO endpoint (name, provider, product_form) VALUES ('other', 'x', 'asin')",
            "INSERT INTO lane (account, endpoint) VALUES ('a', 'b')",
            "INSERT INTO rejected (reason) VALUES ('x')",
        ])
    func ownRow(sql: String) throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            let target = try server()
            try target.execute(sql)
            #expect {
                try move(source, target).copy()
            } throws: { error in
                if case .targetInUse = error as? MoveError { true } else { false }
            }
            #expect(try target.number("SELECT count(*) FROM ledger") == 0)
        }
    }

    @Test(
        "A text with a NUL, or not in UTF-8, is named before any row is written",
        arguments: ["CAST(x'4672FC68' AS TEXT)", "'a' || char(0) || 'b'"])
    func oddText(spelling: String) throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            try source.execute(
                "DROP TRIGGER queue_label_text; UPDATE queue SET label = \(spelling) WHERE id = 8")
            let target = try server()
            #expect(
                throws: MoveError.oddText(
                    source: source.path, place: "queue with id 8", column: "label")
            ) { try move(source, target).copy() }
            #expect(try target.number("SELECT count(*) FROM ledger") == 0)
        }
    }

    @Test("A row that the target's rules refuse is named")
    func refusedRow() throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            try source.execute(
                """
                PRAGMA ignore_check_constraints = 1;
                INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
                VALUES ('images', 'B0086FFHLS', 1, 'no JSON', 1, 1)
                """)
            let target = try server()
            #expect {
                try move(source, target).copy()
            } throws: { error in
                guard case .refused(_, "result with revision 7", let detail) = error as? MoveError
                else { return false }
                return detail.contains("invalid input syntax for type json")
            }
        }
    }

    @Test(
        "A copy that differs in one value, one row or a last number is no move",
        arguments: [
            ("UPDATE queue SET priority = 4 WHERE id = 8", "row 8 of queue"),
            ("DELETE FROM queue WHERE id = 8", "queue has 8 rows"),
            ("SELECT setval('ledger_id_seq', 2)", "last number of ledger is 2 instead of 3"),
        ])
    func unequal(sql: String, part: String) throws {
        try TemporaryFolder.with { folder in
            let source = try source(folder)
            let target = try server()
            _ = try move(source, target).copy()
            try target.execute(sql)
            let error = #expect(throws: MoveError.self) { try move(source, target).verify() }
            #expect(error?.description.contains(part) == true, "\(String(describing: error))")
        }
    }
}
