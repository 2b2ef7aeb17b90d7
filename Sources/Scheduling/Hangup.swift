internal import Foundation

/// The effect of SIGHUP.
package enum Hangup: Sendable {
    /// The terminal that the daemon was started from was closed.
    case stop
    /// Read the settings again.
    case reload(@Sendable () async throws -> DaemonSettings)

    /// Whether the daemon was started from a terminal, which sends SIGHUP when it is closed.
    package static func comesFromTerminal(_ manager: ServiceManager?) -> Bool {
        guard manager == nil else { return false }
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }
}
