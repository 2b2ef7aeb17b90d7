import Testing

struct NewJobTests {
    static let verbs = [
        "INSERT", "INSERT OR IGNORE", "INSERT OR ABORT", "INSERT OR FAIL", "INSERT OR ROLLBACK",
        "INSERT OR REPLACE", "REPLACE",
    ]

    @Test("A bad row is rejected with its message, with every verb", arguments: BadRow.all)
    func refused(row: BadRow) throws {
        let contract = try Contract()
        for verb in Self.verbs {
            #expect(contract.refusal(of: row.insert(with: verb)) == row.message, "\(verb)")
        }
        #expect(try contract.rows("SELECT * FROM queue").isEmpty)
    }

    @Test("A product or label with text behind a NUL is rejected")
    func hiddenByNUL() throws {
        let contract = try Contract()
        let hidden = [
            BadRow(column: "product", value: "'B0086FFHLS' || char(0)", message: BadRow.product),
            BadRow(
                column: "product", value: "'B0086FFHLS' || char(0, 88)", message: BadRow.product),
            BadRow(column: "product", value: "'080442957X' || char(0)", message: BadRow.product),
            BadRow(column: "label", value: "'spring' || char(0, 88)", message: BadRow.labelText),
        ]
        for row in hidden {
            for verb in Self.verbs {
                #expect(
                    contract.refusal(of: row.insert(with: verb)) == row.message, "\(verb) \(row)")
            }
        }
    }

    @Test("Every column of queue has a bad value in the table")
    func everyColumnIsTried() throws {
        let columns = try Contract().rows("SELECT name FROM pragma_table_info('queue')")
        #expect(Set(BadRow.all.map(\.column)) == Set(columns))
    }

    @Test(
        "Values at the limits are accepted",
        arguments: [
            ("endpoint", "'barcodes'"), ("product", "'ZZZZZZZZZZ'"), ("product", "'A000000000'"),
            ("product", "'BT00LLINKI'"), ("product", "'0306406152'"), ("product", "'080442957X'"),
            ("product", "1234567890"), ("state", "'available'"), ("priority", "0"),
            ("priority", "9"), ("priority", "'3'"), ("priority", "4.0"), ("label", "NULL"),
            ("label", "'x'"), ("label", "replace(hex(zeroblob(50)), '0', 'x')"),
            ("label", "replace(hex(zeroblob(50)), '0', 'é')"), ("label", "5"),
            ("enqueued_at", "0"), ("enqueued_at", "253402300799999"), ("not_before", "0"),
            ("not_before", "253402300799999"), ("batch_limit", "1"), ("batch_limit", "100"),
            ("failures", "0"), ("call_id", "NULL"), ("error", "NULL"), ("pages", "2"),
            ("account", "NULL"),
            ("account", "'second'"), ("account", "'asinscope'"), ("pages_done", "0"),
            ("page_offset", "0"),
            ("then_lookup", "NULL"),
        ])
    func taken(column: String, value: String) throws {
        for verb in Self.verbs {
            let row = BadRow(column: column, value: value, message: "")
            let contract = try Contract()
            #expect(try contract.changes(row.insert(with: verb)) == 1, "\(verb)")
        }
    }

    @Test(
        "At the other endpoints, too, values at the limits are accepted",
        arguments: [
            ("lookup", "product", "'96385074'"), ("lookup", "product", "96385074"),
            ("lookup", "product", "'0631102001550'"), ("lookup", "product", "'20008236914225'"),
            ("lookup", "product", "'9780306406157'"), ("search", "product", "'x'"),
            ("search", "product", "hex(zeroblob(128))"), ("search", "product", "'é' || char(769)"),
            ("search", "product", "replace(hex(zeroblob(128)), '0', '鞋')"),
            ("search", "product", "'it''s \"red\", [a-z]* 100%'"),
            ("search", "product", "'a' || char(160) || 'b'"), ("search", "product", "42"),
            ("search", "pages", "1"), ("search", "pages", "100"), ("search", "pages", "'7'"),
            ("search", "account", "'upcitemdb'"),
            ("barcodes", "then_lookup", "0"), ("barcodes", "then_lookup", "NULL"),
            ("barcodes", "then_lookup", "253402300799999"), ("barcodes", "then_lookup", "'5'"),
        ])
    func takenElsewhere(endpoint: String, column: String, value: String) throws {
        for verb in Self.verbs {
            let row = BadRow(column: column, value: value, message: "", endpoint: endpoint)
            let contract = try Contract()
            #expect(try contract.changes(row.insert(with: verb)) == 1, "\(verb)")
        }
    }

    @Test(
        "A number that comes as text is stored as a number, and a number in a text column as text"
    )
    func affinity() throws {
        let contract = try Contract()
        try contract.run(
            "INSERT INTO queue (endpoint, product, priority) VALUES ('images', 1234567890, '3')")
        #expect(
            try contract.rows(
                "SELECT product, typeof(product), priority, typeof(priority) FROM queue")
                == ["1234567890|text|3|integer"])
    }

    @Test("A missing column has its default, and the arrival is now")
    func defaults() throws {
        let contract = try Contract()
        try contract.run("INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')")
        let rows = try contract.rows(
            """
            SELECT account, state, priority, label, not_before, failures, snoozes, batch_limit, call_id,
                finished_at, error, pages, pages_done, page_offset, then_lookup,
                abs(enqueued_at - (julianday('now') - 2440587.5) * 86400000) < 60000
            FROM queue
            """)
        #expect(rows == ["|available|5||0|0|0|100||||2|0|0||1"])
    }

    @Test("An insert without any column reports the error")
    func nothingSaid() throws {
        for verb in Self.verbs {
            #expect(
                try Contract().refusal(of: "\(verb) INTO queue DEFAULT VALUES") == BadRow.endpoint)
        }
    }

    @Test("In a transaction a bad row rolls back its own statement, and the others stay")
    func statementOnly() throws {
        let contract = try Contract()
        try contract.run("BEGIN IMMEDIATE")
        try contract.run(
            "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')")
        let bad = """
            INSERT OR IGNORE INTO queue (endpoint, product)
            VALUES ('images', 'B00NNUMI86'), ('images', 'oops')
            """
        #expect(contract.refusal(of: bad) == BadRow.product)
        try contract.run(
            "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', 'BT00LLINKI')")
        try contract.run("COMMIT")
        #expect(
            try contract.rows("SELECT product FROM queue ORDER BY id")
                == ["B0086FFHLS", "BT00LLINKI"])
    }
}
