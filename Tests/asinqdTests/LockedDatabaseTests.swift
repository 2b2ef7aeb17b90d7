import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct LockedDatabaseTests {
    /// Another program that holds a transaction open from the first line of its input to its end.
    private func holder(_ bench: Bench) async throws -> Program {
        let script = """
            import sqlite3, sys
            db = sqlite3.connect('queue.sqlite', isolation_level=None, timeout=60)
            db.execute('PRAGMA wal_autocheckpoint = 0')
            print('ready', flush=True)
            sys.stdin.readline()
            db.execute('BEGIN IMMEDIATE')
            print('locked', flush=True)
            sys.stdin.read()
            db.execute('COMMIT')
            print('released', flush=True)
            """
        let holder = try bench.start(
            program: "/usr/bin/env", ["python3", "-c", script], input: nil)
        _ = try await holder.output.line("ready")
        return holder
    }

    private func lock(_ holder: Program) async throws {
        try await holder.write([0x0A])
        _ = try await holder.output.line("locked")
    }

    @Test("A command that must write tries for a while, then reports who holds the lock")
    func command() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let holder = try await holder(bench)
        try await lock(holder)
        let enqueue = try bench.start(["enqueue", "--barcodes"], input: Array(asins(1)[0].utf8))
        let look = try await bench.asinqd("status")
        #expect(look.code == 0, "who only looks does not wait: \(look)")
        let finished = try await enqueue.ended()
        #expect(finished.code == 75)
        #expect(finished.errors.contains("is locked by another program"))
        #expect(finished.errors.contains("Try: run it again later"))
        try holder.closeInput()
        _ = try await holder.ended()
        #expect(try bench.number("SELECT count(*) FROM queue") == 1)
    }

    @Test("A command continues when the other one ends in time")
    func shortLock() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let holder = try await holder(bench)
        try await lock(holder)
        let enqueue = try bench.start(["enqueue", "--barcodes"], input: Array(asins(1)[0].utf8))
        try holder.closeInput()
        let finished = try await enqueue.ended()
        #expect(finished.code == 0, "\(finished)")
    }

    @Test("The daemon survives a lock, keeps the reply that it has paid for, and continues")
    func daemon() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(faults: "latency=1500-1500")
        try await bench.enqueue("images", asins(10))
        let holder = try await holder(bench)
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NULL", is: 1)
        // The call is open now, and its reply comes while no program can write.
        try await lock(holder)
        let failed = try await daemon.errors.line("event=store_failed", "work=settle")
        #expect(failed.contains("locked"))
        try holder.closeInput()
        _ = try await daemon.errors.line("event=store_recovered")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 10)
        try await bench.enqueue("images", asins(10..<12))
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 12)
        daemon.send(SIGTERM)
        let finished = try await daemon.ended()
        #expect(finished.code == 0, "\(finished)")
        let counts = try await sandbox.counts()
        #expect(counts.images.productsCharged == 12)
        #expect(
            try bench.number("SELECT sum(charged) FROM ledger WHERE outcome = 'succeeded'") == 12)
    }
}
