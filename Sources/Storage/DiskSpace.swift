internal import Foundation

/// The space that is free for the user on the database's file system.
package struct DiskSpace {
    package let folder: String
    package let bytes: Int
    /// Whether a file could be created there.
    package let hasInodes: Bool

    /// A claim needs some pages of the WAL and of its index.
    private static let bytesOfAClaim = 256 << 10

    package init?(database: String) {
        folder =
            URL(fileURLWithPath: database).resolvingSymlinksInPath().deletingLastPathComponent()
            .path
        var disk = statvfs()
        guard statvfs(folder, &disk) == 0 else { return nil }
        // A file system without a limit may report the largest number.
        let (free, isBeyond) = UInt64(disk.f_bavail)
            .multipliedReportingOverflow(by: UInt64(disk.f_frsize))
        bytes = isBeyond ? .max : Int(clamping: free)
        hasInodes = disk.f_files == 0 || disk.f_favail > 0
    }

    package var isFull: Bool { bytes < Self.bytesOfAClaim }
}
