internal import Foundation
internal import Synchronization

/// The right to work on a database: at most one daemon has it, and the system releases it when its process
/// ends.
///
/// There are two locks. A file of its own next to the database locks the database's name: a command that
/// checks whether a daemon runs opens and closes that one. The database file itself is locked too, so that a
/// daemon at another name of the same file does not start.
package final class DaemonLock: WorkRight {
    let descriptor: Int32
    private let file: String
    /// The database file's descriptor, if it is locked; never closed. POSIX releases all locks that a process
    /// has on a file, SQLite's among them, when the process closes any descriptor of it (SQLite's page How To
    /// Corrupt An SQLite Database File, section 2.2). `flock` itself does not conflict with SQLite's locks,
    /// which are `fcntl`'s.
    private let databaseDescriptor: Int32

    /// - Parameter lockingFile: Whether the database file is locked as well, by a descriptor that stays open
    ///   as long as the process: for a daemon.
    /// - Returns: nil if another process has it.
    /// - Throws: `StoreError` if the lock file cannot be created.
    package init?(database path: String, lockingFile: Bool = false) throws {
        file = Self.file(for: path)
        descriptor = open(
            file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
            SharedFolder.fileMode)
        guard descriptor >= 0 else {
            throw StoreError(making: file, code: errno)
        }
        SharedFolder.share(descriptor, in: path)
        let isMine = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        var databaseDescriptor: Int32 = -1
        var isOthers = false
        if isMine && lockingFile {
            let descriptor = Self.databaseDescriptor(path)
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                databaseDescriptor = descriptor
            } else {
                // On a file system without `flock` only the name is locked.
                isOthers = errno == EWOULDBLOCK
            }
        }
        self.databaseDescriptor = databaseDescriptor
        guard isMine && !isOthers else { return nil }
        // The notes of an earlier daemon.
        ftruncate(descriptor, 0)
    }

    /// One for each file, however often its lock is requested.
    private static func databaseDescriptor(_ path: String) -> Int32 {
        descriptors.withLock { known in
            let identity = FileIdentity(path)
            if let found = known.first(where: { $0.identity == identity }) {
                return found.descriptor
            }
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            if descriptor >= 0 {
                known.append((FileIdentity(descriptor: descriptor), descriptor))
            }
            return descriptor
        }
    }

    private static let descriptors = Mutex<[(identity: FileIdentity?, descriptor: Int32)]>([])

    /// A program that deletes the lock's file lets another daemon start, which creates and locks a file of
    /// its own.
    /// - Throws: `StoreError.replaced` in that case, or if the store's files are no longer those at its path,
    ///   which the lock is for.
    package func requireValid(for store: Store) throws {
        // A link with a new target leads to another database.
        try store.requireInPlace()
        guard FileIdentity(file) == FileIdentity(descriptor: descriptor) else {
            throw StoreError.replaced(path: file)
        }
    }

    /// Truncates the WAL if no daemon runs that would do it: otherwise a program that writes a lot would fill
    /// the disk. The lock is held meanwhile, so that there is never more than one checkpointer.
    package static func checkpointInDaemonsPlace(_ store: Store, walBytesMax: Int) throws {
        guard store.walBytes > walBytesMax, let lock = try DaemonLock(database: store.path) else {
            return
        }
        _ = try store.checkpoint()
        withExtendedLifetime(lock) {}
    }

    deinit {
        if databaseDescriptor >= 0 { flock(databaseDescriptor, LOCK_UN) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether a daemon works on the database now.
    package static func isHeld(database path: String) -> Bool {
        let descriptor = open(file(for: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    static func file(for path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path + DatabaseFiles.lock
    }
}
