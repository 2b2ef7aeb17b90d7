import Foundation
import Planning
import PostgreSQL
import Providers
import Simulation
import Storage
import StoreSupport
import Synchronization

extension TestServer {
    /// A new database for a run, whose functions return the run's time.
    ///
    /// - Parameters:
    ///   - changes: SQL that leaves out a rule of the schema.
    ///   - usesServerTime: false leaves out that calls begin and end by the server's clock.
    func simulated(
        changes: String = "", usesServerTime: Bool = true, isQuiet: Bool = false
    ) throws -> SimulatedServer {
        let url = try newDatabase()
        let observer = Observer(try PostgreSQLConnection(url))
        // A sequence, because its value is seen at once, within any transaction, as that of a clock.
        try observer.run(
            """
            CREATE SEQUENCE asinqd.simulated_time MINVALUE 0;
            CREATE OR REPLACE FUNCTION asinqd.now_ms() RETURNS bigint
            LANGUAGE sql VOLATILE PARALLEL SAFE
            RETURN (SELECT last_value FROM asinqd.simulated_time);
            \(changes)
            """)
        return SimulatedServer(
            open: {
                try Store(
                    path: url, access: .write, endpoints: Catalog.current.references,
                    usesServerTime: usesServerTime, beforeCommit: $0)
            },
            setTime: { try observer.setTime($0) },
            endSessions: { try observer.endOtherSessions() },
            overlap: { body in
                let ended = Ended()
                let thread = Thread {
                    body()
                    ended.set()
                }
                thread.start()
                while !ended.isSet, try! !observer.seesWaiting() {}
                return { ended.wait() }
            }, isQuiet: isQuiet)
    }
}

/// The end of a thread's work.
private final class Ended: Sendable {
    private let condition = NSCondition()
    private let state = Mutex(false)

    var isSet: Bool { state.withLock(\.self) }

    func set() {
        condition.lock()
        state.withLock { $0 = true }
        condition.broadcast()
        condition.unlock()
    }

    func wait() {
        condition.lock()
        while !isSet { condition.wait() }
        condition.unlock()
    }
}

/// A session that is no host's. The run and the threads that it waits for use it one at a time.
private final class Observer: @unchecked Sendable {
    private let connection: PostgreSQLConnection

    init(_ connection: PostgreSQLConnection) {
        self.connection = connection
    }

    func run(_ script: String) throws { try connection.run(script) }

    func setTime(_ time: Timestamp) throws {
        _ = try connection.execute(
            "SELECT setval('asinqd.simulated_time', $1)", [String(time.milliseconds)])
    }

    /// Whether a transaction of the database waits for another one's lock.
    func seesWaiting() throws -> Bool {
        let others = "datname = current_database() AND wait_event_type = 'Lock'"
        return try count(others) != 0
    }

    /// Returns when they are gone.
    func endOtherSessions() throws {
        let others = "datname = current_database() AND pid <> pg_backend_pid()"
        _ = try connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(others)")
        while try count(others) != 0 {}
    }

    private func count(_ condition: String) throws -> Int64? {
        try connection.execute("SELECT count(*) FROM pg_stat_activity WHERE \(condition)")
            .integer(row: 0, column: 0)
    }
}
