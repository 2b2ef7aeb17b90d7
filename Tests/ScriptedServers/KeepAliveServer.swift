internal import Foundation
internal import Synchronization

/// A server on loopback that takes one request after another on a connection, and ends connections as
/// scripted.
package final class KeepAliveServer: Sendable {
    package enum Step: Sendable {
        /// Bytes, after which the connection stays open.
        case reply([UInt8])
        /// Bytes, perhaps none, and the end.
        case close(after: [UInt8])
        /// Bytes, perhaps none, and a reset, as of a process that dies.
        case reset(after: [UInt8])
    }

    /// The position of a request: its connection, and its number there, both counted from 1.
    package struct Place: Hashable, Sendable {
        package var connection: Int
        package var request: Int

        package init(_ connection: Int, _ request: Int) {
            self.connection = connection
            self.request = request
        }
    }

    package var port: Int { listener.port }
    private let listener: Listener
    private let heard = Mutex<[(place: Place, request: [UInt8])]>([])
    /// An element for each connection that has ended.
    package let ends: AsyncStream<Void>
    private let ended: AsyncStream<Void>.Continuation

    /// - Parameter idleSeconds: The time without a request after which a connection is closed.
    package init(
        idleSeconds: Int = 60, _ step: @escaping @Sendable (Place, [UInt8]) -> Step
    ) throws {
        (ends, ended) = AsyncStream.makeStream(of: Void.self)
        listener = try Listener()
        listener.start { [weak self] connection, number in
            TCP.setTimeout(seconds: idleSeconds, of: connection)
            let isReset = self?.serve(connection, number, step) ?? false
            if isReset { TCP.reset(connection) } else { close(connection) }
            self?.ended.yield()
        }
    }

    deinit { listener.shut() }

    package var places: [Place] { heard.withLock { $0.map(\.place) } }
    package var requests: [[UInt8]] { heard.withLock { $0.map(\.request) } }

    /// - Returns: Whether the connection ends with a reset.
    private func serve(
        _ connection: Int32, _ number: Int, _ step: (Place, [UInt8]) -> Step
    ) -> Bool {
        var requests = 0
        while let request = ScriptedServer.request(from: connection) {
            requests += 1
            let place = Place(number, requests)
            heard.withLock { $0.append((place, request)) }
            switch step(place, request) {
            case .reply(let bytes): TCP.send(bytes, to: connection)
            case .close(let bytes):
                TCP.send(bytes, to: connection)
                return false
            case .reset(let bytes):
                TCP.send(bytes, to: connection)
                // A reset may overtake bytes that the other side has not read yet.
                if !bytes.isEmpty {
                    TCP.setTimeout(seconds: 1, of: connection)
                    _ = TCP.receive(from: connection)
                }
                return true
            }
        }
        return false
    }
}
