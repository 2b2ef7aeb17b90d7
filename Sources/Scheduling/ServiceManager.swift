internal import Foundation

/// The service manager that started the daemon and takes its messages: systemd, or another one with its
/// protocol.
///
/// Source: sd_notify(3). A message is a datagram of lines `NAME=value` to the socket that the environment
/// names.
package struct ServiceManager: Sendable {
    /// A path, or a name in Linux's abstract space, which begins with `@`.
    private let socket: String
    /// The interval within which the daemon must report progress; nil without a watchdog.
    package let watchdogInterval: Duration?

    /// - Returns: nil without a service manager.
    package init?(environment: [String: String], pid: Int32 = getpid()) {
        guard let socket = environment["NOTIFY_SOCKET"],
            socket.hasPrefix("/") || socket.hasPrefix("@"), socket.utf8.count > 1
        else { return nil }
        self.socket = socket
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(pid)" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
        watchdogInterval = isForUs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// Sends one message. A manager that no longer listens is ignored.
    package func tell(_ lines: String...) {
        let message = Array(lines.joined(separator: "\n").utf8)
        let descriptor = Self.datagramSocket()
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        withAddress { address, length in
            while sendto(descriptor, message, message.count, Self.flags, address, length) < 0,
                errno == EINTR
            {}
        }
    }

    /// Reports a full disk while there are no lanes to report it.
    func tellOfFullDisk() {
        tell("STATUS=\(LaneProgress.fullDisk)")
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Void) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(socket.utf8)
        // An abstract name begins with a zero, and its length is part of it.
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
        guard name.count < MemoryLayout<sockaddr_un>.size - offset else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(offset + name.count))
            }
        }
    }

    #if canImport(Glibc)
        private static let flags = Int32(MSG_NOSIGNAL)

        private static func datagramSocket() -> Int32 {
            Foundation.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        }
    #else
        private static let flags: Int32 = 0

        private static func datagramSocket() -> Int32 {
            Foundation.socket(AF_UNIX, SOCK_DGRAM, 0)
        }
    #endif
}
