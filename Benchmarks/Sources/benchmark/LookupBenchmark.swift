import Foundation

/// 24 lookups and a search of two pages on UPCitemdb's plan `dev`, with replies in 50 to 300 ms. The bound
/// is 30 s: 15 lookups go at once, the other 9 when the first of them are 30 s old; the two pages fit
/// in between.
func benchmarkLookups(_ bench: Bench) throws {
    let (sandbox, address) = try bench.startSandbox([
        "--faults", "latency=50-300", "--seed", "3", "--upcitemdb-plan", "dev",
    ])
    defer { sandbox.terminate() }
    let path = bench.database("lookup")
    let codes = bench.folder + "/codes.txt"
    try Data((checkedCodes(24).joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: codes))
    let query = bench.folder + "/query.txt"
    try Data("toys 25 matches\n".utf8).write(to: URL(fileURLWithPath: query))
    _ = try bench.run(["enqueue", "--lookup", codes], database: path)
    _ = try bench.run(["enqueue", "--search", "--pages", "2", query], database: path)
    let began = ContinuousClock.now
    let root = address.split(separator: "/circana")[0]
    let (daemon, _) = try bench.start(
        ["run", "--until-empty"], database: path,
        environment: [
            "ASINQD_UPCITEMDB_URL": "\(root)/prod/v1", "ASINQD_UPCITEMDB_PLAN": "dev",
            "ASINQD_UPCITEMDB_USER_KEY": "sandbox",
        ])
    daemon.waitUntilExit()
    let seconds = (ContinuousClock.now - began).seconds
    let database = try RawSQLite(path)
    func number(_ sql: String) throws -> Int64 { try database.column(sql).first ?? 0 }
    print("time            \(shown(seconds)) s, \(shown(seconds / 30, 3)) of the bound")
    print("calls           \(try number("SELECT count(*) FROM ledger"))")
    print(
        "refused         \(try number("SELECT count(*) FROM ledger WHERE outcome <> 'succeeded'"))")
    print("tokens          \(try number("SELECT sum(charged) FROM ledger"))")
    print("items           \(try number("SELECT count(*) FROM item"))")
    print("offers          \(try number("SELECT count(*) FROM offer"))")
}

/// EAN-13s with their check digits.
private func checkedCodes(_ count: Int) -> [String] {
    (0..<count).map { number in
        let body = "0" + String(85_000_000_000 + number)
        let sum = body.reversed().enumerated().reduce(0) { sum, digit in
            sum + (digit.element.wholeNumberValue ?? 0) * (digit.offset % 2 == 0 ? 3 : 1)
        }
        return body + String((10 - sum % 10) % 10)
    }
}
