internal import Foundation

/// What the daemon that runs has accounts for: its keys may be in its own environment alone, so other
/// commands cannot tell from their settings.
extension DaemonLock {
    /// The longest list that is read.
    private static let bytesMost = 4_096

    /// Writes down, in the lock's file, which endpoints are worked.
    package func note(endpoints: [String]) {
        let text = Array((endpoints.joined(separator: " ") + "\n").utf8)
        // What cannot be written (a full disk) is only unknown to others.
        guard pwrite(descriptor, text, text.count, 0) == text.count else {
            ftruncate(descriptor, 0)
            return
        }
        ftruncate(descriptor, off_t(text.count))
    }

    /// The endpoints that the daemon on this database works; nil where none runs, or it is not known.
    package static func endpoints(database path: String) -> Set<String>? {
        guard isHeld(database: path) else { return nil }
        let descriptor = open(file(for: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: bytesMost)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0, let end = bytes[..<count].firstIndex(of: UInt8(ascii: "\n")) else {
            return nil
        }
        let names = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        return names.isEmpty ? nil : Set(names.map(String.init))
    }
}
