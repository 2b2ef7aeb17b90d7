import Foundation
import ProgramHarness
import Testing

/// The daemon is killed with SIGKILL at moments that a seed determines, repeatedly, while other programs
/// insert rows by raw SQL and are killed as well, and the server loses replies.
///
/// `CRASH_KILLS` in the environment sets how often, `CRASH_SEED` the first seed. The seed determines the
/// moments and the faults; the progress of a process by then depends on the machine.
@Suite struct CrashTests {
    @Test("A daemon that is killed at any moment loses no job, and no call that it has paid for")
    func killed() async throws {
        let environment = ProcessInfo.processInfo.environment
        let kills = try #require(Int(environment["CRASH_KILLS"] ?? "200"))
        let seed = try #require(UInt64(environment["CRASH_SEED"] ?? "1"))
        print("crashes: seed \(seed), \(kills) kills")
        let run = try await CrashRun(seed: seed)
        for kill in 1...kills {
            try await run.oneLife()
            if kill % 10 == 0 { try run.lookOver() }
            if kill % 50 == 0 { try await run.audit() }
        }
        let book = try await run.finish()
        let tally = run.tally
        print("crashes: \(tally), \(book.server.count) calls charged by the server")
        #expect(book.notInLedger.isEmpty)
        #expect(book.notAtServer.isEmpty)
        #expect(book.askedAgain.isEmpty)
        #expect(book.ledgerTokens >= book.serverTokens)
        // Otherwise it has tried less than it claims.
        #expect(tally.diedBeforeStarted > 0 && tally.callsLeftOpen > 0 && tally.writersKilled > 0)
    }
}
