import Foundation
import GRDB
import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Files that are moved, deleted or replaced while a store has them open.
@Suite(.onSQLite)
struct DisplacedFilesTests {
    private static let suffixes = ["", "-wal", "-shm"]

    /// A store with one job, which is in its WAL.
    private func with(_ body: (TemporaryFolder, Store) throws -> Void) throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            try store.add([asin(1)])
            try store.requireInPlace()
            try body(folder, store)
        }
    }

    /// Another file replaces it, as an editor or a restored backup does.
    private func replace(_ path: String) throws {
        try Data("another".utf8).write(to: URL(fileURLWithPath: path + ".new"))
        #expect(rename(path + ".new", path) == 0)
    }

    @Test("a file that is deleted, moved or replaced is named", arguments: suffixes)
    func displaced(suffix: String) throws {
        let ways: [(String) throws -> Void] = [
            { #expect(unlink($0) == 0) }, { #expect(rename($0, $0 + ".old") == 0) }, replace,
        ]
        for displace in ways {
            try with { folder, store in
                try displace(folder.database + suffix)
                let error = StoreError.replaced(path: folder.database + suffix)
                #expect(throws: error) { try store.requireInPlace() }
                #expect(error.failure == .permanent)
            }
        }
    }

    @Test("a file that is moved back is in place again", arguments: suffixes)
    func putBack(suffix: String) throws {
        try with { folder, store in
            let path = folder.database + suffix
            #expect(rename(path, path + ".old") == 0)
            #expect(throws: StoreError.self) { try store.requireInPlace() }
            #expect(rename(path + ".old", path) == 0)
            try store.requireInPlace()
        }
    }

    /// Each of the three files may be our own, missing or another's: 27 cases.
    @Test("a file next to another program's is not written; files that are ours or missing are")
    func mixed() throws {
        for number in 0..<27 {
            let standings = [number / 9, number / 3 % 3, number % 3]
            try with { folder, store in
                for (suffix, standing) in zip(Self.suffixes, standings) {
                    if standing == 1 { #expect(unlink(folder.database + suffix) == 0) }
                    if standing == 2 { try replace(folder.database + suffix) }
                }
                let isMixed = standings.contains(0) && standings.contains(2)
                #expect(store.files?.areMixed == isMixed, "\(standings)")
                if isMixed {
                    #expect(throws: StoreError.self) { try store.requireUnmixed() }
                    store.leaveDisplacedFiles()
                } else {
                    try store.requireUnmixed()
                }
            }
        }
    }

    @Test("a link with another target is a replaced database, one to the same file is not")
    func link() throws {
        try TemporaryFolder.with { folder in
            let link = folder.path(of: "link.db")
            let files = FileManager.default
            let other = try Store(path: folder.path(of: "other.db"), access: .create)
            _ = try Store(path: folder.database, access: .create)
            try files.createSymbolicLink(atPath: link, withDestinationPath: "queue.db")
            let store = try Store(path: link, access: .write)
            try store.add([asin(1)])
            try store.requireInPlace()
            #expect(store.walPath == folder.database + "-wal" && store.walBytes > 0)
            try files.removeItem(atPath: link)
            try files.createSymbolicLink(atPath: link, withDestinationPath: folder.database)
            try store.requireInPlace()
            try files.removeItem(atPath: link)
            try files.createSymbolicLink(atPath: link, withDestinationPath: "other.db")
            #expect(throws: StoreError.replaced(path: other.path)) { try store.requireInPlace() }
            try store.requireUnmixed()
        }
    }

    @Test("others that open and close, in all modes, displace nothing")
    func visitors() throws {
        try with { folder, store in
            for number in 2...200 {
                let access = [Store.Access.create, .write, .read][number % 3]
                let visitor = try Store(path: folder.database, access: access)
                if access == .read {
                    _ = try visitor.jobCounts(at: .noon)
                } else {
                    try visitor.add([asin(number)])
                }
                if number % 5 == 0 { #expect(try store.checkpoint()) }
                try store.requireInPlace()
            }
        }
    }

    @Test("a WAL whose name is gone is saved into the database", arguments: ["-wal", "-shm"])
    func savedLog(suffix: String) throws {
        try with { folder, store in
            #expect(unlink(folder.database + suffix) == 0)
            store.leaveDisplacedFiles()
            let copy = folder.path(of: "copy.db")
            try FileManager.default.copyItem(atPath: folder.database, toPath: copy)
            #expect(try Store(path: copy, access: .read).jobCounts(at: .noon)["images"]?.ready == 1)
        }
    }

    @Test("another program's WAL is neither deleted nor overwritten when the store is closed")
    func sparedLog() throws {
        try TemporaryFolder.with { folder in
            let log = folder.database + "-wal"
            var store: Store? = try Store(path: folder.database, access: .create)
            try store?.add([asin(1)])
            try replace(log)
            let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
            store?.leaveDisplacedFiles()
            store = nil
            #expect(FileManager.default.contents(atPath: log) == Data("another".utf8))
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
        }
    }

    @Test("in memory there are no files to lose")
    func memory() throws {
        let store = try Store()
        try store.requireInPlace()
        try store.requireUnmixed()
        store.leaveDisplacedFiles()
    }
}
