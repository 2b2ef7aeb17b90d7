import Foundation

/// `asinqd status` over a million rows: half of them waiting, half completed.
func benchmarkStatus(_ bench: Bench) throws {
    let path = bench.database("status")
    let file = bench.folder + "/status.txt"
    try Data((randomASINs(1_000_000, seed: 2).joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: file))
    _ = try bench.run(["enqueue", "--images", file], database: path)
    let database = try RawSQLite(path)
    try database.execute(
        """
        BEGIN;
        UPDATE queue SET state = 'running', call_id = 1 WHERE id % 2 = 0;
        UPDATE queue SET state = 'completed', finished_at = 1 WHERE state = 'running';
        COMMIT
        """)
    let counting = ContinuousClock.now
    let counted = try database.column("SELECT count(*) FROM queue GROUP BY endpoint, state")
    let naive = (ContinuousClock.now - counting).seconds
    let runs = try (0..<5).map { _ in try bench.run(["status"], database: path).seconds }.sorted()
    print("rows            \(counted.reduce(0, +))")
    print("asinqd status   \(shown(runs[2], 3)) s, median of 5 (worst \(shown(runs[4], 3)) s)")
    print("ratio to one GROUP BY over the table: \(shown(runs[2] / naive))")
}
