import GRDB
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite(.onSQLite)
struct LockedTests {
    private let lockWait = Duration.milliseconds(60)

    /// Runs `body` while another connection is inside a transaction.
    private func whileHeld(
        _ begin: String, _ path: String, _ body: () throws -> Void
    ) throws {
        try DatabaseQueue(path: path).inDatabase { db in
            try db.execute(sql: begin)
            defer { try? db.execute(sql: "ROLLBACK") }
            try body()
        }
    }

    @Test(
        "a database that another program locks exclusively cannot be opened: locked, after the wait"
    )
    func opening() throws {
        try TemporaryFolder.with { folder in
            let path = folder.database
            // Not in WAL mode yet: an exclusive transaction excludes even readers.
            try DatabaseQueue(path: path).inDatabase {
                try $0.execute(sql: "PRAGMA page_size = 1024; VACUUM")
            }
            let before = try folder.contents()
            try whileHeld("BEGIN EXCLUSIVE", path) {
                let clock = ContinuousClock()
                let waited = clock.measure {
                    #expect(throws: StoreError.locked(path: path)) {
                        _ = try Store(path: path, access: .write, lockWait: lockWait)
                    }
                }
                #expect(waited >= lockWait)
            }
            #expect(try folder.contents() == before)
        }
    }

    /// Everything that writes.
    static let writes: [(name: String, work: @Sendable (Store) throws -> Void)] = [
        ("enqueue", { try $0.add([asin(7)]) }),
        ("claim", { _ = try $0.look() }),
        ("cancel", { _ = try $0.cancel(JobSelection(endpoint: "images"), now: .noon) }),
        ("pause", { try $0.pauseLane("images", now: .noon) }),
        ("prune", { _ = try $0.prune(Retention(), now: .noon) }),
        (
            "settle",
            { store in
                _ = try store.settle(1, at: .images, among: Endpoint.both, now: .noon) { _, _, _ in
                    Settlement(outcome: .expired, chargedTokens: 0, changes: [])
                }
            }
        ),
    ]

    @Test(
        "a write that meets another's transaction waits, reports the lock, and works afterwards",
        arguments: writes.indices)
    func writing(_ index: Int) throws {
        let write = Self.writes[index]
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create, lockWait: lockWait)
            try store.add([asin(1)])
            let before = try store.contents()
            try whileHeld("BEGIN IMMEDIATE", folder.database) { () throws in
                let waited = ContinuousClock().measure {
                    #expect(throws: StoreError.locked(path: folder.database), "\(write.name)") {
                        try write.work(store)
                    }
                }
                #expect(waited >= lockWait, "\(write.name)")
                #expect(try store.contents() == before, "\(write.name)")
            }
            #expect(throws: Never.self, "\(write.name)") { try write.work(store) }
        }
    }

    @Test("a write transaction does not exclude readers and stores that open")
    func reading() throws {
        try TemporaryFolder.with { folder in
            try Store(path: folder.database, access: .create).add([asin(1)])
            try whileHeld("BEGIN IMMEDIATE", folder.database) {
                for access in [Store.Access.create, .write, .read] {
                    let store = try Store(path: folder.database, access: access, lockWait: lockWait)
                    #expect(try store.jobCounts(at: .noon)["images"]?.ready == 1)
                }
            }
        }
    }
}
