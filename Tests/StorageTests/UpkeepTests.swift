import Foundation
import GRDB
import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

@Suite(.onSQLite)
struct UpkeepTests {
    @Test("a checkpoint moves the WAL into the file, and truncates it")
    func checkpoint() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            try store.add(asins(1...2_000))
            #expect(store.walBytes > 100_000)
            #expect(try store.checkpoint())
            #expect(store.walBytes == 0)
            #expect(try store.checkpoint())
        }
    }

    @Test("the WAL grows until a checkpoint is requested: no commit checkpoints by itself")
    func noAutomaticCheckpoint() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            #expect(try store.checkpoint())
            let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
            for batch in 0..<3 {
                let length = store.walBytes
                try store.add(asins(batch * 3_000 + 1...batch * 3_000 + 3_000))
                #expect(store.walBytes > length + 200_000)
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
        }
    }

    @Test("a reader's snapshot keeps the WAL: the checkpoint reports it, and succeeds later")
    func readerHolds() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(
                path: folder.database, access: .create, lockWait: .milliseconds(20))
            try store.add([asin(1)])
            let reader = try Store(path: folder.database, access: .read)
            try reader.read { db in
                #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM queue") == 1)
                try store.add(asins(2...50))
                #expect(try !store.checkpoint())
                #expect(store.walBytes > 0)
                #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM queue") == 1)
            }
            #expect(try store.checkpoint())
            #expect(store.walBytes == 0)
            #expect(try reader.jobCounts(at: .noon)["images"]?.ready == 50)
        }
    }

    @Test("a writer's transaction keeps it too")
    func writerHolds() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(
                path: folder.database, access: .create, lockWait: .milliseconds(20))
            try store.add([asin(1)])
            let isDone = try Store(path: folder.database, access: .write).write { _ in
                try store.checkpoint()
            }
            #expect(!isDone)
            #expect(try store.checkpoint())
        }
    }

    @Test("in memory there is no WAL, and nothing to do")
    func memory() throws {
        let store = try Store()
        #expect(try store.checkpoint())
        #expect(store.walBytes == 0)
    }

    @Test("the data version changes with other connections' commits, not with one's own")
    func dataVersion() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            let other = try Store(path: folder.database, access: .write)
            var version = try store.dataVersion()
            try store.add([asin(1)])
            #expect(try store.dataVersion() == version)
            for work: (Store) throws -> Void in [
                { try $0.add([asin(2)]) }, { try $0.pauseLane("images", now: .noon) },
                {
                    try $0.execute(
                        "INSERT INTO queue (endpoint, product) VALUES ('images', '\(asin(3))')")
                },
            ] {
                try work(other)
                #expect(try store.dataVersion() != version)
                version = try store.dataVersion()
                #expect(try store.dataVersion() == version)
            }
            _ = try other.jobCounts(at: .noon)
            _ = try other.pause(JobSelection(label: "none"))
            #expect(try store.dataVersion() == version)
        }
    }

    @Test("an undamaged database has no problems", arguments: Medium.allCases)
    func sound(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...3 { try store.complete(asin(number)) }
            #expect(try store.integrityProblems() == [])
        }
    }

    /// The pages of two indexes are swapped in a copy, then one is filled with noise.
    @Test("a damaged copy has problems, or is reported as corrupt", arguments: [false, true])
    func damaged(isNoise: Bool) throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            try store.add(asins(1...500))
            #expect(try store.checkpoint())
            let size = try store.number("PRAGMA page_size")
            let pages = try ["queue_open", "queue_ready"].map { index in
                try store.number("SELECT rootpage FROM sqlite_schema WHERE name = '\(index)'") - 1
            }
            var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.database))
            let page = bytes.subdata(in: pages[1] * size..<(pages[1] + 1) * size)
            bytes.replaceSubrange(
                pages[0] * size..<(pages[0] + 1) * size,
                with: isNoise ? Data(repeating: 0xA5, count: size) : page)
            let copy = folder.path(of: "copy.db")
            try bytes.write(to: URL(fileURLWithPath: copy))
            let damaged = try Store(path: copy, access: .read)
            do {
                #expect(try !damaged.integrityProblems().isEmpty)
            } catch StoreError.corrupt(let path, _) {
                #expect(path == copy)
            }
        }
    }
}
