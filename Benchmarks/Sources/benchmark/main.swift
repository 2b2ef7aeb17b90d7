import Foundation

let usage = """
    usage: benchmark ASINQD [WORD...]

    WORDs: enqueue, status, plan, audit, claim, main, lookup, wake, busy, idle, year

    ASINQD is the release binary. Without further words all of them run but `year`.
    """

var words = CommandLine.arguments.dropFirst()
guard let program = words.popFirst(), FileManager.default.isExecutableFile(atPath: program) else {
    print(usage)
    exit(64)
}
let bench = Bench(program: program)
let benchmarks: [(name: String, run: (Bench) throws -> Void)] = [
    ("enqueue", benchmarkEnqueue),
    ("status", benchmarkStatus),
    ("plan", benchmarkPlan),
    ("audit", benchmarkAudit),
    ("claim", benchmarkIndexes),
    ("main", benchmarkMainJob),
    ("lookup", benchmarkLookups),
    ("wake", benchmarkWake),
    ("busy", benchmarkBusy),
    ("idle", benchmarkIdle),
    ("year", benchmarkYear),
]
guard words.allSatisfy({ word in benchmarks.contains { $0.name == word } }) else {
    print(usage)
    exit(64)
}
for benchmark in benchmarks
where words.isEmpty ? benchmark.name != "year" : words.contains(benchmark.name) {
    print("== \(benchmark.name)")
    try benchmark.run(bench)
}
