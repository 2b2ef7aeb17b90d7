import Foundation

/// The benefit of each index: the statement that it serves, with it and without it, over a queue of a million
/// rows and a ledger of 200,000 entries, which is a month at full use or more.
func benchmarkIndexes(_ bench: Bench) throws {
    let uses: [(index: String, statement: String)] = [
        (
            "queue_ready",
            """
            SELECT id FROM queue WHERE endpoint = 'images' AND account IS NULL AND state = 'available'
              AND not_before = 0 AND failures = 0 ORDER BY priority, id LIMIT 200
            """
        ),
        (
            "queue_retry",
            """
            SELECT id FROM queue WHERE endpoint = 'images' AND account IS NULL AND state = 'available'
              AND not_before = 0 AND failures > 0 ORDER BY priority, id LIMIT 200
            """
        ),
        (
            "queue_scheduled",
            """
            SELECT id FROM queue WHERE endpoint = 'images' AND account IS NULL AND priority = 5
              AND state = 'available' AND not_before > 0 AND not_before <= 1000 ORDER BY not_before LIMIT 1000
            """
        ),
        ("queue_running", "SELECT id FROM queue WHERE call_id = 7 AND state = 'running'"),
        (
            "queue_finished",
            """
            SELECT state, count(*) FROM queue WHERE finished_at IS NOT NULL GROUP BY endpoint, state
            """
        ),
        ("queue_label", "SELECT count(*) FROM queue WHERE label = 'rare' AND state = 'discarded'"),
        (
            "queue_label_waiting",
            """
            SELECT label FROM queue WHERE label IS NOT NULL AND state = 'available'
              AND (label, endpoint) >= ('bulk', 'images' || char(1))
            ORDER BY label, endpoint LIMIT 1
            """
        ),
        (
            "ledger_calls",
            """
            SELECT outcome FROM ledger WHERE account = 'asinscope' AND endpoint = 'images'
            ORDER BY id DESC LIMIT 10
            """
        ),
        (
            "ledger_settled",
            """
            SELECT reserved FROM ledger
            WHERE account = 'asinscope' AND endpoint = 'images' AND settled_at >= 199900
            """
        ),
        (
            "schedule_due",
            """
            SELECT product FROM schedule_product WHERE schedule_id = 1 AND due_at <= 500000
            ORDER BY due_at LIMIT 100
            """
        ),
    ]
    let database = try filled(bench)
    for (index, statement) in uses {
        func milliseconds() throws -> Double {
            _ = try database.column(statement)
            let began = ContinuousClock.now
            _ = try database.column(statement)
            return (ContinuousClock.now - began).seconds * 1_000
        }
        let with = try milliseconds()
        try database.execute("BEGIN; DROP INDEX \(index)")
        let without = try milliseconds()
        try database.execute("ROLLBACK")
        print(
            index.padding(toLength: 20, withPad: " ", startingAt: 0)
                + "\(shown(with, 3)) ms with it, \(shown(without, 1)) ms without")
    }
}

private func filled(_ bench: Bench) throws -> RawSQLite {
    let path = bench.database("indexes")
    let file = bench.folder + "/indexes.txt"
    try Data((randomASINs(1_000_000, seed: 5).joined(separator: "\n") + "\n").utf8)
        .write(to: URL(fileURLWithPath: file))
    _ = try bench.run(["enqueue", "--images", "--label", "bulk", file], database: path)
    let database = try RawSQLite(path)
    try database.execute(
        """
        BEGIN;
        UPDATE queue SET state = 'running', call_id = 7 WHERE id % 2 = 0;
        UPDATE queue SET state = 'completed', finished_at = id WHERE state = 'running' AND id > 200;
        UPDATE queue SET not_before = id + 1000 WHERE state = 'available' AND id % 10 = 1;
        UPDATE queue SET failures = 1 WHERE state = 'available' AND id % 1000 = 3;
        DROP TRIGGER ledger_insert;
        WITH RECURSIVE call (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM call WHERE id < 200000)
        INSERT INTO ledger (id, account, endpoint, products, reserved, started_at, lease_until, settled_at,
                            outcome, charged, daily_left, daily_reset_at)
        SELECT id, 'asinscope', iif(id % 2, 'images', 'barcodes'), '["B000000000"]', 10, id - 1, id, id,
               'succeeded', 10, 1000, id + 1000 FROM call;
        INSERT INTO schedule (endpoint, label, every_ms) VALUES ('images', 'catalog', 604800000);
        INSERT INTO schedule_product (schedule_id, product, due_at)
        SELECT 1, product, id * 7919 % 1000000 FROM queue;
        COMMIT; PRAGMA wal_checkpoint(TRUNCATE)
        """)
    return database
}
