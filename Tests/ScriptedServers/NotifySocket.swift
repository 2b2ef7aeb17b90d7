internal import Foundation

/// The socket of a service manager: a datagram that comes to it is a message.
package final class NotifySocket: Sendable {
    private let descriptor: Int32

    /// - Parameter address: A path, or `@` and a name in Linux's abstract space.
    package init(_ address: String) throws {
        #if canImport(Glibc)
            descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        #else
            descriptor = Foundation.socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        var bytes = Array(address.utf8)
        if address.hasPrefix("@") { bytes[0] = 0 }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        precondition(bytes.count < MemoryLayout<sockaddr_un>.size - offset)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let isBound = withUnsafePointer(to: name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(offset + bytes.count)) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileWriteUnknown) }
    }

    deinit {
        close(descriptor)
    }

    /// The next message; nil once the socket is shut, or after the timeout.
    package func message() -> String? {
        TCP.receive(from: descriptor).map { String(decoding: $0, as: UTF8.self) }
    }

    package func setTimeout(seconds: Int) {
        TCP.setTimeout(seconds: seconds, of: descriptor)
    }

    package func shut() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
