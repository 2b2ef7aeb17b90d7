internal import Foundation
internal import GRDB
package import Planning
internal import PostgreSQL
internal import Schema

/// Why the store could not do its work, with the path of the file.
package enum StoreError: Error, Equatable {
    /// There is no file, and this command does not create one.
    case missing(path: String)
    case folderMissing(path: String)
    /// A file that is not a SQLite database.
    case notADatabase(path: String)
    /// A SQLite database of another program.
    case foreign(path: String)
    /// asinqd's tables without the number that marks them.
    case unmarked(path: String, version: Int)
    /// Tables, indexes or views differ from the schema.
    case schemaChanged(path: String, detail: String)
    /// Written by a later version of asinqd.
    case newer(path: String, version: Int, known: Int)
    /// Created by an earlier version; this command only reads.
    case older(path: String, version: Int, known: Int)
    case readOnly(path: String)
    /// No file descriptor is left to open it with.
    case tooManyOpenFiles(path: String)
    /// SQLite needs the WAL's index even for reading, and cannot create it there.
    case notReadable(path: String)
    case locked(path: String)
    case full(path: String)
    /// An upgrade of the schema copies all rows before it deletes the old ones.
    case noRoomToUpgrade(path: String, needed: Int, free: Int)
    case corrupt(path: String, detail: String)
    /// The file at the path is not the one that was opened there.
    case replaced(path: String)
    /// One file under several names, each of which would have its own WAL.
    case hardLinked(path: String, names: Int)
    /// The file alone is mounted at its path, as `docker run -v file:file` does.
    case mountedAlone(path: String)
    /// The disk or its driver failed.
    case faulty(path: String, detail: String)
    /// No program has added this endpoint to the reference table.
    case unknownEndpoint(String)
    /// The PostgreSQL server cannot be used now: it is down, refuses the connection, or only reads.
    case unreachable(url: String, detail: String)
    /// libpq cannot read the server's URL.
    case malformedURL(url: String, detail: String)
    /// The server's database cannot hold every text.
    case otherEncoding(url: String, encoding: String)
    /// The server's role lacks a right.
    case forbidden(url: String, detail: String)
    /// Another host may lead by now.
    case leadLost(url: String)
    /// The command is for a file; this is a PostgreSQL server's own affair.
    case notAFile(url: String)
    /// Any other error of the database.
    case other(path: String, detail: String)

    init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "\(error.resultCode)"
        self =
            switch error.resultCode {
            case .SQLITE_NOTADB: .notADatabase(path: path)
            case .SQLITE_CANTOPEN where OpenFiles.areNearlyUsedUp: .tooManyOpenFiles(path: path)
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
                .readOnly(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
            case .SQLITE_FULL: .full(path: path)
            // The WAL's index could not be extended.
            case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
                .full(path: path)
            case .SQLITE_IOERR: .faulty(path: path, detail: detail)
            case .SQLITE_CORRUPT: .corrupt(path: path, detail: detail)
            default: .other(path: path, detail: detail)
            }
    }

    init(_ error: PostgreSQLError, path: String) {
        self =
            if error == .unreadableURL {
                .malformedURL(url: path, detail: error.message)
            } else if error.isConnectionLost {
                .unreachable(url: path, detail: error.message)
            } else if error.isConflict {
                .locked(path: path)
            } else if error.sqlState == "53100" {
                .full(path: path)
            } else if error.sqlState == "42501" {
                .forbidden(url: path, detail: error.message)
            } else {
                .other(path: path, detail: error.message)
            }
    }

    /// - Parameter code: The `errno` of a file that could not be created at `path`.
    package init(making path: String, code: Int32) {
        self =
            switch code {
            case ENOSPC, EDQUOT: .full(path: path)
            case _ where OpenFiles.areUsedUp(code): .tooManyOpenFiles(path: path)
            default: .readOnly(path: path)
            }
    }
}

extension StoreError {
    /// Whether waiting may help.
    package var failure: StoreFailure {
        switch self {
        case .corrupt, .notADatabase, .replaced, .hardLinked, .mountedAlone, .schemaChanged,
            .leadLost, .malformedURL, .otherEncoding:
            .permanent
        case .full: .fullDisk
        default: .temporary
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What happened and where, then what to try.
    package var description: String {
        switch self {
        case .missing(let path) where Store.isOnServer(path: path):
            "The database at \(path) does not have the schema asinqd yet.\nTry: run asinqd enqueue --images FILE, which installs it, or use --database with another URL."
        case .missing(let path):
            "There is no database at \(path).\nTry: run asinqd enqueue --images FILE, which creates one, or use --database with another path."
        case .folderMissing(let path):
            "The folder of \(path) does not exist.\nTry: run \(MissingFolder.command(for: path)), or use --database with another path."
        case .notADatabase(let path):
            "\(path) is not a SQLite database. The file was not changed.\nTry: use --database with another path."
        case .foreign(let path):
            "\(path) is a SQLite database of another program. The file was not changed.\nTry: use --database with another path."
        case .unmarked(let path, let version):
            "\(path) has asinqd's tables, but PRAGMA application_id, which marks a database as asinqd's, is 0, as after .dump into a new file.\nTry: run sqlite3 \(path) 'PRAGMA application_id = \(DatabaseSchema.applicationID)\(version > 0 ? "" : "; PRAGMA user_version = \(DatabaseSchema.latestVersion)")', then asinqd check."
        case .schemaChanged(let path, let detail):
            "\(path) no longer has the schema that asinqd needs: \(detail).\nTry: run asinqd check, which lists what is missing or changed, and how to repair it."
        case .newer(let path, let version, let known):
            "\(path) has schema version \(version), from a newer asinqd; this one supports \(known).\nTry: upgrade asinqd."
        case .older(let path, 0, _):
            "\(path) is empty and not a database yet.\nTry: run asinqd enqueue, which creates the database in it, or use --database with another path."
        case .older(let path, let version, let known):
            "\(path) has schema version \(version); this asinqd reads \(known).\nTry: upgrade it with asinqd run or asinqd enqueue."
        case .readOnly(let path):
            "\(path) cannot be written: the file, its folder or the file system is read-only for this user.\nTry: join the group that owns it, run as its user, or run `mount -o remount,rw` if the file system is mounted read-only (the kernel does that after a disk fault: see `dmesg`)."
        case .tooManyOpenFiles(let path):
            "\(path) cannot be opened: the limit of open files is reached.\nTry: \(OpenFiles.advice)"
        case .notReadable(let path):
            "\(path) cannot be read: this user may not read the file, or SQLite cannot create \(path)\(DatabaseFiles.walIndex), because the folder or the file system is read-only.\nTry: join the group that owns it, or copy \(path) and, if there is one, \(path)\(DatabaseFiles.wal) to a writable folder, and use --database with the copy."
        case .locked(let path):
            "\(path) is locked by another program that holds a transaction open.\nTry: run it again later; \(Store.isOnServer(path: path) ? "the view pg_stat_activity" : "`fuser -v \(path)`") shows which programs have it open."
        case .full(let path):
            "No space left on the disk of \(path).\nTry: free some disk space."
        case .noRoomToUpgrade(let path, let needed, let free):
            "\(path) has an older schema; its upgrade needs \(needed >> 20) MB of free disk space, and \(free >> 20) MB are free. The file was not changed.\nTry: free some disk space, or move the database to a larger disk."
        case .corrupt(let path, let detail):
            "\(path) is damaged: \(detail).\nTry: stop the daemon, put the last copy by asinqd backup in its place, and remove \(path)\(DatabaseFiles.wal) and \(path)\(DatabaseFiles.walIndex). Without a copy, most of it can still be read: see Restore in docs/operating.md."
        case .replaced(let path):
            "\(path) is no longer the file that was opened: it was moved, deleted or replaced in use.\nTry: run asinqd check, which examines the present file, then start the daemon again. Stop it before you move or restore its files."
        case .hardLinked(let path, let names):
            "\(path) is one of \(names) names of the same file (hard links), and each would have a log of its own, which corrupts it.\nTry: list them with `find / -samefile \(path)` and remove the others. Copies by cp -al are such names, not backups; asinqd backup makes one. Symbolic links do no harm."
        case .mountedAlone(let path):
            "\(path) is mounted as a single file (a bind mount), so its log here is not the log at the original path, which corrupts it.\nTry: mount its folder instead: `docker run -v FOLDER:FOLDER` rather than `-v FILE:FILE`."
        case .faulty(let path, let detail):
            "\(path) could not be read or written: \(detail). The disk or its file system reports a fault.\nTry: check `dmesg`, then run asinqd check."
        case .unknownEndpoint(let name):
            "The database knows no endpoint \(name).\nTry: upgrade asinqd, or use the version that added it."
        case .unreachable(let url, let detail):
            "\(url) cannot be used: \(detail)\(detail.hasSuffix("?") ? "" : ".")\nTry: check the URL, that the server runs and accepts writes, and the password (PGPASSWORD, or a file named by PGPASSFILE)."
        case .malformedURL(let url, let detail):
            "\(url): \(detail).\nTry: write it as postgresql://USER@HOST:PORT/DATABASE, and the password into a file that PGPASSFILE names."
        case .otherEncoding(let url, let encoding):
            "The database at \(url) has the encoding \(encoding); asinqd needs UTF8.\nTry: run `createdb --encoding UTF8 --template template0 NAME`, and use that database."
        case .forbidden(let url, let detail):
            "\(url): \(detail).\nTry: use the role that owns the schema asinqd; a member of asinqd_reader may only read."
        case .leadLost(let url):
            "Another host works \(url), or may do so soon: this one could not extend its lease in time.\nTry: check the connection to the server; it stands by until then."
        case .notAFile(let url):
            "\(url) is a PostgreSQL database, and its copies are the server's own affair.\nTry: run pg_dump, or set up continuous archiving: see PostgreSQL in docs/operating.md."
        case .other(let path, let detail):
            "\(path): \(detail)."
        }
    }
}

/// Advice about a folder that does not exist.
enum MissingFolder {
    /// The command that creates the folder of `path`, quoted for a shell.
    static func command(for path: String) -> String {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let isPlain = folder.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "/._-+:@%,".utf8.contains(byte)
            }
        }
        return "mkdir -p " + (isPlain ? folder : "'\(folder.replacing("'", with: "'\\''"))'")
    }
}
