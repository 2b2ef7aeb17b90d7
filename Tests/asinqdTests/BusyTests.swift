import Foundation
import ProgramHarness
import Testing

/// Eight programs and the daemon write to one database as fast as they can.
@Suite struct BusyTests {
    private static let writers = 8
    private static let calls = 40

    /// Inserts products from a number on, one in each transaction and without a pause, until its input is
    /// closed. SQLite does not queue writers, so they may lock each other out for longer than their busy
    /// timeout, with a daemon or without: then it tries again.
    private static let python = """
        import sqlite3, sys, threading
        number = first = int(sys.argv[1])
        db = sqlite3.connect('file:queue.sqlite?mode=rw', uri=True, isolation_level=None)
        db.execute('PRAGMA busy_timeout = 5000')
        db.execute('PRAGMA wal_autocheckpoint = 0')
        db.execute('PRAGMA synchronous = FULL')
        print('ready', flush=True)
        sys.stdin.readline()
        stop, locked = threading.Event(), 0
        threading.Thread(target=lambda: (sys.stdin.read(), stop.set())).start()
        while not stop.is_set():
            try:
                db.execute('INSERT INTO queue (endpoint, product) VALUES (?, ?)',
                           (('images', 'barcodes')[number % 2], 'B0TE%06d' % number))
                number += 1
            except sqlite3.OperationalError:
                locked += 1
        print(number - first, locked)
        """

    @Test("Eight programs that insert at full speed do not lock the daemon out, and it drains them")
    func busy() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        bench.set("ASINQD_LOG_LEVEL", "debug")
        let daemon = try await bench.daemon()
        let writers = try (0..<Self.writers).map { index in
            try bench.start(
                program: "/usr/bin/env", ["python3", "-c", Self.python, "\(index * 100_000)"],
                input: nil)
        }
        for writer in writers { _ = try await writer.output.line("ready") }
        for writer in writers { try await writer.write([0x0A]) }
        _ = try await daemon.errors.first("\(Self.calls) calls") { bytes, _ in
            String(decoding: bytes, as: UTF8.self).split(separator: "event=call ").count
                > Self.calls ? () : nil
        }
        for writer in writers { try writer.closeInput() }
        var rows = 0
        var locked = 0
        for writer in writers {
            let finished = try await writer.ended()
            try #require(finished.code == 0, "\(finished)")
            let counts = finished.lines.last?.split(separator: " ").compactMap { Int($0) } ?? []
            try #require(counts.count == 2, "\(finished)")
            rows += counts[0]
            locked += counts[1]
        }
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: rows)
        daemon.send(SIGTERM)
        let finished = try await daemon.ended()
        #expect(finished.code == 0)
        // It waits for at most five seconds, then it reports the lock.
        let troubles = finished.errorLines.filter {
            $0.contains("store_failed") || $0.contains("locked")
        }
        #expect(troubles.isEmpty)
        #expect(try bench.number("SELECT count(*) FROM queue") == rows)
        print("busy: \(rows) rows, \(locked) times that a writer was locked out by the others")
    }
}
