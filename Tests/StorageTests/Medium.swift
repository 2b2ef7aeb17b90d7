import Foundation
import Storage
import StoreSupport
import TestSupport
import Testing

/// The place of a test's database: the store must do the same in both.
enum Medium: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case file
    case server

    static var allCases: [Medium] { TestServer.current == nil ? [.memory, .file] : [.server] }

    var testDescription: String { rawValue }

    /// Runs `body` on a new, empty store.
    func withStore<Value>(_ body: (Store) throws -> Value) throws -> Value {
        switch self {
        case .memory, .server: try body(Store())
        case .file:
            try TemporaryFolder.with { try body(Store(path: $0.database, access: .create)) }
        }
    }
}
