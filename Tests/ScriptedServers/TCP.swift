package import Foundation

/// The few calls of the sockets interface that the tests need. Foundation's own reading of pipes ends the
/// process when a signal interrupts it.
package enum TCP {
    package static func socket() -> Int32 {
        #if canImport(Glibc)
            Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        #else
            Foundation.socket(AF_INET, SOCK_STREAM, 0)
        #endif
    }

    /// A socket that listens on loopback, and its port.
    static func listener() throws -> (descriptor: Int32, port: Int) {
        signal(SIGPIPE, SIG_IGN)
        let descriptor = socket()
        var name = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening =
            withLoopback(port: 0) { bind(descriptor, $0, $1) } == 0 && listen(descriptor, 16) == 0
        let isNamed = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening, isNamed else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        return (descriptor, Int(UInt16(bigEndian: name.sin_port)))
    }

    /// A connection to a port on loopback; nil if no server listens.
    package static func connection(to port: Int) -> Int32? {
        let descriptor = socket()
        if withLoopback(port: port, { connect(descriptor, $0, $1) }) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// Closes a connection as a dying process does: the other side gets a reset.
    package static func reset(_ descriptor: Int32) {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        close(descriptor)
    }

    package static func withLoopback<Value>(
        port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends all of it, or as much as the other side accepts.
    package static func send(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// How long `receive` waits.
    package static func setTimeout(seconds: Int, of descriptor: Int32) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The next bytes; nil at the end, or after the connection's timeout.
    package static func receive(from descriptor: Int32) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var count: Int
        repeat { count = read(descriptor, &chunk, chunk.count) } while count < 0 && errno == EINTR
        return count > 0 ? Array(chunk[..<count]) : nil
    }
}
