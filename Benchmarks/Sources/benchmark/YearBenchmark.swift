import Foundation

/// A year at full use: each day 1,500 calls fetch 150,000 answers about two million products, and `asinqd
/// prune` deletes rows that are old by the default settings. Prints the length of the file, and the time from
/// another program's row to its call, in the course of the year. Takes about half an hour.
func benchmarkYear(_ bench: Bench) throws {
    let path = bench.database("year")
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: bench.folder + "/one.txt"))
    _ = try bench.run(["enqueue", "--images", bench.folder + "/one.txt"], database: path)
    let database = try RawSQLite(path, cache: -48_000)
    try database.execute(
        "DELETE FROM queue; DROP TRIGGER queue_insert; DROP TRIGGER ledger_insert;"
            + "PRAGMA synchronous = OFF")
    let days = Int(ProcessInfo.processInfo.environment["YEAR_DAYS"] ?? "") ?? 365
    print("day             jobs     calls   results file MiB  prune s  row to call ms")
    var pruneSeconds = 0.0
    for day in 1...days {
        try database.execute(dayOfCalls(day, of: days))
        let daysAgo = days - day
        let prune = try bench.run(
            ["prune", "--jobs", "\(daysAgo + 30)d", "--ledger", "\(daysAgo + 365)d"],
            database: path)
        pruneSeconds = max(pruneSeconds, prune.seconds)
        guard [1, 30, 31, 60, 90, 180, 270].contains(day) || day == days else { continue }
        let counts = try ["queue", "ledger", "result"].map {
            try database.column("SELECT count(*) FROM \($0)")[0]
        }
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        let waits = try wakes(bench, path, count: 100, seed: UInt64(day))
        let shownCounts = counts.map { String(format: "%9d", $0) }.joined(separator: " ")
        print(
            String(format: "%-10d", day), shownCounts, String(format: "%8d", bytes >> 20),
            String(format: "%8.1f", prune.seconds), String(format: "%15.1f", waits[50]))
        fflush(nil)
    }
    print("longest prune   \(shown(pruneSeconds, 1)) s")
}

/// A day's calls, 57.6 s apart, images and barcodes in turn, their jobs and their answers. Products recur in
/// another order each time. Balances lapse at once, so that they do not affect today's pool.
private func dayOfCalls(_ day: Int, of days: Int) -> String {
    """
    BEGIN;
    CREATE TEMP TABLE answer AS
        WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 149999)
        SELECT n, (SELECT coalesce(max(id), 0) FROM ledger) + 1 + n / 100 AS call_id,
               CAST((julianday('now') - 2440587.5 - \(days - day + 1)) * 86400000 AS INTEGER)
                   + n / 100 * 57600 AS at,
               iif(n / 100 % 2, 'barcodes', 'images') AS endpoint,
               printf('B%09d', (\(day) * 150000 + n) * 7919 % 2000000) AS product
        FROM n;
    INSERT INTO ledger (id, account, endpoint, products, reserved, started_at, lease_until, settled_at,
                        outcome, charged, http_status, daily_left, daily_reset_at, drift, full_at)
    SELECT call_id, 'asinscope', endpoint, json_group_array(product), 100, min(at), min(at) + 60000,
           min(at) + 200, 'succeeded', 100, 200, 150000 - (min(n) / 100 + 1) * 100,
           min(at) + 1000, 0, iif(endpoint = 'images', min(at) + 100201, NULL)
    FROM answer GROUP BY call_id ORDER BY call_id;
    INSERT INTO queue (endpoint, product, state, call_id, enqueued_at, finished_at)
    SELECT endpoint, product, 'completed', call_id, at, at + 200 FROM answer ORDER BY n;
    INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
    SELECT endpoint, product, 1,
           json_object('asin', product, 'title', printf('A product with a title of usual length %d', n),
                       'images', json_array(
                           printf('https://m.media-amazon.com/images/I/%020d.jpg', n),
                           printf('https://m.media-amazon.com/images/I/%020d.jpg', n + 1),
                           printf('https://m.media-amazon.com/images/I/%020d.jpg', n + 2))),
           at + 200, call_id
    FROM answer WHERE true ORDER BY n
    ON CONFLICT (endpoint, product) DO UPDATE SET body = excluded.body,
        fetched_at = excluded.fetched_at, call_id = excluded.call_id;
    DROP TABLE answer;
    COMMIT; PRAGMA wal_checkpoint(TRUNCATE)
    """
}
