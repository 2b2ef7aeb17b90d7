internal import Foundation

/// Who may use the files beside a database: its owner, and the group as far as the umask lets it;
/// nobody else, whatever the umask.
///
/// A folder with the set-group-ID bit is one that a group works in together: there the group may
/// write, whoever made the file and with whatever umask. Else what one of them made with the usual
/// umask, and be it the database, would keep the others out.
package enum SharedFolder {
    /// A `mode_t`.
    package static let fileMode: UInt32 = 0o660

    /// Gives the group its right to an open file of ours, where that is its folder's way.
    package static func share(_ descriptor: Int32, in path: String) {
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_ISGID != 0 else { return }
        // Another one's file has its mode already, or is not ours to change.
        _ = fchmod(descriptor, fileMode)
    }
}
