import Foundation

/// Runs tests of permissions as an ordinary user, even if the tests run as root.
enum OrdinaryUser {
    /// Whether `run` works here.
    static let isAvailable = geteuid() != 0 || setFileUser != nil

    /// Runs `body`, on this thread, with the file access of a user who owns nothing.
    static func run(_ body: () throws -> Void) rethrows {
        guard geteuid() == 0, let setFileUser else { return try body() }
        _ = setFileUser(65_534)
        defer { _ = setFileUser(0) }
        return try body()
    }

    /// Linux has a separate user id for file access, for each thread.
    private static let setFileUser: (@convention(c) (UInt32) -> Int32)? = {
        guard let symbol = dlsym(nil, "setfsuid") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
    }()
}
