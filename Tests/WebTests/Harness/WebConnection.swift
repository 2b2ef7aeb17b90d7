import Foundation
import ProgramHarness
import ScriptedServers

/// A connection to the service that a test drives byte by byte, as no proper client does.
final class WebConnection: Sendable {
    let descriptor: Int32

    init(to port: Int) throws {
        signal(SIGPIPE, SIG_IGN)
        guard let descriptor = TCP.connection(to: port) else {
            throw NeverCame(what: "a connection to port \(port)", seen: "refused")
        }
        self.descriptor = descriptor
        TCP.setTimeout(seconds: Deadline.seconds, of: descriptor)
    }

    deinit { close(descriptor) }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await offThread { [self] in TCP.send(bytes, to: descriptor) }
    }

    /// Sends this text again and again until the service closes the connection.
    /// - Returns: How many bytes it accepted.
    func sendEndlessly(_ text: String, bytesMax: Int) async throws -> Int {
        try await offThread { [self] in
            let bytes = Array(text.utf8)
            var sent = 0
            while sent < bytesMax {
                let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                sent += count
            }
            return sent
        }
    }

    /// What comes until `text` does.
    func until(_ text: String) async throws -> String {
        try await offThread { [self] in
            var seen: [UInt8] = []
            while true {
                let now = String(decoding: seen, as: UTF8.self)
                if now.contains(text) { return now }
                guard let more = TCP.receive(from: descriptor) else {
                    throw NeverCame(what: text, seen: now)
                }
                seen += more
            }
        }
    }

    /// What comes until the service closes the connection.
    func all() async throws -> [UInt8] {
        try await offThread { [self] in
            var seen: [UInt8] = []
            while let more = TCP.receive(from: descriptor) { seen += more }
            return seen
        }
    }

    func reply() async throws -> WebReply { try WebReply(try await all()) }
}
