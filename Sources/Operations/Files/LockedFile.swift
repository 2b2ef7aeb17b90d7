internal import Foundation
internal import Storage
internal import SystemPackage

enum LockedFile {
    /// Opens a regular file, or an empty new one, and locks it until the descriptor is closed.
    ///
    /// - Parameter flags: Of open(2), without O_CREAT and O_CLOEXEC.
    /// - Returns: nil if another process holds the lock.
    /// - Throws: `Errno`
    static func open(_ path: String, _ flags: Int32) throws -> FileDescriptor? {
        if let type = (try? Stat(path))?.type, type != .regular { throw Errno.notSupported }
        while true {
            let opened = Foundation.open(path, flags | O_CREAT | O_CLOEXEC, 0o666)
            guard opened >= 0 else { throw Errno(rawValue: errno) }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                close(opened)
                return nil
            }
            // The process that held it until now may have renamed or replaced it.
            if FileIdentity(descriptor: opened) == FileIdentity(path) {
                return FileDescriptor(rawValue: opened)
            }
            close(opened)
        }
    }
}
