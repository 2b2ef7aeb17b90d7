internal import Foundation
internal import Synchronization

/// A server on loopback that answers as scripted, byte for byte: for replies that no good server would send.
package final class ScriptedServer: Sendable {
    package enum Reply: Sendable {
        case bytes([UInt8])
        /// Bytes, after which the connection stays open for `timeoutSeconds`.
        case beginning([UInt8])
        /// The connection closes without a byte.
        case close
    }

    /// Longer than the timeout of any test, so that a client without one fails the test.
    private static let timeoutSeconds = 60

    package var port: Int { listener.port }
    private let listener: Listener
    private let heard = Mutex<[[UInt8]]>([])

    package init(_ reply: @escaping @Sendable (_ request: [UInt8]) -> Reply) throws {
        listener = try Listener()
        listener.start { [weak self] connection, _ in
            self?.serve(connection, reply)
            close(connection)
        }
    }

    deinit { listener.shut() }

    /// The requests so far, bodies included.
    package var requests: [[UInt8]] { heard.withLock(\.self) }

    /// 200 or another status with a body.
    package static func http(_ status: String, _ body: String, _ fields: String...) -> Reply {
        let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + fields
        return .bytes(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
    }

    private func serve(_ connection: Int32, _ reply: ([UInt8]) -> Reply) {
        guard let request = Self.request(from: connection) else { return }
        heard.withLock { $0.append(request) }
        switch reply(request) {
        case .bytes(let bytes): TCP.send(bytes, to: connection)
        case .close: return
        case .beginning(let bytes):
            TCP.send(bytes, to: connection)
            TCP.setTimeout(seconds: Self.timeoutSeconds, of: connection)
            // Until the client cancels.
            while TCP.receive(from: connection) != nil {}
        }
    }

    static func request(from connection: Int32) -> [UInt8]? {
        var request: [UInt8] = []
        while let chunk = TCP.receive(from: connection) {
            request += chunk
            guard let head = request.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
            let fields = String(decoding: request[..<head.lowerBound], as: UTF8.self).lowercased()
            let length = fields.split(separator: "content-length: ").dropFirst().first
                .flatMap { Int($0.prefix { $0.isNumber }) }
            if request.count >= head.upperBound + (length ?? 0) { return request }
        }
        return nil
    }
}
