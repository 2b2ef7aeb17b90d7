internal import GRDB
internal import Storage
import Testing

/// The README's SQL blocks, each on the same small history.
struct QueriesTests {
    private static let now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
    private static let title = "The database: a contract for other programs"

    /// By heading, the result of its SQL block, and for one that writes, the contents of `queue` after it.
    private static let expected: [String: [String]] = [
        "Backlog by state": [
            "barcodes|discarded|1", "barcodes|running|1", "images|available|2",
            "images|completed|1",
        ],
        "Dead letters, the latest first": [
            "barcodes|B000000005|timeout|1970-01-01 00:00:00"
        ],
        "Tokens spent today (UTC), open calls included": [
            "asinscope|images and barcodes|17", "upcitemdb|lookup|3",
        ],
        "Tokens remaining for images and barcodes, as the provider reports them": [
            "asinscope|993|2100-01-01 00:00:00"
        ],
        "Age of results in days": ["barcodes|3|0|0", "images|2|0|40", "lookup|1|0|0"],
        "The cheapest offer for each code that was looked up, in each currency": [
            "4006381333931|CAD|8.25|Cde|https://c", "4006381333931|EUR|7.25|Def|https://d",
            "4006381333931|USD|7.5|Bcd|https://b",
        ],
        "Offers for the ASINs with a label": [
            "B000000001|Pen|4006381333931|Abt|9.99|USD", "B000000001|Pen|4006381333931|Bcd|7.5|USD",
            "B000000001|Pen|4006381333931|Cde|8.25|CAD",
            "B000000001|Pen|4006381333931|Def|7.25|EUR",
        ],
        "Look up every code from barcodes that was not looked up yet": [
            "images|B000000001|5|available", "images|B000000002|5|available",
            "images|B000000003|5|completed", "barcodes|B000000004|5|running",
            "barcodes|B000000005|5|discarded", "lookup|96385074|5|available",
        ],
        "Products that the provider does not know": ["B000000009"],
        "Results since revision 6": ["7|images|B000000003|1|{\"new\":1}"],
        "Calls and tokens of the last 30 days by outcome, and the share of calls of at most a second":
            [
                "asinscope|barcodes|succeeded|1|0|0.0", "asinscope|images|succeeded|1|7|0.0",
                "upcitemdb|lookup|succeeded|1|3|0.0",
            ],
        "Rows that the inbox rejected, by reason": [
            "images|\(BadRow.product)|2|b00-oops", "lookup|\(BadRow.code)|1|12",
        ],
        "Refresh results that are older than 30 days, at the lowest priority": [
            "images|B000000001|5|available", "images|B000000002|5|available",
            "images|B000000003|5|completed", "barcodes|B000000004|5|running",
            "barcodes|B000000005|5|discarded", "images|B000000008|9|available",
        ],
        "Add a product, or raise its waiting job": [
            "images|B000000001|5|available", "images|B000000002|1|available",
            "images|B000000003|5|completed", "barcodes|B000000004|5|running",
            "barcodes|B000000005|5|discarded",
        ],
        "Cancel the waiting jobs with a label": [
            "images|B000000001|5|cancelled", "images|B000000002|5|available",
            "images|B000000003|5|completed", "barcodes|B000000004|5|running",
            "barcodes|B000000005|5|discarded",
        ],
        title: [
            "images|B000000001|5|available", "images|B000000002|5|available",
            "images|B000000003|5|completed", "barcodes|B000000004|5|running",
            "barcodes|B000000005|5|discarded", "images|B0086FFHLS|5|available",
        ],
        // The daemon adds its jobs.
        "schedule": [
            "images|B000000001|5|available", "images|B000000002|5|available",
            "images|B000000003|5|completed", "barcodes|B000000004|5|running",
            "barcodes|B000000005|5|discarded",
        ],
    ]

    private func history() throws -> Contract {
        let contract = try Contract()
        try contract.addJob("B000000001", in: "available")
        try contract.run("UPDATE queue SET label = 'spring'")
        try contract.addJob("B000000002", in: "available")
        try contract.addJob("B000000003", in: "completed")
        try contract.addJob("B000000004", at: "barcodes", in: "running")
        try contract.addJob("B000000005", at: "barcodes", in: "discarded")
        try contract.addResult("B000000003", body: "{\"new\":1}", fetchedAt: Self.now, callID: 43)
        try contract.addResult(
            "B000000008", body: "{}", fetchedAt: "\(Self.now) - 40 * 86400000 - 1000", callID: 40)
        try contract.addResult(
            "B000000009", at: "barcodes", body: nil, found: 0, fetchedAt: Self.now, callID: 42)

        try contract.addResult(
            "B000000001", at: "barcodes", body: #"{"title":"Pen","ean":"4006381333931"}"#,
            fetchedAt: Self.now)
        try contract.addResult(
            "B000000006", at: "barcodes", body: #"{"ean":"96385074"}"#, fetchedAt: Self.now)
        try contract.addResult(
            "4006381333931", at: "lookup",
            body: """
                {"offers":[{"merchant":"Abt","price":9.99,"link":"https://a"},
                    {"merchant":"Bcd","price":7.5,"link":"https://b","currency":""},
                    {"merchant":"Cde","price":8.25,"link":"https://c","currency":"CAD"},
                    {"merchant":"Def","price":7.25,"link":"https://d","currency":"EUR"}]}
                """, fetchedAt: Self.now)

        // A repeated answer.
        try contract.run("UPDATE result SET call_id = 43 WHERE product = 'B000000003'")
        try contract.run(
            """
            INSERT INTO inbox (endpoint, product)
            VALUES ('images', 'oops'), ('lookup', '12'), ('images', 'b00-oops')
            """)

        try addCall(40, "images", "B000000008", charged: 100, settledAt: "86400000")
        try addCall(42, "barcodes", "B000000009", charged: 0, settledAt: "\(Self.now) + 60000")
        try addCall(43, "images", "B000000003", charged: 7, settledAt: "\(Self.now) + 60001")
        try addCall(44, "lookup", "4006381333931", charged: 3, settledAt: "\(Self.now) + 60002")
        try contract.openCall(at: "barcodes")
        return contract

        func addCall(
            _ id: Int, _ endpoint: String, _ product: String, charged: Int, settledAt: String
        ) throws {
            try contract.run(
                """
                INSERT INTO ledger (id, account, endpoint, products, reserved, started_at, lease_until)
                VALUES (\(id), '\(endpoint == "lookup" ? "upcitemdb" : "asinscope")', '\(endpoint)', '["\(product)"]', 10, 1000, 2000);
                UPDATE ledger SET settled_at = \(settledAt), outcome = 'succeeded',
                    charged = \(charged), daily_left = 1000 - \(charged),
                    daily_reset_at = 4102444800000
                WHERE id = \(id);
                """)
        }
    }

    @Test("Every SQL block does what its heading says")
    func pieces() throws {
        let pieces = try Readme().blocks.filter { $0.language == "sql" }
        #expect(Set(pieces.map(\.heading)) == Set(Self.expected.keys))
        #expect(pieces.count == Self.expected.count)
        for piece in pieces {
            let contract = try history()
            let writes = piece.text.contains("INSERT") || piece.text.contains("UPDATE")
            if writes { try contract.run(piece.text) }
            let rows = try contract.rows(
                writes
                    ? "SELECT endpoint, product, priority, state FROM queue ORDER BY id"
                    : piece.text)
            #expect(rows == Self.expected[piece.heading], "\(piece.heading)")
        }
    }

    @Test("A block that writes can be run twice: the second time it changes nothing")
    func twice() throws {
        for piece in try Readme().blocks
        where piece.language == "sql" && piece.text.contains("queue (") {
            let contract = try history()
            try contract.run(piece.text)
            let before = try contract.rows("SELECT * FROM queue")
            try contract.run(piece.text)
            #expect(try contract.rows("SELECT * FROM queue") == before, "\(piece.heading)")
        }
    }
}
