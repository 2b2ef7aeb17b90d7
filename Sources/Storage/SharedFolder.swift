internal import Foundation
internal import SystemPackage

/// Who may use the files next to a database: its owner, and the group as far as the umask permits; no other
/// user, whatever the umask.
///
/// A folder with the set-group-ID bit is shared by a group: there the group may write every file, whichever
/// member created it, with any umask. Otherwise a file that one member created with the usual umask, even
/// the database, would exclude the others.
package enum SharedFolder {
    /// A `mode_t`.
    package static let fileMode: UInt32 = 0o660

    /// Gives the group access to an open file of ours, if its folder is shared.
    package static func share(_ descriptor: Int32, in path: String) {
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        guard let stat = try? Stat(folder), stat.permissions.contains(.setGroupID) else { return }
        // Another user's file has its mode already, or is not ours to change.
        _ = fchmod(descriptor, fileMode)
    }
}
