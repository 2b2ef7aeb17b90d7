internal import Foundation
package import Storage

/// The right to work on a database: at most one daemon has it, and it goes when its process does.
///
/// A file of its own beside the database, because closing any descriptor of the database file would
/// drop the locks that SQLite holds on it.
package final class DaemonLock: Sendable {
    private let descriptor: Int32

    /// - Returns: nil if another process has it.
    /// - Throws: `StoreError.readOnly` where the lock file cannot be made.
    package init?(database path: String) throws {
        descriptor = open(
            Self.file(for: path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
            SharedFolder.fileMode)
        guard descriptor >= 0 else { throw StoreError.readOnly(path: Self.file(for: path)) }
        SharedFolder.share(descriptor, in: path)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
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

    private static func file(for path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path + "-lock"
    }
}
