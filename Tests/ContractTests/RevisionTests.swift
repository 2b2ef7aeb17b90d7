internal import GRDB
import Testing

/// `result.revision`, the cursor for new results.
struct RevisionTests {
    /// Ways in which a writer may change a result, or all of them.
    private static let changes = [
        "UPDATE result SET found = 0 WHERE product = 'B000000001'",
        "UPDATE result SET fetched_at = fetched_at WHERE product = 'B000000001'",
        "UPDATE result SET revision = 1 WHERE product = 'B000000001'",
        "UPDATE result SET revision = revision + 5 WHERE product = 'B000000001'",
        "UPDATE OR REPLACE result SET body = '[]' WHERE product = 'B000000001'",
        "UPDATE result SET found = 1",
        """
        INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
        VALUES ('images', 'B000000001', 1, '{}', 9, 9)
        ON CONFLICT (endpoint, product) DO UPDATE SET body = excluded.body
        """,
        """
        INSERT OR REPLACE INTO result (endpoint, product, found, body, fetched_at, call_id)
        VALUES ('images', 'B000000001', 1, '{}', 9, 9)
        """,
        """
        DELETE FROM result WHERE product = 'B000000001';
        INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
        VALUES ('images', 'B000000001', 1, '{}', 9, 9)
        """,
    ]

    private func revisions(_ contract: Contract) throws -> [Int] {
        try contract.rows("SELECT revision FROM result ORDER BY revision").compactMap { Int($0) }
    }

    @Test("Each way to change a result gives it a revision that is higher than all earlier ones")
    func higher() throws {
        for recursive in ["OFF", "ON"] {
            let contract = try Contract()
            try contract.run("PRAGMA recursive_triggers = \(recursive)")
            for product in ["B000000001", "B000000002"] {
                try contract.addResult(product, body: "{}")
            }
            var highest = try #require(try revisions(contract).last)
            // The result with the highest revision is changed, too.
            for _ in 1...2 {
                for change in Self.changes {
                    try contract.run(change)
                    let changed = try contract.rows(
                        "SELECT revision FROM result WHERE product = 'B000000001'"
                    ).compactMap { Int($0) }
                    #expect(changed.count == 1 && changed[0] > highest, "\(change)")
                    highest = try #require(try revisions(contract).last)
                }
            }
            #expect(try contract.rows("SELECT count(*) FROM result") == ["2"])
        }
    }

    @Test("A change writes its own columns, and leaves the others as they were")
    func content() throws {
        let contract = try Contract()
        try contract.addResult(body: #"{"title":"T"}"#, fetchedAt: "5", callID: 3)
        try contract.run("UPDATE result SET fetched_at = 6")
        #expect(
            try contract.rows("SELECT * FROM result")
                == [#"2|images|B0086FFHLS|1|{"title":"T"}|6|3"#])
    }

    @Test("A revision is not reused after the row with the highest one is deleted")
    func deleted() throws {
        let contract = try Contract()
        try contract.addResult("B000000001", body: "{}")
        try contract.addResult("B000000002", body: "{}")
        try contract.run("DELETE FROM result WHERE revision = 2")
        try contract.addResult("B000000003", body: "{}")
        try contract.run("DELETE FROM result")
        try contract.addResult("B000000004", body: "{}")
        #expect(try revisions(contract) == [4])
    }

    @Test("A writer cannot choose one", arguments: NewJobTests.verbs)
    func chosen(verb: String) throws {
        let contract = try Contract()
        try contract.addResult("B000000001", body: "{}")
        for revision in [0, 1, 2, 99] {
            #expect(
                contract.refusal(
                    of: """
                        \(verb) INTO result
                            (revision, endpoint, product, found, body, fetched_at, call_id)
                        VALUES (\(revision), 'images', 'B000000002', 1, '{}', 9, 9)
                        """)
                    == "result.revision is assigned by the database: leave the column out")
        }
    }

    @Test("A change that is rolled back leaves no revision behind")
    func undone() throws {
        let contract = try Contract()
        try contract.addResult("B000000001", body: "{}")
        try contract.run("BEGIN")
        try contract.run("UPDATE result SET found = 0")
        try contract.run("ROLLBACK")
        #expect(try contract.rows("SELECT revision, found FROM result") == ["1|1"])
    }

    /// A reader that returns between any two commits misses nothing and sees nothing twice.
    @Test("A reader that keeps the highest revision it has read sees each change once, in order")
    func cursor() throws {
        let contract = try Contract()
        var cursor = 0
        var seen: [String] = []
        let news = """
            SELECT revision, product, found FROM result WHERE revision > %d ORDER BY revision
            """
        func read() throws {
            for row in try contract.rows(news.replacing("%d", with: "\(cursor)")) {
                let cells = row.split(separator: "|")
                cursor = Int(cells[0])!
                seen.append("\(cells[1]) \(cells[2])")
            }
        }
        try contract.addResult("B000000001", body: "{}")
        try read()
        try contract.addResult("B000000002", body: "{}")
        try contract.run("UPDATE result SET found = 0 WHERE product = 'B000000001'")
        try read()
        try read()
        try contract.run("UPDATE result SET found = 0 WHERE product = 'B000000002'")
        try read()
        #expect(seen == ["B000000001 1", "B000000002 1", "B000000001 0", "B000000002 0"])
        let plan = try contract.rows(
            "EXPLAIN QUERY PLAN \(news.replacing("%d", with: "7"))")
        #expect(plan.count == 1 && plan[0].contains("INTEGER PRIMARY KEY (rowid>?)"), "\(plan)")
    }
}
