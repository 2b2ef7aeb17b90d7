import Foundation
import GRDB
import ProgramHarness
import Sandbox
import Testing

/// The wall clock of the daemon's machine is set, or is wrong, or the machine sleeps.
@Suite struct ClockTests {
    /// A sandbox with a correct clock and a bucket that gives twenty images a second, and a daemon's
    /// environment with another clock.
    private func bench() async throws -> (Bench, RunningSandbox, WrongClock) {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(more: [
            "--images-burst", "20", "--images-per-minute", "1200",
        ])
        bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "20")
        bench.set("ASINQD_ASINSCOPE_IMAGES_PER_MINUTE", "1200")
        return (bench, sandbox, try await WrongClock(bench))
    }

    private static let steps = [6, -7, 20, -30, 49, 0]

    @Test("Steps of hours in both directions cost at most one refusal each, and nothing is lost")
    func steps() async throws {
        let (bench, sandbox, clock) = try await bench()
        let products = asins(20 * (Self.steps.count + 2))
        try await bench.enqueue("images", products)
        let daemon = try await bench.daemon()
        let completed = "SELECT count(*) FROM queue WHERE state = 'completed'"
        let database = try bench.open()
        for (index, hours) in Self.steps.enumerated() {
            try await eventually("\(20 * (index + 1)) answers") {
                try database.read { try Int.fetchOne($0, sql: completed) }! >= 20 * (index + 1)
                    ? () : nil
            }
            try clock.set(hoursAhead: hours)
        }
        try await bench.until(completed, is: products.count)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
        let counts = try await sandbox.counts()
        #expect(counts.images.productsCharged == products.count, "none was asked twice")
        #expect(counts.images.statuses[429] ?? 0 <= Self.steps.count)
        let audit = try await bench.asinqd("audit")
        #expect(audit.code == 0, "\(audit)")
    }

    @Test("A machine that slept through a call's lease keeps the reply, and repeats no call")
    func suspended() async throws {
        let (bench, sandbox, clock) = try await bench()
        try await sandbox.setFaults("latency=300-300")
        try await bench.enqueue("images", asins(1))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NULL", is: 1)
        daemon.send(SIGSTOP)
        try clock.set(hoursAhead: 9)
        // The call may not have left before the stop: then it leaves after it.
        daemon.send(SIGCONT)
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE outcome = 'succeeded'") == 1)
        #expect(try bench.number("SELECT settled_at > lease_until FROM ledger") == 1)

        // After waking, it works as before.
        try await bench.enqueue("images", asins(1..<3))
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 3)
        #expect(try await sandbox.counts().images.productsCharged == 3)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test("A clock that is wrong by hours from the start costs no call; status and check report it")
    func wrong() async throws {
        let (bench, sandbox, clock) = try await bench()
        try clock.set(hoursAhead: 5)
        try await bench.enqueue("images", asins(45))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try await sandbox.counts().images.statuses.keys.elementsEqual([200]))
        let status = try await bench.asinqd("status")
        #expect(status.text.contains("clock     ours is 5 h ahead of asinscope's"), "\(status)")
        let check = try await bench.asinqd("check")
        #expect(check.code == 1 && check.text.contains("ours is 5 h ahead of"), "\(check)")

        try clock.set(hoursAhead: 0)
        try await bench.enqueue("images", asins(45..<46))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        #expect(try await !bench.asinqd("status").text.contains("\nclock"))
        #expect(try await bench.asinqd("check").code == 0)
    }
}
