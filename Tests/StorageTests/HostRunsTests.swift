import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

@Suite struct HostRunsTests {
    @Test(
        "A stand-by looks again every two seconds, and at the end of the lease; without an answer not early",
        .onServer)
    func standbyPause() throws {
        let store = try Store()
        let time = try store.serverTime(or: .noon)
        let (one, two) = (
            try HostLease(store, uptime: { .zero }), try HostLease(store, uptime: { .zero })
        )
        #expect(try one.attend({ time }))
        #expect(try !two.attend({ time }))
        #expect(two.standbyPause == HostLease.standbyInterval)
        // A lease that is nearly over.
        try store.execute("UPDATE leader SET lease_until = now_ms() + 1900")
        let leads = try two.attend({ time })
        #expect(leads || two.standbyPause < HostLease.standbyInterval)
        try store.execute("ALTER FUNCTION attend RENAME TO attend_before")
        #expect(throws: StoreError.self) { try two.attend({ time }) }
        #expect(two.standbyPause == HostLease.standbyInterval)
        withExtendedLifetime(one) {}
    }

    @Test("A file has no hosts", .onSQLite)
    func file() throws {
        #expect(try Store().hostRuns() == [])
    }

    @Test(
        "The daemons of a server are listed: the one that leads first, those that stand by, and one that died and was not started again",
        .onServer)
    func server() throws {
        let store = try Store()
        let time = try store.serverTime(or: .noon)
        let one = try HostLease(store, uptime: { .zero })
        let two = try HostLease(store, uptime: { .zero })
        #expect(try one.attend({ time }))
        #expect(try !two.attend({ time }))
        try store.execute(
            """
            INSERT INTO host (name, started_at, seen_at, stopped_at) VALUES
                ('Ada', now_ms() - 84000, now_ms() - 79000, NULL),
                ('Ada', now_ms() - 60000, now_ms() - 59000, NULL),
                ('ended', now_ms() - 60000, now_ms() - 59000, now_ms() - 58000),
                ('forgotten', now_ms() - 90000000, now_ms() - 86400001, NULL)
            """)
        let runs = try store.hostRuns()
        #expect(runs.map(\.leads) == [true, false, false])
        #expect(runs.map(\.isSilent) == [false, false, true])
        #expect(runs.map { $0.name == "Ada" } == [false, false, true])
        #expect(runs[2].silence >= .seconds(59) && runs[2].seenAt > runs[2].startedAt)
        #expect(runs[2].seenAt - runs[2].startedAt < .seconds(3))

        one.resign()
        #expect(try store.hostRuns().map(\.leads) == [false, false])
        #expect(try two.attend({ time }))
        #expect(try store.hostRuns().map(\.leads) == [true, false])
        withExtendedLifetime(two) {}
    }
}
