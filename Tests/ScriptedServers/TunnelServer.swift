internal import Foundation
internal import Synchronization

/// A proxy on loopback: over CONNECT, or over SOCKS 5. Every tunnel leads to one port, whatever its target.
package final class TunnelServer: Sendable {
    package enum Answer: Sendable {
        /// A tunnel to a port of this machine.
        case tunnel(toPort: Int)
        /// These bytes, and the end.
        case refusal(String)
    }

    package var port: Int { listener.port }
    private let listener: Listener
    private let heard = Mutex<[String]>([])

    /// - Parameter answer: The answer to the head of a request, or to `SOCKS host:port`.
    package init(_ answer: @escaping @Sendable (String) -> Answer) throws {
        listener = try Listener()
        listener.start { [weak self] connection, _ in
            self?.lead(connection, answer)
            close(connection)
        }
    }

    deinit { listener.shut() }

    /// The requests so far, the head of each in one text.
    package var heads: [String] { heard.withLock(\.self) }

    private func lead(_ connection: Int32, _ answer: (String) -> Answer) {
        guard var first = TCP.receive(from: connection) else { return }
        let isSOCKS = first.first == 5
        let head: String
        if isSOCKS {
            TCP.send([5, 0], to: connection)
            guard let request = TCP.receive(from: connection), let place = Self.place(in: request)
            else { return }
            head = "SOCKS \(place)"
        } else {
            while first.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
                guard let more = TCP.receive(from: connection) else { return }
                first += more
            }
            head = String(decoding: first, as: UTF8.self)
        }
        heard.withLock { $0.append(head) }
        switch answer(head) {
        case .refusal(let text): TCP.send(Array(text.utf8), to: connection)
        case .tunnel(let port):
            guard let server = TCP.connection(to: port) else { return }
            let welcome: [UInt8] =
                isSOCKS
                ? [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]
                : Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8)
            TCP.send(welcome, to: connection)
            // Both ends are closed only when no thread uses them any more.
            let back = DispatchSemaphore(value: 0)
            Thread {
                while let bytes = TCP.receive(from: server) { TCP.send(bytes, to: connection) }
                shutdown(connection, Int32(SHUT_RDWR))
                back.signal()
            }.start()
            while let bytes = TCP.receive(from: connection) { TCP.send(bytes, to: server) }
            shutdown(server, Int32(SHUT_RDWR))
            back.wait()
            close(server)
        }
    }

    /// Source: RFC 1928, section 4; a name, or an IPv4 address.
    private static func place(in request: [UInt8]) -> String? {
        guard request.count > 9, request[0] == 5, request[1] == 1 else { return nil }
        let isName = request[3] == 3
        let end = isName ? 5 + Int(request[4]) : 8
        guard request.count >= end + 2 else { return nil }
        let host =
            isName
            ? String(decoding: request[5..<end], as: UTF8.self)
            : request[4..<8].map(String.init).joined(separator: ".")
        return "\(host):\(Int(request[end]) << 8 | Int(request[end + 1]))"
    }
}
