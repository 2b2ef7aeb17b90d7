import Foundation
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite(.onSQLite) struct DaemonLockTests {
    private func withFolder(_ body: (_ path: String) throws -> Void) throws {
        try TemporaryFolder.with { try body($0.path) }
    }

    @Test("Only one process has the lock, and it is free again when its holder is gone")
    func exclusive() throws {
        try withFolder { folder in
            let path = folder + "/queue.sqlite"
            #expect(!DaemonLock.isHeld(database: path))
            var first = try DaemonLock(database: path)
            #expect(first != nil && DaemonLock.isHeld(database: path))
            #expect(try DaemonLock(database: path) == nil)
            #expect(DaemonLock.isHeld(database: path), "a vain attempt does not free it")
            withExtendedLifetime(first) {}
            first = nil
            #expect(!DaemonLock.isHeld(database: path))
            #expect(try DaemonLock(database: path) != nil)
        }
    }

    @Test("Checking whether it is held neither takes it nor creates a file")
    func looking() throws {
        try withFolder { folder in
            let path = folder + "/queue.sqlite"
            #expect(!DaemonLock.isHeld(database: path))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            let lock = try DaemonLock(database: path)
            #expect(DaemonLock.isHeld(database: path) && DaemonLock.isHeld(database: path))
            withExtendedLifetime(lock) {}
        }
    }

    @Test("The running daemon's process and endpoints are known, and not those of an earlier one")
    func notes() throws {
        try withFolder { folder in
            let path = folder + "/queue.sqlite"
            #expect(DaemonLock.processID(database: path) == nil)
            var lock = try DaemonLock(database: path)
            #expect(DaemonLock.processID(database: path) == nil)
            lock?.note(endpoints: ["images", "barcodes"])
            #expect(DaemonLock.processID(database: path) == Int(getpid()))
            #expect(DaemonLock.endpoints(database: path) == ["images", "barcodes"])
            lock?.note(endpoints: [])
            #expect(DaemonLock.processID(database: path) == Int(getpid()))
            #expect(DaemonLock.endpoints(database: path) == nil)
            withExtendedLifetime(lock) {}
            lock = nil
            #expect(DaemonLock.processID(database: path) == nil)
            let next = try DaemonLock(database: path)
            #expect(DaemonLock.processID(database: path) == nil, "before its first note")
            #expect(DaemonLock.endpoints(database: path) == nil)
            withExtendedLifetime(next) {}
        }
    }

    @Test("A link to a database leads to the database's own lock")
    func link() throws {
        try withFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/queue.sqlite"))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.sqlite", withDestinationPath: "queue.sqlite")
            let lock = try DaemonLock(database: folder + "/queue.sqlite")
            #expect(try DaemonLock(database: folder + "/link.sqlite") == nil)
            #expect(DaemonLock.isHeld(database: folder + "/link.sqlite"))
            withExtendedLifetime(lock) {}
        }
    }

    @Test("Two databases have two locks")
    func twoDatabases() throws {
        try withFolder { folder in
            let one = try DaemonLock(database: folder + "/one.sqlite")
            let two = try DaemonLock(database: folder + "/two.sqlite")
            #expect(one != nil && two != nil)
        }
    }

    @Test("A lock file that cannot be opened is an error, not a held lock")
    func obstacles() throws {
        try withFolder { folder in
            #expect(throws: (any Error).self) {
                try DaemonLock(database: folder + "/missing/queue.sqlite")
            }
            try FileManager.default.createDirectory(
                atPath: folder + "/queue.sqlite-lock", withIntermediateDirectories: true)
            #expect(throws: (any Error).self) { try DaemonLock(database: folder + "/queue.sqlite") }
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/other.sqlite-lock", withDestinationPath: "elsewhere")
            #expect(throws: (any Error).self) { try DaemonLock(database: folder + "/other.sqlite") }
            #expect(!FileManager.default.fileExists(atPath: folder + "/elsewhere"))
        }
    }
}
