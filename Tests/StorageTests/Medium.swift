import Foundation
import Storage
import StoreSupport
import Testing

/// Where a test's database is: the store must do the same in both places.
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

/// A folder of a test's own, gone after it.
struct TemporaryFolder {
    let path: String

    /// Where the test's database is, or will be.
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

    /// What lies in the folder, with each file's bytes; nil for a folder.
    func contents() throws -> [String: Data?] {
        var contents: [String: Data?] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            contents.updateValue(
                FileManager.default.contents(atPath: self.path(of: name)), forKey: name)
        }
        return contents
    }
}
