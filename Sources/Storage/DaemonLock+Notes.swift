internal import Foundation

/// What other commands cannot know of the running daemon: its process, and the endpoints for which it has
/// accounts, because its keys may be in its own environment alone.
///
/// The lock's file has a line with the endpoints and a line `pid N`.
extension DaemonLock {
    /// The longest file that is accepted.
    private static let bytesMax = 4_096
    private static let processMark = "pid "

    /// Writes this process and the endpoints that it works into the lock's file.
    package func note(endpoints: [String]) {
        let lines = "\(endpoints.joined(separator: " "))\n\(Self.processMark)\(getpid())\n"
        let text = Array(lines.utf8)
        // If this cannot be written (a full disk), other commands do not know it.
        guard pwrite(descriptor, text, text.count, 0) == text.count else {
            ftruncate(descriptor, 0)
            return
        }
        ftruncate(descriptor, off_t(text.count))
    }

    /// The endpoints that the daemon on this database works; nil if none runs, or if they are not known.
    package static func endpoints(database path: String) -> Set<String>? {
        guard let line = notes(database: path).first else { return nil }
        let names = line.split(separator: " ")
        return names.isEmpty ? nil : Set(names.map(String.init))
    }

    /// The process of the daemon on this database; nil if none runs, or if it is not known.
    package static func processID(database path: String) -> Int? {
        guard let line = notes(database: path).dropFirst().first, line.hasPrefix(processMark) else {
            return nil
        }
        return Int(line.dropFirst(processMark.count))
    }

    /// The complete lines that the running daemon has written.
    private static func notes(database path: String) -> [String] {
        guard isHeld(database: path) else { return [] }
        let descriptor = open(file(for: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return [] }
        return String(decoding: bytes[..<count], as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
