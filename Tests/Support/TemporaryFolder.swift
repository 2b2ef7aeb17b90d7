internal import Foundation

/// A test's own folder, deleted with the value.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("asinqd-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // A test may have made it read-only.
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Runs `body` with a new folder, which stays until the end of `body`.
    package static func with<Value>(_ body: (TemporaryFolder) throws -> Value) throws -> Value {
        let folder = try TemporaryFolder()
        return try withExtendedLifetime(folder) { try body(folder) }
    }

    /// The path of the test's database.
    package var database: String { path(of: "queue.db") }

    package func path(of name: String) -> String { "\(path)/\(name)" }

    /// Writes a file and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: path(of: name), atomically: true, encoding: .utf8)
        return path(of: name)
    }

    /// The folder's files with their bytes; nil for a folder.
    package func contents() throws -> [String: [UInt8]?] {
        var contents: [String: [UInt8]?] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            contents.updateValue(
                FileManager.default.contents(atPath: path(of: name)).map { Array($0) },
                forKey: name)
        }
        return contents
    }
}
