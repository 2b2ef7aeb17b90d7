internal import Foundation
internal import Planning
internal import PostgreSQL

/// A session that listens for changes of the queue on a PostgreSQL server.
package final class QueueListener {
    private let connection: PostgreSQLConnection

    /// - Throws: An error of the connection; looks at an interval must do then.
    package init(_ store: Store) throws {
        guard case .postgreSQL(let server) = store.engine else {
            throw StoreError.other(path: store.path, detail: "a file has no notifications")
        }
        connection = try server.newConnection()
        try connection.run("LISTEN asinqd_queue")
    }

    /// Returns when a notification has come, or when the time is over.
    /// - Returns: false if the connection is lost.
    package func waitForNotification(atMost time: Duration) -> Bool {
        var descriptor = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, Int32(time.milliseconds)) > 0 else { return connection.isOpen }
        connection.dropNotifications()
        return connection.isOpen
    }
}
