import GRDB
import Planning
import Schema
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Files of version 4 have text that is not UTF-8, or contains a NUL.
@Suite(.onSQLite)
struct OddTextTests {
    private static let latin1 = "CAST(x'4672FC68' AS TEXT)"
    private static let otherLatin1 = "CAST(x'4672E468' AS TEXT)"

    /// A file as version 4 created it, with `sql` run in it, upgraded to the latest version.
    private func upgraded(_ sql: String, _ body: (Store) throws -> Void) throws {
        try TemporaryFolder.with { folder in
            try DatabaseQueue(path: folder.database).inDatabase { db in
                try db.execute(sql: DatabaseSchema.sql(of: 4))
                try db.execute(
                    sql: """
                        PRAGMA application_id = \(DatabaseSchema.applicationID);
                        PRAGMA user_version = 4;
                        \(sql)
                        """)
            }
            try body(Store(path: folder.database, access: .write))
        }
    }

    /// Two jobs under each of six labels at two endpoints.
    private var labelled: String {
        let labels = [
            "'a'", "'a' || char(0) || 'b'", "char(0x66) || CAST(x'FC' AS TEXT)", Self.latin1,
            Self.otherLatin1, "'z'",
        ]
        return (0..<labels.count).map { index in
            let products = [asin(10 * index + 1), asin(10 * index + 2)]
            return products.flatMap { product in
                ["images", "barcodes"].map { endpoint in
                    """
                    INSERT INTO queue (endpoint, product) VALUES ('\(endpoint)', '\(product)');
                    UPDATE queue SET label = \(labels[index]) WHERE product = '\(product)';
                    """
                }
            }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    @Test("a backlog is read to its end, and counts each job once")
    func backlog() throws {
        try upgraded(labelled) { (store: Store) throws in
            let backlog = try store.backlog(of: Endpoint.both, at: .noon)
            for lane in backlog.queues where lane.account == nil {
                #expect(lane.lines[5].ready == 12)
                #expect(lane.groups.reduce(0) { $0 + $1.jobs } == 12)
                // Two that are displayed as the same text are shown as one.
                #expect(
                    lane.groups.map { "\($0.label!) \($0.jobs)" } == [
                        "Fr\u{FFFD}h 4", "a 2", "a\u{FFFD}b 2", "f\u{FFFD} 2", "z 2",
                    ])
            }
            for most in 1...5 {
                #expect(
                    try store.backlog(of: Endpoint.both, at: .noon, labelsMax: most).labelsLeftOut
                        == 6 - most)
            }
            _ = try store.call(3)
            let images = try store.backlog(of: Endpoint.both, at: .noon)["images"]
            #expect(images?.running.map(\.count) == [3])
        }
    }

    @Test("jobs are selected by the label that people read")
    func commands() throws {
        for (label, count) in [("Fr\u{FFFD}h", 8), ("a\u{FFFD}b", 4), ("a", 4), ("f\u{FFFD}", 4)] {
            try upgraded(labelled) { (store: Store) throws in
                let selection = JobSelection(label: label)
                #expect(try store.pause(selection) == count)
                #expect(try store.pause(selection) == 0)
                #expect(try store.resume(selection) == count)
                #expect(try store.cancel(selection, now: .noon) == count)
                #expect(
                    try store.number("SELECT count(*) FROM queue WHERE state = 'cancelled'")
                        == count)
                #expect(
                    try store.prune(Retention(jobs: .zero), now: .midnight).jobs == count)
            }
        }
    }

    @Test("dead letters with such a label and error are retried")
    func retry() throws {
        try upgraded(labelled) { (store: Store) throws in
            let call = try store.call()
            try store.settle(call, .failed(status: 500, message: "down"))
            try store.execute(
                """
                UPDATE queue SET state = 'running' WHERE endpoint = 'images';
                UPDATE queue SET state = 'discarded', finished_at = 7, error = 'x'
                WHERE endpoint = 'images';
                DROP TRIGGER queue_error_text;
                UPDATE queue SET error = \(Self.latin1) || char(0) WHERE state = 'discarded';
                """)
            #expect(try store.deadLetters(at: "images", limit: 3).count == 3)
            #expect(try store.retry(JobSelection(label: "Fr\u{FFFD}h")) == 4)
        }
    }

    @Test("a search's result is stored under its job's own bytes, and the audit finds nothing")
    func search() throws {
        try upgraded(
            """
            INSERT INTO queue (endpoint, product, pages) VALUES ('search', \(Self.latin1), 2);
            """
        ) { (store: Store) throws in
            var now = Timestamp.noon
            for next in [10, nil] {
                let call = try store.call(at: .search, now: now)
                let product = call.jobs[0].product
                #expect(product == "Fr\u{FFFD}h")
                #expect(
                    try store.audit(AccountLimits.always(Endpoint.codes), at: now).findings == [])
                try store.settle(
                    call, page(product, ["{}"], next: next), at: .search, now: now.after(1_000))
                now = now.after(60_000)
            }
            #expect(
                try store.rows(
                    """
                    SELECT hex(product), body, state FROM result
                    JOIN queue USING (endpoint, product)
                    """) == ["4672FC68|[{},{}]|completed"])
            #expect(
                try store.rows(
                    """
                    SELECT count(*) FROM ledger, json_each(ledger.products) AS asked
                    JOIN result ON result.product = asked.value
                    """) == ["2"])
            #expect(try store.audit(AccountLimits.always(Endpoint.codes), at: now).findings == [])
            var found: [String] = []
            try store.results(at: "search", products: []) { found.append($0.product) }
            #expect(found == ["Fr\u{FFFD}h"])
        }
    }

    @Test("thousands of labels are counted to the last")
    func manyLabels() throws {
        let store = try Store()
        try store.execute(
            """
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number LIMIT 12000)
            INSERT INTO queue (endpoint, product, label)
            SELECT 'images', printf('B%09d', n), 'label ' || n FROM number
            """)
        #expect(
            try store.backlog(of: Endpoint.both, at: .noon, labelsMax: 8).labelsLeftOut == 11_992)
    }
}
