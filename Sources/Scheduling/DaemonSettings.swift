package import Logging
package import Providers
package import Storage

/// The settings that may change while the daemon runs.
package struct DaemonSettings: Sendable {
    package let accounts: [Account]
    package let network: Network
    package let retention: Retention
    package let logger: Logger

    package init(
        accounts: [Account], network: Network = Network(), retention: Retention,
        logger: Logger
    ) {
        self.accounts = accounts
        self.network = network
        self.retention = retention
        self.logger = logger
    }
}
