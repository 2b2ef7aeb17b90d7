import Foundation

/// 180 images and 1,000 barcodes at the documented limits, with replies in 50 to 300 ms. The bound is 60 s:
/// the bucket holds 120 images and gains the other 60 in a minute; the window admits 500 barcodes at once and
/// the other 500 a minute later.
func benchmarkMainJob(_ bench: Bench) throws {
    let (sandbox, address) = try bench.startSandbox(["--faults", "latency=50-300", "--seed", "3"])
    defer { sandbox.terminate() }
    let path = bench.database("main")
    let asins = randomASINs(1_000, seed: 3)
    for (flag, count) in [("--images", 180), ("--barcodes", 1_000)] {
        let file = bench.folder + "/\(count).txt"
        try Data((asins.prefix(count).joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: file))
        _ = try bench.run(["enqueue", flag, file], database: path)
    }
    let began = ContinuousClock.now
    let (daemon, _) = try bench.start(
        ["run", "--until-empty"], database: path,
        environment: ["ASINQD_ASINSCOPE_URL": address, "ASINQD_ASINSCOPE_API_KEY": "sandbox"])
    daemon.waitUntilExit()
    let seconds = (ContinuousClock.now - began).seconds
    let database = try RawSQLite(path)
    func number(_ sql: String) throws -> Int64 { try database.column(sql).first ?? 0 }
    print("time            \(shown(seconds)) s, \(shown(seconds / 60, 3)) of the bound")
    print("calls           \(try number("SELECT count(*) FROM ledger"))")
    print(
        "refused         \(try number("SELECT count(*) FROM ledger WHERE outcome <> 'succeeded'"))")
    print("tokens          \(try number("SELECT sum(charged) FROM ledger")) for 1,180 products")
    print("jobs completed  \(try number("SELECT count(*) FROM queue WHERE state = 'completed'"))")
}
