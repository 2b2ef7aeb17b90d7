import Foundation

/// What each index of the queue is worth: the statement that it serves, over a million rows, with it
/// and without it, and what it costs the insertion of 100,000 rows.
func benchmarkIndexes(_ bench: Bench) throws {
    let uses: [(index: String, statement: String)] = [
        (
            "queue_ready",
            """
            SELECT id FROM queue WHERE endpoint = 'images' AND state = 'available' AND not_before = 0
              AND failures = 0 ORDER BY priority, id LIMIT 200
            """
        ),
        (
            "queue_later",
            """
            SELECT id FROM queue WHERE endpoint = 'images' AND priority = 5 AND state = 'available'
              AND not_before > 0 AND not_before <= 1000 ORDER BY not_before LIMIT 1000
            """
        ),
        ("queue_running", "SELECT id FROM queue WHERE call_id = 7 AND state = 'running'"),
        (
            "queue_finished",
            """
            SELECT state, count(*) FROM queue WHERE finished_at IS NOT NULL GROUP BY endpoint, state
            """
        ),
        ("queue_label", "SELECT count(*) FROM queue WHERE label = 'rare' AND state = 'available'"),
    ]
    let path = bench.database("indexes")
    let asins = randomASINs(1_100_000, seed: 5)
    let file = bench.folder + "/indexes.txt"
    try Data((asins.prefix(1_000_000).joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: file))
    _ = try bench.run(["enqueue", "--images", "--label", "bulk", file], database: path)
    let database = try RawSQLite(path)
    try database.execute(
        """
        BEGIN;
        UPDATE queue SET state = 'running', call_id = 7 WHERE id % 2 = 0;
        UPDATE queue SET state = 'completed', finished_at = id WHERE state = 'running' AND id > 200;
        UPDATE queue SET not_before = id + 1000 WHERE state = 'available' AND id % 10 = 1;
        COMMIT; PRAGMA wal_checkpoint(TRUNCATE)
        """)
    func milliseconds(_ body: () throws -> Void) rethrows -> Double {
        let began = ContinuousClock.now
        try body()
        return (ContinuousClock.now - began).seconds * 1_000
    }
    func insertion() throws -> Double {
        try database.execute("BEGIN; SAVEPOINT rows")
        let spent = try milliseconds {
            try database.insert(asins.suffix(100_000), label: "bulk")
        }
        try database.execute("ROLLBACK")
        return spent
    }
    _ = try insertion()
    let whole = try insertion()
    for (index, statement) in uses {
        _ = try database.column(statement)
        let with = try milliseconds { _ = try database.column(statement) }
        let definition = try database.text(
            "SELECT sql FROM sqlite_schema WHERE name = '\(index)'")
        try database.execute("DROP INDEX \(index)")
        let without = try milliseconds { _ = try database.column(statement) }
        let cheaper = try insertion()
        try database.execute(definition)
        print(
            index.padding(toLength: 16, withPad: " ", startingAt: 0)
                + "\(shown(with, 3)) ms with it, \(shown(without, 1)) ms without; "
                + "100,000 inserts take \(shown(whole, 0)) ms with it, \(shown(cheaper, 0)) without"
        )
    }
}
