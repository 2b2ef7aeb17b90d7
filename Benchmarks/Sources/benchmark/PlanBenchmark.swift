import Foundation

/// `asinqd plan --json` over ten million jobs that SQL has inserted, half at each endpoint: without labels,
/// and with a thousand of them. The baseline is a plain count of the same file. The forecast's own cost is
/// the processor time beyond that of a plan with both lanes paused, which counts as much and asks the planner
/// nothing; the two alternate.
func benchmarkPlan(_ bench: Bench) throws {
    for labels in [0, 1_000] {
        let path = bench.database("plan")
        try Data("B000000000\n".utf8).write(
            to: URL(fileURLWithPath: bench.folder + "/one.txt"))
        // The schema comes from asinqd itself, by a file of one line.
        _ = try bench.run(["enqueue", "--images", bench.folder + "/one.txt"], database: path)
        let database = try RawSQLite(path, cache: -400_000)
        try database.execute(
            """
            PRAGMA synchronous = OFF;
            DROP TRIGGER queue_insert;
            WITH RECURSIVE job (id) AS
                (SELECT 1 UNION ALL SELECT id + 1 FROM job WHERE id < 9999999)
            INSERT INTO queue (endpoint, product, label)
            SELECT iif(id % 2, 'images', 'barcodes'), printf('B%09d', id / 2 + 1),
                   \(labels == 0 ? "NULL" : "'label ' || (id / (10000000 / \(labels)))")
            FROM job;
            PRAGMA wal_checkpoint(TRUNCATE)
            """)
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        func setPaused(_ at: String) throws {
            try database.execute(
                """
                INSERT INTO lane (account, endpoint, paused_at)
                VALUES ('asinscope', 'images', \(at)), ('asinscope', 'barcodes', \(at))
                ON CONFLICT (account, endpoint) DO UPDATE SET paused_at = excluded.paused_at
                """)
        }
        var (plans, forecasts): ([Double], [Double]) = ([], [])
        for _ in 0..<5 {
            try setPaused("NULL")
            let plan = try bench.run(["plan", "--json"], database: path)
            try setPaused("1")
            let paused = try bench.run(["plan", "--json"], database: path)
            plans.append(plan.seconds)
            forecasts.append(plan.cpuSeconds - paused.cpuSeconds)
        }
        let plain = try RawSQLite(path)
        let counting = median(
            try (0..<5).map { _ in
                let began = ContinuousClock.now
                _ = try plain.column(
                    "SELECT endpoint, priority, count(*) FROM queue GROUP BY endpoint, priority")
                return (ContinuousClock.now - began).seconds
            })
        let plan = median(plans)
        print("with \(labels) labels")
        print("asinqd plan     \(shown(plan)) s, median of 5, for ten million jobs")
        print("plain count     \(shown(counting)) s, ratio \(shown(plan / counting))")
        print("forecast alone  \(shown(median(forecasts))) s of processor time")
    }
}
