import Foundation

/// Eight other programs insert at full speed, one row in each transaction: by themselves, while the daemon
/// drains the same database, and then with the pause after each row that the contract recommends. They are
/// processes, because SQLite's locks between threads of one process differ from those between processes. A
/// wait is from before a row's statement to after its commit.
func benchmarkBusy(_ bench: Bench) throws {
    let (sandbox, address) = try bench.startSandbox([
        "--daily-tokens", "1000000000", "--barcodes-per-minute", "1000000", "--images-burst",
        "1000000", "--images-per-minute", "1000000",
    ])
    defer { sandbox.terminate() }

    let alone = try insertRows(bench, bench.database("busy-alone"))
    alone.print("without daemon")

    let path = bench.database("busy")
    try makeDatabase(bench, path)
    let (daemon, _) = try bench.start(
        ["run"], database: path,
        environment: [
            "ASINQD_ASINSCOPE_URL": address, "ASINQD_ASINSCOPE_API_KEY": "sandbox",
            "ASINQD_ASINSCOPE_DAILY_TOKENS": "1000000000",
            "ASINQD_ASINSCOPE_BARCODES_PER_MINUTE": "1000000",
            "ASINQD_ASINSCOPE_IMAGES_BURST": "1000000",
            "ASINQD_ASINSCOPE_IMAGES_PER_MINUTE": "1000000",
            "ASINQD_ASINSCOPE_LINGER_MILLISECONDS": "0", "ASINQD_LOG_LEVEL": "debug",
        ])
    defer { daemon.terminate() }
    let together = try insertRows(bench, path)
    let database = try RawSQLite(path)
    let completed = try database.column("SELECT count(*) FROM queue WHERE state = 'completed'")[0]
    together.print("with daemon")
    print(
        "ratio           \(shown(Double(together.rows) / Double(alone.rows))) of the rows"
    )
    // An entry's start is recorded before its claim waits for the lock, and its end before its settlement
    // does. Before the writers began there was one call; since then new jobs came continuously.
    let claims = try database.column(
        "SELECT max(settled_at - started_at) FROM ledger WHERE settled_at > 0")
    let settlements = try database.column(
        """
        SELECT max(next.started_at - last.settled_at) FROM ledger AS last JOIN ledger AS next
            ON next.id = (SELECT min(id) FROM ledger
                WHERE endpoint = last.endpoint AND id > last.id)
        WHERE last.settled_at >= (SELECT min(enqueued_at) FROM queue WHERE id > 1)
        """)
    print(
        """
        daemon          \(completed) jobs completed meanwhile in \
        \(try database.column("SELECT count(*) FROM ledger")[0]) calls
                        longest claim with its call \(claims[0]) ms, \
        longest settlement and wait for the next claim \(settlements[0]) ms
        """)
    try insertRows(bench, path, first: 100_000_000, pauseSeconds: 0.001).print("with a pause")
    let log = try String(contentsOfFile: bench.folder + "/stderr.log", encoding: .utf8)
    let failures = log.split(separator: "\n").filter {
        $0.contains("store_failed") || $0.contains("locked")
    }
    print("daemon          \(failures.count) lines of its log with store_failed or locked")
}

/// The writers' results.
private struct Insertion {
    var seconds: Double
    /// All rows' waits, sorted.
    var waits: [Double]
    /// Rows that failed with "database is locked".
    var locked: Int

    var rows: Int { waits.count - locked }

    func print(_ name: String) {
        let count = waits.count
        Swift.print(
            name.padding(toLength: 16, withPad: " ", startingAt: 0)
                + "\(Int(Double(rows) / seconds)) rows/s, wait: median \(shown(waits[count / 2])) ms, "
                + "99th percentile \(shown(waits[count * 99 / 100])) ms, "
                + "worst \(shown(waits[count - 1], 1)) ms, \(locked) times locked out")
    }
}

private let busyWriter = """
    import sqlite3, sys, time
    path, first, seconds, pause = sys.argv[1], int(sys.argv[2]), *map(float, sys.argv[3:])
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ('busy_timeout = 5000', 'wal_autocheckpoint = 0', 'synchronous = FULL'):
        db.execute('PRAGMA ' + pragma)
    print('ready', flush=True)
    sys.stdin.readline()
    waits, locked, end = [], 0, time.monotonic() + seconds
    while True:
        number, began = first + len(waits), time.monotonic()
        if began > end:
            break
        try:
            db.execute('INSERT INTO queue (endpoint, product) VALUES (?, ?)',
                       (('images', 'barcodes')[number % 2], 'B%09d' % number))
        except sqlite3.OperationalError:
            locked += 1
        waits.append(time.monotonic() - began)
        if pause:
            time.sleep(pause)
    print(*waits, sep='\\n')
    print('locked', locked)
    """

private let busyWriters = 8
private let busySeconds = 10.0

private func makeDatabase(_ bench: Bench, _ path: String) throws {
    let file = bench.folder + "/one.txt"
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: file))
    _ = try bench.run(["enqueue", "--images", file], database: path)
}

private func insertRows(
    _ bench: Bench, _ path: String, first: Int = 1, pauseSeconds: Double = 0
) throws -> Insertion {
    if !FileManager.default.fileExists(atPath: path) { try makeDatabase(bench, path) }
    let writers = try (0..<busyWriters).map { index in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", busyWriter, path, "\(first + index * 1_000_000)", "\(busySeconds)",
            "\(pauseSeconds)",
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        return (process: process, input: input, output: output)
    }
    for writer in writers { _ = writer.output.fileHandleForReading.availableData }
    for writer in writers { try writer.input.fileHandleForWriting.write(contentsOf: [0x0A]) }
    var waits: [Double] = []
    var locked = 0
    for writer in writers {
        let text = String(
            decoding: writer.output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        writer.process.waitUntilExit()
        guard writer.process.terminationStatus == 0 else {
            throw Bench.Failed(
                arguments: ["python3"], status: writer.process.terminationStatus)
        }
        locked += text.split(separator: " ").last.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        waits += text.split(separator: "\n").compactMap(Double.init).map { $0 * 1_000 }
    }
    return Insertion(seconds: busySeconds, waits: waits.sorted(), locked: locked)
}
