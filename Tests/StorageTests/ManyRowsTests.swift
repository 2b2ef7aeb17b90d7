import Planning
import PostgreSQL
import Providers
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// What the planner of a server makes of the statements that run all the time, with a million jobs, results and
/// calls: as the server counts it, so within its functions and triggers as well.
@Suite(.onServer)
struct ManyRowsTests {
    /// Of every ten jobs, six wait, one failed before, one is scheduled, and two are done.
    private static let filling = """
        SET session_replication_role = replica;
        INSERT INTO asinqd.queue (endpoint, product, state, failures, not_before, finished_at, enqueued_at)
        SELECT (ARRAY['images', 'barcodes'])[n % 2 + 1], 'C' || lpad(n::text, 9, '0'),
            CASE WHEN n % 10 < 8 THEN 'available' ELSE 'completed' END, (n % 10 = 6)::integer,
            CASE WHEN n % 10 = 7 THEN \(noon) + n ELSE 0 END,
            CASE WHEN n % 10 >= 8 THEN \(noon) - n END, \(noon) - n
        FROM generate_series(1, 1000000) AS job (n);
        INSERT INTO asinqd.result (endpoint, product, found, body, fetched_at, call_id)
        SELECT 'images', 'D' || lpad(n::text, 9, '0'), 1, '{}', \(noon) - n, n FROM generate_series(1, 1000000) AS part (n);
        INSERT INTO asinqd.ledger (account, endpoint, products, reserved, started_at, lease_until, settled_at, outcome,
            charged, daily_left, daily_reset_at)
        SELECT 'asinscope', (ARRAY['images', 'barcodes'])[n % 2 + 1], '["B000000001"]', 1, \(noon) - 60000::bigint * n,
            \(noon) - 60000::bigint * n + 90000, \(noon) - 60000::bigint * n + 500, 'succeeded', 1,
            150000 - n % 1000, \(noon) - 60000::bigint * n + 86400000
        FROM generate_series(1000000, 1, -1) AS call (n);
        RESET session_replication_role;
        ANALYZE
        """

    private static let noon = Timestamp.noon.milliseconds

    private struct Reads {
        /// Tables, or parts of them, that were read from beginning to end.
        var scans: Int64
        /// Entries of indexes and rows.
        var rows: Int64
    }

    private let url: String
    private let observer: PostgreSQLConnection

    init() throws {
        url = try TestServer.current!.newDatabase()
        observer = try PostgreSQLConnection(url)
        try observer.run(Self.filling)
    }

    private func number(_ sql: String) throws -> Int64 {
        try #require(try observer.execute(sql).integer(row: 0, column: 0))
    }

    /// What a session has read. The server counts it when the session ends.
    private func reads(_ body: (Store) throws -> Void) throws -> Reads {
        func counted() throws -> Reads {
            let others =
                "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            while try number("SELECT count(*) FROM pg_stat_activity WHERE \(others)") != 0 {}
            _ = try observer.execute("SELECT pg_stat_clear_snapshot()")
            let large = "relname IN ('queue', 'result', 'ledger')"
            return Reads(
                scans: try number(
                    "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables WHERE \(large)"),
                rows: try number(
                    """
                    SELECT (sum(idx_tup_read) + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE \(large)))::bigint
                    FROM pg_stat_user_indexes WHERE \(large)
                    """))
        }
        let before = try counted()
        do {
            let store = try Store(
                path: url, access: .write, endpoints: Catalog.current.references,
                usesServerTime: false)
            try body(store)
        }
        let after = try counted()
        return Reads(scans: after.scans - before.scans, rows: after.rows - before.rows)
    }

    @Test(
        "claims, settlements, looks, additions, recovery and results read no table from end to end")
    func readsFewRows() throws {
        var read: [(what: String, reads: Reads)] = []
        func measure(_ what: String, _ body: (Store) throws -> Void) throws {
            read.append((what, try reads(body)))
        }
        try measure("opening") { _ in }
        for endpoint in [Endpoint.images, .barcodes] {
            var call: OpenCall?
            try measure("claim of \(endpoint.name)") {
                call = try $0.call(at: endpoint, now: .noon.after(2_000))
            }
            let open = try #require(call)
            try measure("settlement of \(endpoint.name)") {
                let outcome = answer(open.jobs.map(\.product))
                try $0.settle(open, outcome, at: endpoint, now: .noon.after(2_000))
            }
        }
        try measure("look") { _ = try $0.look(at: .noon.after(3_000)) }
        try measure("claim of jobs that are due") { store in
            _ = try store.call(at: .images, now: .noon.after(600_000))
        }
        try measure("recovery") { store in
            let now = Timestamp.noon.after(3_600_000)
            let recovered = try store.recover(Endpoint.both, now: now) {
                Planner.resolve(.expired, of: $0, jobs: $2, endpoint: $1, ledger: $3, at: $4)
            }
            #expect(recovered.expired.count == 1)
        }
        try measure("addition of 100") { try $0.add(asins(1...100)) }
        try measure("results of 100") { store in
            let known = (1...100).map { "D000000" + String(100 + $0) }
            var count = 0
            try store.results(at: "images", products: known) { _ in count += 1 }
            #expect(count == 100)
        }
        for (what, reads) in read {
            #expect(reads.scans == 0 && reads.rows < 2_500, "\(what)")
        }
        #expect(read.count == 10)
    }
}
