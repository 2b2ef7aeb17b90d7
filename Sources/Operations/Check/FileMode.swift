internal import Foundation

/// The permissions of a file, as in chmod.
struct FileMode {
    private let bits: mode_t

    /// - Returns: nil where the file is not there.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        bits = status.st_mode
    }

    /// Whether users who are neither its owner nor in its group may do anything with it.
    var isOpenToAll: Bool { bits & 0o007 != 0 }

    var isWritableByAll: Bool { bits & 0o002 != 0 }

    /// The octal number, such as 660.
    var octal: String { String(bits & 0o7777, radix: 8) }
}
