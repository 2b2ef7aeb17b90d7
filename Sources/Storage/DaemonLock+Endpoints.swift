internal import Foundation

/// The endpoints for which the running daemon has accounts: its keys may be in its own environment alone, so
/// other commands cannot know them from their settings.
extension DaemonLock {
    /// The longest list that is accepted.
    private static let bytesMax = 4_096

    /// Writes the endpoints that the daemon works into the lock's file.
    package func note(endpoints: [String]) {
        let text = Array((endpoints.joined(separator: " ") + "\n").utf8)
        // If this cannot be written (a full disk), other commands do not know the endpoints.
        guard pwrite(descriptor, text, text.count, 0) == text.count else {
            ftruncate(descriptor, 0)
            return
        }
        ftruncate(descriptor, off_t(text.count))
    }

    /// The endpoints that the daemon on this database works; nil if none runs, or if they are not known.
    package static func endpoints(database path: String) -> Set<String>? {
        guard isHeld(database: path) else { return nil }
        let descriptor = open(file(for: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMax)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        let names = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        return names.isEmpty ? nil : Set(names.map(String.init))
    }
}
