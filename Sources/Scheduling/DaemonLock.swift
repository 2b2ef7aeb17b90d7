internal import Foundation
package import Storage

/// The right to work on a database: at most one daemon has it, and it goes when its process does.
///
/// A file of its own beside the database, because closing any descriptor of the database file would
/// drop the locks that SQLite holds on it.
package final class DaemonLock: Sendable {
    let descriptor: Int32
    private let file: String

    /// - Returns: nil if another process has it.
    /// - Throws: `StoreError` where the lock file cannot be made.
    package init?(database path: String) throws {
        file = Self.file(for: path)
        descriptor = open(
            file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
            SharedFolder.fileMode)
        guard descriptor >= 0 else {
            throw StoreError(making: file, code: errno)
        }
        SharedFolder.share(descriptor, in: path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    /// Whoever removes the lock's file lets another daemon in, which makes and locks one of its own.
    /// - Throws: `StoreError.replaced` where that is so, or where the store's files are no longer those
    ///   at its path, which the lock is for.
    func requireValid(for store: Store) throws {
        // A link that leads elsewhere by now leads to another database.
        try store.requireInPlace()
        guard FileIdentity(file) == FileIdentity(descriptor: descriptor) else {
            throw StoreError.replaced(path: file)
        }
    }

    /// Cuts the log where no daemon is there to do it: whoever writes a lot without one would fill
    /// the disk. The lock is held meanwhile, so that there is one checkpointer at any time.
    package static func checkpointInDaemonsPlace(_ store: Store, logBytesMost: Int) throws {
        guard store.logBytes > logBytesMost, let lock = try DaemonLock(database: store.path) else {
            return
        }
        _ = try store.checkpoint()
        withExtendedLifetime(lock) {}
    }

    deinit {
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
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path + "-lock"
    }
}
