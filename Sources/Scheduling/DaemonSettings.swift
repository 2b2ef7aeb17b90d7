package import Logging

/// What may change while the daemon runs.
package struct DaemonSettings: Sendable {
    package let subscriptions: [Subscription]
    package let logger: Logger

    package init(subscriptions: [Subscription], logger: Logger) {
        self.subscriptions = subscriptions
        self.logger = logger
    }
}
