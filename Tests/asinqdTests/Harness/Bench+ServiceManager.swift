import Foundation
import ProgramHarness
import ScriptedServers
import Testing

extension Bench {
    /// The messages that a service manager receives from programs started from now on, one in each line;
    /// blanks separate the lines of one message.
    func serviceManager() throws -> ByteStream {
        let socket = try NotifySocket(path("notify"))
        set("NOTIFY_SOCKET", path("notify"))
        set("WATCHDOG_USEC", "180000000")
        let pipe = Pipe()
        let writer = pipe.fileHandleForWriting
        Thread {
            while let message = socket.message() {
                TCP.send(
                    Array((message.replacing("\n", with: " ") + "\n").utf8),
                    to: writer.fileDescriptor)
            }
            try? writer.close()
        }.start()
        atEnd { socket.shut() }
        return ByteStream(reading: pipe.fileHandleForReading)
    }

    /// Python that writes to the database: on the first line of its input it runs `statements`, within `db`,
    /// and prints "done"; it ends with its input.
    func otherProgram(_ statements: String, as user: [String] = []) async throws -> Program {
        let script = """
            import sqlite3, sys
            db = sqlite3.connect('queue.sqlite', isolation_level=None, timeout=60)
            db.execute('PRAGMA wal_autocheckpoint = 0')
            print('ready', flush=True)
            sys.stdin.readline()
            \(statements)
            print('done', flush=True)
            sys.stdin.read()
            """
        let program = try start(
            program: "/usr/bin/env", user + ["python3", "-c", script], input: nil)
        _ = try await program.output.line("ready")
        return program
    }
}
