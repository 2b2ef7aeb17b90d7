internal import Foundation
package import Planning
internal import PostgreSQL
internal import Synchronization

/// A daemon's run on a host, in the tables `host` and `leader` of a PostgreSQL server: of all hosts, the one
/// whose lease is valid works the lanes, and the others stand by.
///
/// This only prevents wasted work. That no call is made twice rests on the ledger: an account's lock, one open
/// call for each lane, and the leases of calls.
package final class HostLease: Sendable {
    /// How long a host leads without saying that it is alive.
    package static let duration = Duration.seconds(15)
    /// How often it says so.
    package static let attendInterval = Duration.seconds(4)
    /// How often a host that stands by looks whether the lead is free.
    package static let standbyInterval = Duration.seconds(2)

    private struct State {
        /// When the lease ends, by `uptime`; nil: another host leads.
        var leadsUntil: Duration?
        /// How much was left of another host's lease; zero: not known.
        var left = Duration.zero
        /// The server's clock less this host's.
        var offset = Duration.zero
    }

    /// A connection of its own: the lanes' may wait for a lock.
    private let server: PostgreSQLServer
    private let url: String
    private let store: Store
    private let hostID: Int64
    private let uptime: @Sendable () -> Duration
    private let state = Mutex(State())

    /// Registers this run.
    ///
    /// - Parameter uptime: The time that has passed, which cannot be set: the lease ends by it.
    /// - Throws: `StoreError`
    package init(_ store: Store, uptime: @escaping @Sendable () -> Duration) throws {
        guard case .postgreSQL(let lanes) = store.engine else {
            preconditionFailure("a file has a lock instead")
        }
        self.store = store
        self.uptime = uptime
        url = store.path
        server = lanes.another()
        hostID = try store.explained { [server] in
            try server.write { db in
                try Int64.fetchOne(
                    db, sql: "INSERT INTO host (name) VALUES (?) RETURNING id",
                    arguments: [ProcessInfo.processInfo.hostName]) ?? 0
            }
        }
        store.hostID = hostID
    }

    /// Says that this host is alive, and takes the lead if no other host has it.
    ///
    /// - Parameter now: This host's clock.
    /// - Returns: Whether it leads.
    /// - Throws: `StoreError`; the lease that it has stays until its end.
    package func attend(_ now: () -> Timestamp) throws -> Bool {
        // The lease begins later on the server.
        let began = uptime()
        // Without an answer the next look is not early.
        state.withLock { $0.left = .zero }
        let row = try store.explained {
            // One statement, so that a host that is cut off has no transaction open.
            try server.runAlone(
                // The time is read after the wait for the leader's row.
                """
                SELECT (leader).host_id, asinqd.now_ms(), (leader).lease_until
                FROM (SELECT asinqd.attend($1, $2) AS leader) AS attended
                """, [String(hostID), String(Self.duration.milliseconds)])
        }
        let leads = row.integer(row: 0, column: 0) == hostID
        let serverTime = row.integer(row: 0, column: 1).map(Timestamp.init(milliseconds:))
        let leaseUntil = row.integer(row: 0, column: 2).map(Timestamp.init(milliseconds:))
        state.withLock {
            $0.leadsUntil = leads ? began + Self.duration : nil
            if let serverTime {
                $0.offset = serverTime - now()
                if !leads, let leaseUntil { $0.left = leaseUntil - serverTime }
            }
        }
        return leads
    }

    /// The server's clock less this host's.
    package var offset: Duration { state.withLock(\.offset) }

    /// How long a host that stands by waits until its next look: at the end of the lease that it saw it takes
    /// the lead, if that was not extended.
    package var standbyPause: Duration {
        let left = state.withLock(\.left)
        return left > .zero ? min(left, Self.standbyInterval) : Self.standbyInterval
    }

    /// Lets another host take the lead at once.
    package func resign() {
        state.withLock { $0.leadsUntil = nil }
        try? server.write { try $0.execute(sql: "SELECT resign(?)", arguments: [hostID]) }
    }
}

extension HostLease: WorkRight {
    /// - Throws: `StoreError.leadLost` once the lease is over.
    package func requireValid(for store: Store) throws {
        guard let until = state.withLock(\.leadsUntil), uptime() < until else {
            throw StoreError.leadLost(url: url)
        }
    }

    /// Other hosts may have other keys: which endpoints are worked is in the ledger.
    package func note(endpoints: [String]) {}
}

/// A daemon's right to work a database.
package protocol WorkRight: Sendable {
    /// - Throws: `StoreError` if it is lost.
    func requireValid(for store: Store) throws
    /// Tells other commands which endpoints are worked.
    func note(endpoints: [String])
}

extension Store {
    /// Whether a daemon works the database now.
    ///
    /// - Throws: `StoreError`
    package var isWorked: Bool {
        get throws {
            guard isOnServer else { return DaemonLock.isHeld(database: path) }
            return try read {
                try Bool.fetchOne($0, sql: "SELECT lease_until > now_ms() FROM leader") ?? false
            }
        }
    }

    /// The same for a path; false if the database cannot be read.
    package static func isWorked(at path: String) -> Bool {
        guard isOnServer(path: path) else { return DaemonLock.isHeld(database: path) }
        let store = try? Store(path: path, access: .read, endpoints: [])
        return (try? store?.isWorked) ?? false
    }
}
