import Foundation

let usage = """
    usage: benchmark ASINQD [enqueue | status | plan | audit | claim | main | lookup | wake | busy | idle]...

    ASINQD is the release binary. Without further words all of them run.
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
]
guard words.allSatisfy({ word in benchmarks.contains { $0.name == word } }) else {
    print(usage)
    exit(64)
}
for benchmark in benchmarks where words.isEmpty || words.contains(benchmark.name) {
    print("== \(benchmark.name)")
    try benchmark.run(bench)
}
