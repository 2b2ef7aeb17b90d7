import Foundation

/// `asinqd enqueue` of a million random ASINs from a file, against one prepared statement in a bare
/// loop over the same ASINs in memory, into the same schema, with the same pragmas and the same number
/// of rows a transaction. Three rounds of each in turn; the medians are compared.
func benchmarkEnqueue(_ bench: Bench) throws {
    let count = 1_000_000
    let asins = randomASINs(count, seed: 1)
    let file = bench.folder + "/million.txt"
    try Data((asins.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: file))
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: bench.folder + "/one.txt"))
    var ours: [Double] = []
    var bare: [Double] = []
    var peakMiB = 0.0
    for _ in 0..<3 {
        let run = try bench.run(
            ["enqueue", "--images", file], database: bench.database("enqueue"))
        ours.append(Double(count) / run.seconds)
        peakMiB = max(peakMiB, run.peakMiB)

        let path = bench.database("bare")
        // The schema comes from asinqd itself, by a file of one line.
        _ = try bench.run(["enqueue", "--barcodes", bench.folder + "/one.txt"], database: path)
        let database = try RawSQLite(path)
        let began = ContinuousClock.now
        try database.forEach(
            asins, "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', ?)",
            every: 10_000)
        bare.append(Double(count) / (ContinuousClock.now - began).seconds)
    }
    let (ourMedian, bareMedian) = (ours.sorted()[1], bare.sorted()[1])
    print("asinqd enqueue  \(Int(ourMedian)) rows/s (\(ours.map { Int($0) }))")
    print("bare loop       \(Int(bareMedian)) rows/s (\(bare.map { Int($0) }))")
    print("ratio           \(shown(ourMedian / bareMedian))")
    print("peak memory     \(shown(peakMiB, 1)) MiB")
}
