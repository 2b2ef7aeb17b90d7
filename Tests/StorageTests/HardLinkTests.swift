import Foundation
import Storage
import StoreSupport
import TestSupport
import Testing

/// One file under two names has two WALs.
@Suite(.onSQLite)
struct HardLinkTests {
    @Test("a file with two names is opened for reading alone, by either of them")
    func twoNames() throws {
        try TemporaryFolder.with { folder in
            try Store(path: folder.database, access: .create).add([asin(1)])
            let other = folder.path(of: "other.db")
            #expect(link(folder.database, other) == 0)
            for path in [folder.database, other] {
                for access in [Store.Access.create, .write] {
                    #expect(throws: StoreError.hardLinked(path: path, names: 2)) {
                        _ = try Store(path: path, access: access)
                    }
                }
                _ = try Store(path: path, access: .read)
            }
            #expect(unlink(other) == 0)
            _ = try Store(path: folder.database, access: .write)
        }
    }

    @Test("a symbolic link to it does no harm, and one to a file with two names is rejected too")
    func symbolicLink() throws {
        try TemporaryFolder.with { folder in
            try Store(path: folder.database, access: .create).add([asin(1)])
            let link = folder.path(of: "link.db")
            try FileManager.default.createSymbolicLink(
                atPath: link, withDestinationPath: "queue.db")
            try Store(path: link, access: .write).add([asin(2)])
            #expect(Foundation.link(folder.database, folder.path(of: "other.db")) == 0)
            #expect(throws: StoreError.hardLinked(path: link, names: 2)) {
                _ = try Store(path: link, access: .write)
            }
        }
    }
}
