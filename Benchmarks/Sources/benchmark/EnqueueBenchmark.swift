import Foundation

/// `asinqd enqueue` of a million random ASINs from a file, against one prepared statement in a bare
/// loop over the same ASINs in memory, into the same schema, with the pragmas that the contract tells
/// other programs to set, and the same number of rows a transaction. A second bare loop has the page
/// cache that asinqd gives itself. Three rounds of each in turn; the medians are compared.
func benchmarkEnqueue(_ bench: Bench) throws {
    let count = 1_000_000
    let asins = randomASINs(count, seed: 1)
    let file = bench.folder + "/million.txt"
    try Data((asins.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: bench.folder + "/one.txt"))
    var ours: [Double] = []
    let caches: [Int?] = [nil, -48_000]
    var bare: [[Double]] = [[], []]
    var peakMiB = 0.0
    for _ in 0..<3 {
        let run = try bench.run(
            ["enqueue", "--images", file], database: bench.database("enqueue"))
        ours.append(Double(count) / run.seconds)
        peakMiB = max(peakMiB, run.peakMiB)

        for (index, cache) in caches.enumerated() {
            let path = bench.database("bare")
            // The schema comes from asinqd itself, by a file of one line.
            _ = try bench.run(
                ["enqueue", "--barcodes", bench.folder + "/one.txt"], database: path)
            let database = try RawSQLite(path, cache: cache)
            let began = ContinuousClock.now
            try database.forEach(
                asins, "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', ?)",
                every: 20_000)
            bare[index].append(Double(count) / (ContinuousClock.now - began).seconds)
        }
    }
    let ourMedian = ours.sorted()[1]
    let bareMedians = bare.map { $0.sorted()[1] }
    print("asinqd enqueue            \(Int(ourMedian)) rows/s (\(ours.map { Int($0) }))")
    for (name, index) in [("bare loop", 0), ("bare loop, 48 MB cache", 1)] {
        print(
            name.padding(toLength: 26, withPad: " ", startingAt: 0)
                + "\(Int(bareMedians[index])) rows/s (\(bare[index].map { Int($0) })), "
                + "ratio \(shown(ourMedian / bareMedians[index]))")
    }
    print("peak memory               \(shown(peakMiB, 1)) MiB")
}
