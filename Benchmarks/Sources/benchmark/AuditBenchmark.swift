import Foundation

/// `asinqd audit` over a year at full use: 1,500 calls a day for 100 products each, with SQLite's own reading
/// of the same columns as the baseline. The jobs and results are those of a thousand of the calls.
func benchmarkAudit(_ bench: Bench) throws {
    let path = bench.database("audit")
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: bench.folder + "/one.txt"))
    // The schema comes from asinqd itself, by a file of one line.
    _ = try bench.run(["enqueue", "--barcodes", bench.folder + "/one.txt"], database: path)
    let database = try RawSQLite(path)
    try database.execute(yearOfCalls)

    let scan = """
        SELECT count(*) + sum(charged) + sum(json_array_length(products)) FROM ledger
        """
    var scans: [Double] = []
    var audits: [Bench.Run] = []
    for _ in 0..<3 {
        let began = ContinuousClock.now
        _ = try database.column(scan)
        scans.append((ContinuousClock.now - began).seconds)
        audits.append(try bench.run(["audit"], database: path))
    }
    let scanMedian = scans.sorted()[1]
    let median = audits.map(\.seconds).sorted()[1]
    print(audits[0].output, terminator: "")
    print(
        "database        \(try database.column("SELECT page_count * page_size >> 20 FROM pragma_page_count, pragma_page_size")[0]) MiB"
    )
    print("asinqd audit    \(shown(median)) s, median of 3 (\(audits.map { shown($0.seconds) }))")
    print("plain scan      \(shown(scanMedian)) s (\(scans.map { shown($0) }))")
    print("ratio           \(shown(median / scanMedian))")
    print("peak memory     \(shown(audits.map(\.peakMiB).max() ?? 0, 1)) MiB")
}

/// Images and barcodes in turn, a call every 57.6 s, from 2026-01-01 on. Each day's balances fall by 100
/// tokens a call from 150,000, which 1,500 calls spend.
private let yearOfCalls = """
    BEGIN;
    DROP TRIGGER ledger_insert;
    CREATE TEMP TABLE asked AS
        WITH RECURSIVE place (p) AS (SELECT 0 UNION ALL SELECT p + 1 FROM place WHERE p < 99)
        SELECT p FROM place;
    CREATE TEMP TABLE call AS
        WITH RECURSIVE call (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM call WHERE n < 547499)
        SELECT n, 1767225600000 + n * 57600 AS start FROM call;
    INSERT INTO ledger (id, account, endpoint, products, reserved, started_at, lease_until, settled_at,
                        outcome, charged, http_status, daily_left, daily_reset_at, drift, full_at)
    SELECT n + 1, 'asinscope', iif(n % 2, 'barcodes', 'images'),
           (SELECT json_group_array(printf('B%09d', (n * 100 + p) % 1000000000)) FROM asked),
           100, start, start + 60000, start + 200, 'succeeded', 100, 200,
           150000 - (n % 1500 + 1) * 100, (start / 86400000 + 1) * 86400000,
           iif(n % 1500 = 0, NULL, 0), iif(n % 2, NULL, start + 100201)
    FROM call ORDER BY n;
    INSERT INTO tally (account, endpoint, hour, outcome, calls, products, tokens, drift_up, drift_down,
                       duration_ms, le_100, le_250, le_500, le_1000, le_2500, le_5000, le_10000, le_30000)
    SELECT account, endpoint, settled_at / 3600000 AS hour, outcome, count(*), 100 * count(*), sum(charged),
           0, 0, 200 * count(*), 0, count(*), count(*), count(*), count(*), count(*), count(*), count(*)
    FROM ledger GROUP BY account, endpoint, hour, outcome;
    INSERT INTO queue (endpoint, product)
    SELECT ledger.endpoint, asked.value FROM ledger, json_each(products) AS asked
    WHERE ledger.id <= 1000;
    UPDATE queue SET state = 'running', call_id = 1 + (id - 2) / 100 WHERE id > 1;
    UPDATE queue SET state = 'completed', finished_at = 1 WHERE state = 'running';
    INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
    SELECT endpoint, product, 1, '{}', 1, call_id FROM queue WHERE state = 'completed';
    COMMIT; PRAGMA wal_checkpoint(TRUNCATE)
    """
