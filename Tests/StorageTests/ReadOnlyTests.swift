import Foundation
import Storage
import StoreSupport
import TestSupport
import Testing

/// Files and folders that the user may read and not write. If the tests run as root, the thread gives up
/// root's file access; if it cannot, they are skipped.
@Suite(.enabled(if: OrdinaryUser.isAvailable), .onSQLite)
struct ReadOnlyTests {
    /// A store with three jobs, all closed; then its file and its folder get these permissions.
    private func with(
        file: Int, folder: Int, leavingLog: Bool = false, _ body: (String) throws -> Void
    ) throws {
        try TemporaryFolder.with { temporary in
            let store = try Store(path: temporary.database, access: .create)
            try store.add(asins(1...3))
            let kept = temporary.path(of: "kept")
            let files = FileManager.default
            try files.createDirectory(atPath: kept, withIntermediateDirectories: false)
            if !leavingLog { #expect(try store.checkpoint()) }
            for suffix in leavingLog ? ["", "-wal", "-shm"] : [""] {
                let copy = "\(kept)/queue.db\(suffix)"
                try files.copyItem(atPath: temporary.database + suffix, toPath: copy)
                try files.setAttributes([.posixPermissions: file], ofItemAtPath: copy)
            }
            try files.setAttributes([.posixPermissions: folder], ofItemAtPath: kept)
            defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: kept) }
            try body("\(kept)/queue.db")
        }
    }

    @Test("opening for writing reports that it is read-only", arguments: [0o555, 0o777])
    func opening(folder: Int) throws {
        try with(file: 0o444, folder: folder) { path in
            for access in [Store.Access.create, .write] {
                OrdinaryUser.run {
                    #expect(throws: StoreError.readOnly(path: path), "\(access)") {
                        _ = try Store(path: path, access: access)
                    }
                }
            }
        }
    }

    @Test("a new file in a read-only folder cannot be created, and the error says why")
    func newFile() throws {
        try with(file: 0o444, folder: 0o555) { path in
            let path = path + "-new"
            OrdinaryUser.run {
                #expect(throws: StoreError.readOnly(path: path)) {
                    _ = try Store(path: path, access: .create)
                }
            }
        }
    }

    @Test("a write to a file that became read-only reports it", arguments: [0o555, 0o777])
    func writing(folder: Int) throws {
        try with(file: 0o444, folder: folder, leavingLog: true) { path in
            OrdinaryUser.run {
                #expect(throws: StoreError.readOnly(path: path)) {
                    try Store(path: path, access: .write).add([asin(9)])
                }
            }
        }
    }

    @Test("a read-only file that is in use can be read", arguments: [0o555, 0o777])
    func reading(folder: Int) throws {
        try with(file: 0o444, folder: folder, leavingLog: true) { path in
            try OrdinaryUser.run {
                let store = try Store(path: path, access: .read)
                #expect(try store.jobCounts(at: .noon)["images"]?.ready == 3)
            }
        }
    }
}
