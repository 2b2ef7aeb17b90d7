internal import Foundation

/// The folder of the default database.
package enum DefaultFolder {
    /// Makes the folder with all above it that are missing: those above for this user alone (XDG Base
    /// Directory Specification: 0700), the database's own for the user's group to read as well, as its
    /// files are. Where that fails, opening the database says so.
    package static func make(for database: String) {
        var missing: [String] = []
        var folder = URL(fileURLWithPath: database).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
            missing.append(folder.path)
            folder.deleteLastPathComponent()
        }
        for path in missing.reversed() {
            mkdir(path, path == missing.first ? 0o750 : 0o700)
        }
    }
}
