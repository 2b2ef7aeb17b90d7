import Foundation

/// From the commit of a row by another process (this one) to its call's entry in the ledger, which is
/// written just before the request leaves.
func benchmarkWake(_ bench: Bench) throws {
    let path = bench.database("wake")
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: bench.folder + "/one.txt"))
    _ = try bench.run(["enqueue", "--images", bench.folder + "/one.txt"], database: path)
    let waits = try wakes(bench, path, count: 300, seed: 4)
    print("median          \(shown(waits[waits.count / 2])) ms over \(waits.count) rows")
    print("worst           \(shown(waits[waits.count - 1])) ms")
}

/// - Returns: Milliseconds, in their order.
func wakes(_ bench: Bench, _ path: String, count: Int, seed: UInt64) throws -> [Double] {
    let fast = ["--images-burst", "1000000", "--images-per-minute", "1000000"]
    let (sandbox, address) = try bench.startSandbox(fast)
    defer { sandbox.terminate() }
    let (daemon, _) = try bench.start(
        ["run"], database: path,
        environment: [
            "ASINQD_ASINSCOPE_URL": address, "ASINQD_ASINSCOPE_API_KEY": "sandbox",
            "ASINQD_ASINSCOPE_IMAGES_BURST": "1000000",
            "ASINQD_ASINSCOPE_IMAGES_PER_MINUTE": "1000000",
            "ASINQD_KEEP_JOBS_DAYS": "0", "ASINQD_KEEP_LEDGER_DAYS": "0",
        ])
    defer {
        daemon.terminate()
        daemon.waitUntilExit()
    }
    let database = try RawSQLite(path)
    var waits: [Double] = []
    for asin in randomASINs(count, seed: seed) {
        try database.execute("INSERT INTO queue (endpoint, product) VALUES ('images', '\(asin)')")
        let committed = ContinuousClock.now
        let id = try database.column("SELECT last_insert_rowid()")[0]
        func isAt(_ state: String) throws -> Bool {
            try !database.column("SELECT 1 FROM queue WHERE id = \(id) AND state = '\(state)'")
                .isEmpty
        }
        while try isAt("available") {}
        waits.append((ContinuousClock.now - committed).seconds * 1_000)
        // The daemon is idle each time: this call is settled before the next row comes.
        while try !isAt("completed") {}
        usleep(20_000)
    }
    return waits.sorted()
}
