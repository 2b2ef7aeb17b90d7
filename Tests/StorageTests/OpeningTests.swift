import Foundation
import GRDB
import Planning
import Providers
import Schema
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite(.onSQLite)
struct OpeningTests {
    /// A way in which opening fails: the file at the path, and the error.
    struct Refusal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let access: [Store.Access]
        let prepare: @Sendable (TemporaryFolder) throws -> Void
        let error: @Sendable (String) -> StoreError
    }

    @Test("opening reports the error, and changes nothing", arguments: refusals)
    func refuses(_ refusal: Refusal) throws {
        for access in refusal.access {
            try TemporaryFolder.with { folder in
                try refusal.prepare(folder)
                let before = try folder.contents()
                let error = refusal.error(folder.database)
                #expect(throws: error, "\(access)") {
                    _ = try Store(path: folder.database, access: access)
                }
                #expect(try folder.contents() == before, "\(access)")
            }
        }
    }

    @Test("a missing folder is not created, and a file is not treated as a folder")
    func folderMissing() throws {
        try TemporaryFolder.with { folder in
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path(of: "file")))
            let before = try folder.contents()
            for path in [folder.path(of: "none/queue.db"), folder.path(of: "file/queue.db")] {
                for access in [Store.Access.create, .write, .read] {
                    #expect(throws: StoreError.folderMissing(path: path)) {
                        _ = try Store(path: path, access: access)
                    }
                }
            }
            #expect(try folder.contents() == before)
        }
    }

    @Test("the command that creates a missing folder is quoted for a shell")
    func makingFolder() {
        for (path, command) in [
            ("/srv/asinqd/x", "mkdir -p /srv/asinqd,"), ("/a b/x", "mkdir -p '/a b',"),
            ("/it's/x", "mkdir -p '/it'\\''s',"), ("/$(x)/x", "mkdir -p '/$(x)',"),
        ] {
            #expect(StoreError.folderMissing(path: path).description.contains(command))
        }
    }

    @Test("an empty file becomes a database, unless it may only be read")
    func emptyFile() throws {
        try TemporaryFolder.with { folder in
            try Data().write(to: URL(fileURLWithPath: folder.database))
            #expect(
                throws: StoreError.older(
                    path: folder.database, version: 0, known: DatabaseSchema.latestVersion)
            ) {
                _ = try Store(path: folder.database, access: .read)
            }
            let store = try Store(path: folder.database, access: .write)
            #expect(try store.number("PRAGMA user_version") == DatabaseSchema.latestVersion)
        }
    }

    @Test("one store's rows are read by the next one, with any access")
    func reopened() throws {
        try TemporaryFolder.with { folder in
            try Store(path: folder.database, access: .create).add(asins(1...3))
            for access in [Store.Access.create, .write, .read] {
                let store = try Store(path: folder.database, access: access)
                #expect(try store.jobCounts(at: .noon)["images"]?.ready == 3)
            }
        }
    }

    @Test(
        "an earlier version is upgraded with all its rows",
        arguments: 1..<6)
    func upgraded(version: Int) throws {
        try TemporaryFolder.with { folder in
            try DatabaseQueue(path: folder.database).inDatabase { db in
                try db.execute(sql: DatabaseSchema.sql(of: version))
                try db.execute(
                    sql: """
                        PRAGMA application_id = \(DatabaseSchema.applicationID);
                        PRAGMA user_version = \(version);
                        INSERT INTO queue (endpoint, product, label)
                        VALUES ('images', '\(asin(1))', 'red'), ('barcodes', '\(asin(2))', NULL);
                        INSERT INTO ledger (endpoint, products, reserved, started_at, lease_until)
                        VALUES ('barcodes', '["\(asin(3))"]', 10, 1000, 61000),
                            ('images', '["\(asin(4))"]', 1, 1000, 61000);
                        UPDATE ledger SET settled_at = 2000, outcome = 'succeeded', charged = 10,
                            http_status = 200, daily_left = 990, daily_reset_at = 86400000
                        WHERE id = 1;
                        INSERT INTO result VALUES
                            ('barcodes', '\(asin(3))', 1, '{"upc":"631102001550"}', 2000, 1);
                        """)
            }
            let known = DatabaseSchema.latestVersion
            #expect(
                throws: StoreError.older(path: folder.database, version: version, known: known)
            ) { _ = try Store(path: folder.database, access: .read) }
            let store = try Store(path: folder.database, access: .write)
            #expect(try store.number("PRAGMA user_version") == known)
            #expect(
                try store.rows("SELECT pages, pages_done, page_offset, then_lookup FROM queue")
                    == ["2|0|0|-", "2|0|0|-"])
            #expect(
                try store.rows("SELECT daily_left, daily_pool FROM ledger") == ["990|-", "-|-"])
            #expect(
                try store.rows("SELECT asin, code, code_found FROM chain")
                    == ["\(asin(3))|0631102001550|-"])
            // The earlier rows continue as if nothing had happened.
            #expect(
                try store.settle(2, at: .images, among: Endpoint.both, now: .noon) {
                    Planner.resolve(
                        .expired, of: $0, jobs: $1, endpoint: .images, ledger: $2, at: .noon)
                } != nil)
            let options = EnqueueOptions(
                freshSince: Timestamp(milliseconds: 0), thenLookup: .zero)
            #expect(
                try store.enqueue(
                    [asin(2), asin(3)], at: "barcodes", options, now: .noon,
                    followUp: barcodeLead)
                    == Enqueued(alreadyOpen: 1, widened: 1, fresh: 1, lookupsAdded: 1))
            let backlog = try store.backlog(of: Endpoint.both, at: .noon)
            #expect(backlog.queues.map { $0.lines[5].ready } == [1, 0, 1, 0])
            #expect(backlog.queues.map(\.account) == [nil, "asinscope", nil, "asinscope"])
            #expect(backlog.queues.map { $0.groups.map(\.label) } == [["red"], [], [], []])
            let fresh = try Store()
            let schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
            #expect(try store.rows(schema) == fresh.rows(schema))
        }
    }

    static let refusals: [Refusal] = [
        Refusal(
            testDescription: "no file", access: [.write, .read], prepare: { _ in },
            error: { .missing(path: $0) }),
        Refusal(
            testDescription: "a folder", access: [.create, .write, .read],
            prepare: {
                try FileManager.default.createDirectory(
                    atPath: $0.database, withIntermediateDirectories: false)
            },
            error: { .notADatabase(path: $0) }),
        file("a few bytes", Data("SQLite".utf8)),
        file("text", Data("B000000001\nB000000002\n".utf8)),
        file("much text", Data(String(repeating: "B000000001\n", count: 5_000).utf8)),
        file("noise", Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + 13) })),
        database("another program's tables", "CREATE TABLE note (text)") { .foreign(path: $0) },
        database("another program's id", "PRAGMA application_id = 7") { .foreign(path: $0) },
        database("another program's version", "PRAGMA user_version = 7") { .foreign(path: $0) },
        database(
            "a newer version",
            "PRAGMA application_id = \(DatabaseSchema.applicationID); PRAGMA user_version = 99"
        ) { .newer(path: $0, version: 99, known: DatabaseSchema.latestVersion) },
        database(
            "an older version", access: [.read],
            "PRAGMA application_id = \(DatabaseSchema.applicationID); CREATE TABLE queue (id)"
        ) { .older(path: $0, version: 0, known: DatabaseSchema.latestVersion) },
    ]

    private static func file(_ name: String, _ bytes: Data) -> Refusal {
        Refusal(
            testDescription: name, access: [.create, .write, .read],
            prepare: { try bytes.write(to: URL(fileURLWithPath: $0.database)) },
            error: { .notADatabase(path: $0) })
    }

    private static func database(
        _ name: String, access: [Store.Access] = [.create, .write, .read], _ sql: String,
        _ error: @escaping @Sendable (String) -> StoreError
    ) -> Refusal {
        Refusal(
            testDescription: name, access: access,
            prepare: { folder in
                try DatabaseQueue(path: folder.database).inDatabase { try $0.execute(sql: sql) }
            },
            error: error)
    }
}
