import Foundation
import Storage
import StoreSupport
import Testing

/// The place of a test's database: the store must do the same in both.
enum Medium: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case file

    var testDescription: String { rawValue }

    /// Runs `body` on a new, empty store.
    func withStore<Value>(_ body: (Store) throws -> Value) throws -> Value {
        switch self {
        case .memory: try body(Store())
        case .file:
            try TemporaryFolder.with { try body(Store(path: $0.database, access: .create)) }
        }
    }
}

/// A test's own folder, deleted after it.
struct TemporaryFolder {
    let path: String

    /// The path of the test's database.
    var database: String { path(of: "queue.db") }

    func path(of name: String) -> String { "\(path)/\(name)" }

    static func with<Value>(_ body: (TemporaryFolder) throws -> Value) throws -> Value {
        let files = FileManager.default
        let path = files.temporaryDirectory.appendingPathComponent("asinqd-\(UUID().uuidString)")
            .path
        try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer {
            try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            try? files.removeItem(atPath: path)
        }
        return try body(TemporaryFolder(path: path))
    }

    /// The folder's files with their bytes; nil for a folder.
    func contents() throws -> [String: Data?] {
        var contents: [String: Data?] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            contents.updateValue(
                FileManager.default.contents(atPath: self.path(of: name)), forKey: name)
        }
        return contents
    }
}
