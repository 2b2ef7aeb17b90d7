internal import GRDB

/// What keeps the store from doing its work, with the path it happened at.
package enum StoreError: Error, Equatable {
    /// There is no file, and this command does not make one.
    case missing(path: String)
    case folderMissing(path: String)
    /// A file that is no SQLite database.
    case notADatabase(path: String)
    /// A SQLite database of another program.
    case foreign(path: String)
    /// Written by a later version of asinqd.
    case newer(path: String, version: Int, known: Int)
    /// Made by an earlier version; this command only reads.
    case older(path: String, version: Int, known: Int)
    case readOnly(path: String)
    case locked(path: String)
    case full(path: String)
    case corrupt(path: String, detail: String)
    /// Anything else that SQLite says.
    case other(path: String, detail: String)

    init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "\(error.resultCode)"
        self =
            switch error.resultCode {
            case .SQLITE_NOTADB: .notADatabase(path: path)
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
                .readOnly(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked(path: path)
            case .SQLITE_FULL: .full(path: path)
            case .SQLITE_CORRUPT: .corrupt(path: path, detail: detail)
            default: .other(path: path, detail: detail)
            }
    }
}

extension StoreError {
    /// Whether waiting may mend it.
    package var mayPass: Bool {
        switch self {
        case .corrupt, .notADatabase: false
        default: true
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What is wrong and where, then what to try.
    package var description: String {
        switch self {
        case .missing(let path):
            "There is no database at \(path).\nTry: asinqd enqueue --images FILE, which makes one, or --database with another path."
        case .folderMissing(let path):
            "The folder of \(path) does not exist.\nTry: mkdir -p on it, or --database with another path."
        case .notADatabase(let path):
            "\(path) is not a SQLite database.\nTry: --database with another path. The file was not changed."
        case .foreign(let path):
            "\(path) is a SQLite database of another program.\nTry: --database with another path. The file was not changed."
        case .newer(let path, let version, let known):
            "\(path) has schema version \(version), made by a newer asinqd; this one knows \(known).\nTry: upgrading asinqd."
        case .older(let path, let version, let known):
            "\(path) has schema version \(version); this asinqd reads \(known).\nTry: asinqd run or asinqd enqueue, which upgrade it."
        case .readOnly(let path):
            "\(path) cannot be written: the file, its folder or the file system is read-only for this user.\nTry: joining the group that owns it, or running as its user."
        case .locked(let path):
            "\(path) is locked by another program that holds a transaction open.\nTry: again later; `fuser -v \(path)` shows who has it open."
        case .full(let path):
            "There is no room left on the disk of \(path). Nothing was lost.\nTry: freeing some."
        case .corrupt(let path, let detail):
            "\(path) is damaged: \(detail).\nTry: restoring a backup, or sqlite3's .recover into a new file."
        case .other(let path, let detail):
            "\(path): \(detail)."
        }
    }
}
