internal import Foundation
internal import GRDB
internal import Schema
internal import SystemPackage

/// The contents of a copy.
package struct Backup: Equatable, Sendable {
    package var bytes: Int
    package var jobs: Int
    package var calls: Int
    package var results: Int
}

extension Store {
    /// Copies the database, as it is at one moment, to `target`, while other programs continue to write to
    /// it.
    ///
    /// The copy is made next to `target`, checked completely, and only then moved there. So the file at
    /// `target`, an older copy until then, is complete at any time. It is one file without a WAL, and only
    /// its owner may read it.
    ///
    /// - Throws: `StoreError` of the database, or `BackupError` of the copy.
    package func backUp(to target: String) throws -> Backup {
        guard case .sqlite = engine else { throw StoreError.notAFile(url: path) }
        let named = URL(fileURLWithPath: target).standardizedFileURL.path
        if isOwnFile(named) { throw BackupError.ontoItself(path: named) }
        // A link to an older copy stays.
        let target = StoreFiles.resolve(named) ?? named
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        guard FileManager.default.fileExists(atPath: folder) else {
            throw BackupError.folderMissing(path: target)
        }
        if !Self.isReplaceable(target) { throw BackupError.notACopy(path: target) }
        let partial = target + ".partial"
        defer { for suffix in ["", DatabaseFiles.journal] { unlink(partial + suffix) } }
        unlink(partial)
        // SQLite treats an empty file as a new database.
        guard
            FileManager.default.createFile(
                atPath: partial, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw OpenFiles.areNearlyUsedUp
                ? StoreError.tooManyOpenFiles(path: target) : BackupError.notWritable(path: target)
        }
        do {
            try copy(to: partial)
            let backup = try Self.examine(partial)
            try Self.sync(partial)
            guard rename(partial, target) == 0 else {
                throw BackupError.notWritable(path: target)
            }
            try Self.sync(folder)
            return backup
        } catch let error as DatabaseError {
            if OpenFiles.areNearlyUsedUp { throw StoreError.tooManyOpenFiles(path: target) }
            throw error.resultCode == .SQLITE_FULL
                ? BackupError.full(path: target)
                : BackupError.damaged(detail: error.message ?? "\(error.resultCode)")
        }
    }

    /// All pages in one read, so that no other program's transaction comes between two of them.
    private func copy(to partial: String) throws {
        guard case .sqlite(let file) = engine else { throw StoreError.notAFile(url: path) }
        let copy = try DatabaseQueue(path: partial)
        try file.queue.backup(to: copy)
        try copy.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        try copy.close()
    }

    private static func examine(_ path: String) throws -> Backup {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration).read { db in
            let problems = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
                .filter { $0 != "ok" }
            guard problems.isEmpty else {
                throw BackupError.damaged(detail: problems.joined(separator: "; "))
            }
            func count(_ table: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
            }
            return Backup(
                bytes: try Int.fetchOne(
                    db,
                    sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                ) ?? 0,
                jobs: try count("queue"), calls: try count("ledger"),
                results: try count("result"))
        }
    }

    /// Whether a file is the database itself, its WAL, its index or its lock, by any name.
    package func isOwnFile(_ target: String) -> Bool {
        guard let identity = FileIdentity(target) else { return false }
        let path = StoreFiles.resolve(path) ?? path
        return DatabaseFiles.all.contains { FileIdentity(path + $0) == identity }
    }

    /// Whether there is no file, or an earlier copy: a typing error must not overwrite a device or an
    /// unrelated file.
    private static func isReplaceable(_ target: String) -> Bool {
        guard let stat = try? Stat(target, followTargetSymlink: false) else { return true }
        guard stat.type == .regular else { return false }
        if stat.size == 0 { return true }
        let file = FileHandle(forReadingAtPath: target)
        defer { try? file?.close() }
        // SQLite's page Database File Format, section 1.3: the application's id is at offset 68.
        let header = [UInt8]((try? file?.read(upToCount: 72)) ?? Data())
        return header.count == 72 && header.starts(with: Array("SQLite format 3\0".utf8))
            && header[68...].reduce(0) { $0 << 8 | Int($1) } == DatabaseSchema.applicationID
    }

    /// The copy has to be on the disk before it replaces an older one.
    private static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw BackupError.notWritable(path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw BackupError.notWritable(path: path) }
    }
}

/// Why a copy could not be made.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    case ontoItself(path: String)
    /// The file there is not an earlier copy.
    case notACopy(path: String)
    case folderMissing(path: String)
    case notWritable(path: String)
    case full(path: String)
    case damaged(detail: String)

    package var description: String {
        switch self {
        case .ontoItself(let path):
            "\(path) is the database itself. Nothing was changed.\nTry: name another file."
        case .notACopy(let path):
            "\(path) exists and is not an asinqd backup; it was not overwritten.\nTry: name a new file, or an earlier backup."
        case .folderMissing(let path):
            "The folder of \(path) does not exist.\nTry: run \(MissingFolder.command(for: path)), or use another folder."
        case .notWritable(let path):
            "\(path) cannot be written. An earlier backup there is unchanged.\nTry: use another folder."
        case .full(let path):
            "No space left for the backup \(path). An earlier backup there is unchanged.\nTry: use another disk."
        case .damaged(let detail):
            "The backup is damaged: \(detail). An earlier backup is unchanged.\nTry: run asinqd check."
        }
    }
}
