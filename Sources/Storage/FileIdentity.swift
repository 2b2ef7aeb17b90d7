internal import SystemPackage

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
