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
        let observer = try PostgreSQLConnection(url)
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
            setTime: {
                _ = try observer.execute(
                    "SELECT setval('asinqd.simulated_time', $1)", [String($0.milliseconds)])
            },
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

extension PostgreSQLConnection {
    /// Whether a transaction of the database waits for another one's lock.
    fileprivate func seesWaiting() throws -> Bool {
        let waiting = try execute(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
        return waiting.integer(row: 0, column: 0) != 0
    }

    /// Returns when they are gone.
    fileprivate func endOtherSessions() throws {
        let others = "datname = current_database() AND pid <> pg_backend_pid()"
        _ = try execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE \(others)")
        while try execute("SELECT count(*) FROM pg_stat_activity WHERE \(others)")
            .integer(row: 0, column: 0) != 0
        {}
    }
}
