internal import Foundation
internal import SystemPackage

/// The database file, its WAL and the WAL's index, as they were when they were opened, and the files at their
/// paths now.
///
/// SQLite continues in a file that was moved, deleted or replaced as if nothing had happened. A program that
/// opens the database after that finds other files, and locks in those files: so it may do things that the
/// first one believes to do alone. Source: SQLite's page How To Corrupt An SQLite Database File, sections 2.4
/// to 2.6 and 4.
struct StoreFiles: Sendable {
    /// The state of a path now.
    enum Standing: Equatable {
        case own
        case other
        case missing
    }

    /// As it was given, so that a link's new target is noticed.
    private let path: String
    /// The link's target. SQLite puts the WAL next to the file, not next to a link to it.
    private let realPath: String
    private let opened: [FileIdentity?]

    /// - Parameter database: The identity of the file at `path` before SQLite opened it: a file that replaces
    ///   it in between is then noticed as another program's.
    init(path: String, database: FileIdentity?) {
        self.path = path
        realPath = Self.resolve(path) ?? path
        opened =
            [database]
            + DatabaseFiles.opened.dropFirst().map { [realPath] in FileIdentity(realPath + $0) }
    }

    /// The first of the files that is not at its path any more.
    var displaced: String? {
        zip(places, opened).first { FileIdentity($0) != $1 }?.0
    }

    var isDatabaseInPlace: Bool { standings[0] == .own }

    /// Whether some of the files are ours and others are not, so that another program may work on ours
    /// unnoticed.
    var areMixed: Bool {
        let standings = standings
        return standings.contains(.own) && standings.contains(.other)
    }

    private var places: [String] {
        let real = Self.resolve(path) ?? realPath
        return DatabaseFiles.opened.map { real + $0 }
    }

    private var standings: [Standing] {
        zip(places, opened).map { place, opened in
            let now = FileIdentity(place)
            return now == opened ? .own : now == nil ? .missing : .other
        }
    }

    static func resolve(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

/// The files of a database: each name is the database's and a suffix.
package enum DatabaseFiles {
    package static let wal = "-wal"
    /// The index of the WAL.
    package static let walIndex = "-shm"
    /// asinqd's own, of `DaemonLock`.
    package static let lock = "-lock"
    /// SQLite's rollback journal, which a database in WAL mode does not have.
    static let journal = "-journal"

    /// The files that SQLite has open, the database itself first.
    package static let opened = ["", wal, walIndex]
    package static let all = opened + [lock]
}

/// The file that a path leads to, through links. A file that is moved keeps its identity, a file that
/// replaces another has a different one, and the system does not reuse an identity while a process has the
/// file open.
package struct FileIdentity: Equatable, Sendable {
    private let device: DeviceID
    private let inode: Inode

    /// nil if there is no file.
    package init?(_ path: String) {
        self.init(try? Stat(path))
    }

    /// The identity of an open file, wherever it is now.
    package init?(descriptor: Int32) {
        self.init(try? Stat(FileDescriptor(rawValue: descriptor)))
    }

    private init?(_ stat: Stat?) {
        guard let stat else { return nil }
        device = stat.deviceID
        inode = stat.inode
    }
}
