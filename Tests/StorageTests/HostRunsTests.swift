import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

@Suite struct HostRunsTests {
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
                ('Ada', now_ms() - 80000, now_ms() - 79000, NULL),
                ('Ada', now_ms() - 60000, now_ms() - 59000, NULL),
                ('ended', now_ms() - 60000, now_ms() - 59000, now_ms() - 58000),
                ('forgotten', now_ms() - 90000000, now_ms() - 86400001, NULL)
            """)
        let runs = try store.hostRuns()
        #expect(runs.map(\.leads) == [true, false, false])
        #expect(runs.map(\.isSilent) == [false, false, true])
        #expect(runs.map { $0.name == "Ada" } == [false, false, true])
        #expect(runs[2].silence < .seconds(79) && runs[2].seenAt > runs[2].startedAt)

        one.resign()
        #expect(try store.hostRuns().map(\.leads) == [false, false])
        #expect(try two.attend({ time }))
        #expect(try store.hostRuns().map(\.leads) == [true, false])
        withExtendedLifetime(two) {}
    }
}
