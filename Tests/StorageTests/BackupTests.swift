import Foundation
import GRDB
import Planning
import Storage
import StoreSupport
import Synchronization
import TestSupport
import Testing

@Suite(.onSQLite)
struct BackupTests {
    private func text(_ path: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    @Test("A copy is one file without damage, readable by its owner alone, and a usable database")
    func whole() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            _ = try store.enqueue(asins(1...500), at: "images", EnqueueOptions(), now: .noon)
            let backup = try store.backUp(to: folder.path(of: "copy.db"))
            #expect(backup.jobs == 500 && backup.calls == 0 && backup.results == 0)
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path(of: "copy.db"))
            #expect(attributes[.size] as? Int == backup.bytes)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left.filter { $0.hasPrefix("copy") } == ["copy.db"])
            let restored = try Store(path: folder.path(of: "copy.db"), access: .write)
            let again = try restored.enqueue(
                asins(1...501), at: "images", EnqueueOptions(), now: .noon)
            #expect(again == Enqueued(added: 1, alreadyOpen: 500))
        }
    }

    @Test("While others write, a copy holds whole transactions")
    func inUse() throws {
        try TemporaryFolder.with { folder in
            let path = folder.database
            let store = try Store(path: path, access: .create)
            let isDone = Mutex(false)
            let ended = DispatchSemaphore(value: 0)
            let writer = Thread {
                defer { ended.signal() }
                guard let other = try? Store(path: path, access: .write) else { return }
                var number = 1
                while !isDone.withLock(\.self) {
                    _ = try? other.enqueue(
                        asins(number...number + 9), at: "images", EnqueueOptions(), now: .noon)
                    number += 10
                }
            }
            writer.start()
            var counts: [Int] = []
            while Set(counts).count < 5 {
                let backup = try store.backUp(to: folder.path(of: "copy.db"))
                #expect(backup.jobs.isMultiple(of: 10) && backup.jobs >= counts.last ?? 0)
                counts.append(backup.jobs)
            }
            isDone.withLock { $0 = true }
            ended.wait()
        }
    }

    @Test(
        "A file that is not a copy is not replaced: text, another program's database, a folder, a pipe, a device"
    )
    func strangers() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            let path = folder.path(of: "there")
            func expectRefused() {
                #expect(throws: BackupError.notACopy(path: path)) { try store.backUp(to: path) }
                unlink(path)
            }
            for text in ["letters", String(repeating: "letters ", count: 100)] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                #expect(throws: BackupError.notACopy(path: path)) { try store.backUp(to: path) }
                #expect(try self.text(path) == text)
                unlink(path)
            }
            try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: "CREATE TABLE t (a)") }
            expectRefused()
            #expect(mkfifo(path, 0o600) == 0)
            expectRefused()
            #expect(mkdir(path, 0o700) == 0)
            #expect(throws: BackupError.notACopy(path: path)) { try store.backUp(to: path) }
            #expect(throws: BackupError.notACopy(path: "/dev/null")) {
                try store.backUp(to: "/dev/null")
            }
        }
    }

    @Test("A link leads to the copy, and stays")
    func link() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            let link = folder.path(of: "link")
            #expect(symlink(folder.path(of: "copy.db"), link) == 0)
            #expect(throws: BackupError.notACopy(path: link)) { try store.backUp(to: link) }
            _ = try store.backUp(to: folder.path(of: "copy.db"))
            for jobs in 0...1 {
                #expect(try store.backUp(to: link).jobs == jobs)
                #expect(try text(folder.path(of: "copy.db")).hasPrefix("SQLite format 3"))
                var status = stat()
                #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
                try store.add([asin(jobs)])
            }
        }
    }

    @Test("An older copy is replaced by a good one, and stays if none can be made")
    func replaces() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            let copy = folder.path(of: "copy.db")
            #expect(try store.backUp(to: copy).jobs == 0)
            let older = try Data(contentsOf: URL(fileURLWithPath: copy))
            try store.add([asin(1)])
            try FileManager.default.createDirectory(
                atPath: copy + ".partial/x", withIntermediateDirectories: true)
            #expect(throws: BackupError.notWritable(path: copy)) { try store.backUp(to: copy) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == older)
            try FileManager.default.removeItem(atPath: copy + ".partial")
            #expect(try store.backUp(to: copy).jobs == 1)
            #expect(try text(copy).hasPrefix("SQLite format 3"))
            #expect(throws: BackupError.self) {
                try store.backUp(to: folder.path(of: "no/copy.db"))
            }
        }
    }

    @Test("The paths of the database, its WAL, its index and its lock are rejected, by any name")
    func ontoItself() throws {
        try TemporaryFolder.with { folder in
            let path = folder.database
            let store = try Store(path: path, access: .create)
            _ = try store.enqueue(asins(1...3), at: "images", EnqueueOptions(), now: .noon)
            try Data().write(to: URL(fileURLWithPath: path + "-lock"))
            try FileManager.default.createSymbolicLink(
                atPath: folder.path(of: "link"), withDestinationPath: path)
            try FileManager.default.linkItem(atPath: path, toPath: folder.path(of: "hard"))
            for target in [
                path, path + "-wal", path + "-shm", path + "-lock", folder.path(of: "link"),
                folder.path(of: "hard"),
            ] {
                #expect(throws: BackupError.ontoItself(path: target)) {
                    try store.backUp(to: target)
                }
            }
            #expect(try store.jobCounts(at: .noon)["images"]?.ready == 3)
        }
    }

    @Test("A damaged database gives no copy, and the older one stays")
    func damaged() throws {
        try TemporaryFolder.with { folder in
            let path = folder.database
            do {
                let store = try Store(path: path, access: .create)
                _ = try store.enqueue(asins(1...5_000), at: "images", EnqueueOptions(), now: .noon)
                _ = try store.checkpoint()
            }
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: 80 * 4_096)
            try file.write(contentsOf: Data(repeating: 0x5A, count: 8 * 4_096))
            try file.close()
            let copy = folder.path(of: "copy.db")
            try Data("older".utf8).write(to: URL(fileURLWithPath: copy))
            let store = try Store(path: path, access: .read)
            #expect(throws: BackupError.self) { try store.backUp(to: copy) }
            #expect(try text(copy) == "older")
        }
    }
}
