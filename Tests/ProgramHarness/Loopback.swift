internal import Foundation
internal import ScriptedServers

/// One HTTP request over a plain socket, so that the tests' client shares nothing with the program's.
package enum Loopback {
    package struct Reply: Sendable {
        package var status: Int
        /// In the order in which they came.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]

        /// The one value of a header, in any case of its name; nil if it came never or twice.
        package func header(_ name: String) -> String? {
            let values = headers.filter { $0.name.lowercased() == name.lowercased() }
            return values.count == 1 ? values[0].value : nil
        }
    }

    /// - Parameter headers: Lines in addition to those of every request, such as `key: value`.
    package static func ask(
        _ method: String, _ address: String, _ body: String = "", headers: [String] = []
    ) async throws -> Reply {
        guard let url = URL(string: address), let port = url.port else {
            throw NeverCame(what: "a port", seen: address)
        }
        let request = """
            \(method) \(url.path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\
            \(headers.map { $0 + "\r\n" }.joined())\
            Content-Length: \(body.utf8.count)\r\n\r\n\(body)
            """
        let bytes = try await offThread { try exchange(Array(request.utf8), port: port) }
        let head = bytes.firstRange(of: Array("\r\n\r\n".utf8))
        let status = String(decoding: bytes.prefix(12), as: UTF8.self).split(separator: " ").last
        guard let head, let status = status.flatMap({ Int($0) }) else {
            throw NeverCame(
                what: "a reply of \(address)", seen: String(decoding: bytes, as: UTF8.self))
        }
        let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
            .split(separator: "\r\n").dropFirst()
        return Reply(
            status: status,
            headers: lines.map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (
                    String(parts[0]), parts.dropFirst().joined().trimmingPrefix(" ").description
                )
            },
            body: Array(bytes[head.upperBound...]))
    }

    private static func exchange(_ request: [UInt8], port: Int) throws -> [UInt8] {
        let descriptor = TCP.socket()
        defer { close(descriptor) }
        TCP.setTimeout(seconds: Deadline.seconds, of: descriptor)
        guard TCP.withLoopback(port: port, { connect(descriptor, $0, $1) }) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        TCP.send(request, to: descriptor)
        var reply: [UInt8] = []
        while let chunk = TCP.receive(from: descriptor) { reply += chunk }
        return reply
    }
}
