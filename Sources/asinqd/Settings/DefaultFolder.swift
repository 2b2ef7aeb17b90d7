import Foundation

/// The folder of the default database.
enum DefaultFolder {
    /// Makes the folder with all above it that are missing, for this user alone (XDG Base Directory
    /// Specification: 0700). Where that fails, opening the database says so.
    static func make(for database: String) {
        var missing: [String] = []
        var folder = URL(fileURLWithPath: database).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
            missing.append(folder.path)
            folder.deleteLastPathComponent()
        }
        for path in missing.reversed() { mkdir(path, 0o700) }
    }
}
