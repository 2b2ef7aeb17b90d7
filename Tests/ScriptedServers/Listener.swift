internal import Foundation
internal import Synchronization

/// A socket that listens on loopback. Each connection gets a thread.
///
/// The descriptor is closed by the thread that accepts connections, once it is shut: closed by another one, its
/// number could belong to another test's socket when the thread uses it again.
final class Listener: Sendable {
    let port: Int
    private let descriptor: Int32
    private let isShut = Mutex(false)

    init() throws {
        (descriptor, port) = try TCP.listener()
    }

    /// - Parameter serve: Called on the connection's thread, with the connection's number, counted from 1. It
    ///   closes the connection.
    func start(_ serve: @escaping @Sendable (_ connection: Int32, _ number: Int) -> Void) {
        Thread { [self] in
            var number = 0
            while true {
                let connection = accept(descriptor, nil, nil)
                if connection >= 0 {
                    number += 1
                    Thread { [number] in serve(connection, number) }.start()
                } else if isShut.withLock(\.self) {
                    break
                }
            }
            close(descriptor)
        }.start()
    }

    func shut() {
        isShut.withLock { isShut in
            isShut = true
            _ = shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }
}
