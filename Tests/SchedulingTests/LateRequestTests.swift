import Foundation
import Logging
import Operations
import Planning
import Providers
import ScriptedServers
import Storage
import StoreSupport
import TestSupport
import Testing

@testable import Scheduling

/// A process that is stopped between its claim and its request.
@Suite(.timeLimit(.minutes(5))) struct LateRequestTests {
    /// Lets time pass within the transaction of each claim.
    private final class Stopped: WorkRight {
        let clock: TestClock
        let duration: Duration

        init(_ clock: TestClock, _ duration: Duration) {
            self.clock = clock
            self.duration = duration
        }

        func requireValid(for store: Store) throws {
            clock.pass(duration)
        }

        func note(endpoints: [String]) {}
    }

    /// Runs lanes with one job until they have settled a call.
    /// - Returns: How many requests the server got, and how the call ended.
    private func run(stoppedFor duration: Duration) async throws -> (Int, [String]) {
        let server = try ScriptedServer { _ in ScriptedServer.http("503 Unavailable", "{}") }
        let temporary = try TemporaryFolder()
        let settings = try await Settings.load(
            databaseFlag: temporary.database, configFlag: nil,
            environment: [
                "HOME": temporary.path, "ASINQD_ASINSCOPE_API_KEY": "key",
                "ASINQD_ASINSCOPE_URL": "http://127.0.0.1:\(server.port)",
            ])
        let daemon = DaemonSettings(
            accounts: try settings.accountsWithKeys(), retention: settings.retention,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let clock = TestClock()
        let store = try Store()
        _ = try store.enqueue(
            (1...100).map { asin($0) }, at: "images", EnqueueOptions(), now: clock.clock.now())
        let group = LaneGroup(
            daemon, store, DatabaseThread(), Stopped(clock, duration),
            ServiceReport(nil, clock.clock), nil, untilEmpty: false, clock.clock)
        async let lanes: Void = group.run()
        while try store.rows("SELECT id FROM ledger WHERE settled_at IS NOT NULL").isEmpty {
            await Task.yield()
        }
        group.signals.stopAll()
        try await lanes
        return (
            server.requests.count,
            try store.rows("SELECT outcome, charged FROM ledger ORDER BY id LIMIT 1")
        )
    }

    @Test("A request is not sent when its reply could come after the lease of its call")
    func late() async throws {
        #expect(try await run(stoppedFor: .seconds(31)) == (0, ["unsent|0"]))
    }

    @Test("A short delay after the claim does not matter")
    func soon() async throws {
        let (requests, calls) = try await run(stoppedFor: .seconds(1))
        #expect(requests > 0)
        #expect(calls.first?.hasPrefix("failed|") ?? false, "\(calls)")
    }
}
