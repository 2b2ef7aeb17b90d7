import Testing

/// The view for programs that cannot handle a rejection for each row.
struct InboxTests {
    private static let names: Set<String> = [
        "endpoint", "product", "account", "priority", "label", "not_before", "pages", "then_lookup",
    ]

    private func insert(_ values: [String: String]) -> String {
        let named = values.sorted { $0.key < $1.key }
        return "INTO inbox (\(named.map(\.key).joined(separator: ", "))) "
            + "VALUES (\(named.map(\.value).joined(separator: ", ")))"
    }

    @Test("Its columns are those that a program may insert into queue")
    func columns() throws {
        let columns = try Contract().rows("SELECT name FROM pragma_table_info('inbox')")
        #expect(Set(columns) == Self.names && columns.count == Self.names.count)
    }

    /// Values that `queue` rejects and that the inbox converts.
    private static let restored: Set<String> = [
        "product = 'b0086ffhls' at images", "product = 'B0086FFHLs' at images",
        "product = 'B0086FFHLS' || char(10) at images", "product = 'B0086FFHLS ' at images",
        "product = '080442957x' at images", "product = 306406152 at images",
        "product = '631102001550' at lookup", "product = 631102001550 at lookup",
        "product = '04006381333931' at lookup", "product = ' 4006381333931' at lookup",
        "product = '4006381333931 ' at lookup", "product = '00000096385074' at lookup",
        "product = '4006381333931' || char(10) at lookup",
        "endpoint = 'images ' at images", "priority = NULL at images", "label = '' at images",
        "not_before = NULL at images", "pages = NULL at images", "pages = NULL at search",
        "account = '' at images", "then_lookup = '-1' at barcodes",
    ]

    static let badRows: [BadRow] = BadRow.all.filter { names.contains($0.column) }

    @Test(
        "A row that queue rejects is filed with the same reason, and the statement succeeds",
        arguments: badRows)
    func reasons(row: BadRow) throws {
        var values = ["endpoint": "'\(row.endpoint)'", "product": BadRow.good[row.endpoint]!]
        values[row.column] = row.value
        for verb in NewJobTests.verbs {
            let contract = try Contract()
            #expect(contract.refusal(of: "\(verb) \(insert(values))") == nil, "\(verb)")
            let reasons = try contract.rows("SELECT reason FROM rejected")
            let jobs = try contract.rows("SELECT id FROM queue")
            #expect(reasons.count + jobs.count == 1, "\(verb) \(row)")
            guard let reason = reasons.first else {
                #expect(Self.mayBeTaken(row), "\(row)")
                continue
            }
            // A STRICT table rejects a wrong type without the rule, and has "1.0e13" for a number's text.
            let isWrongType = row.message.hasPrefix("cannot store") || row.value == "1e13"
            #expect(
                isWrongType ? reason.contains(row.column) : reason == row.message, "\(verb) \(row)")
        }
    }

    private static func mayBeTaken(_ row: BadRow) -> Bool {
        let isQueryInBlanks =
            row.endpoint == "search" && row.column == "product" && row.message == BadRow.query
        return restored.contains(row.description) || isQueryInBlanks
    }

    @Test("The messages of its trigger are those of queue_insert, word for word, in the same order")
    func messages() throws {
        let contract = try Contract()
        func quoted(_ trigger: String) throws -> [String] {
            let sql = try contract.rows("SELECT sql FROM sqlite_schema WHERE name = '\(trigger)'")
            return sql[0].matches(of: /'(queue\.(?:[^']|'')*)'/).map { String($0.output.1) }
        }
        let filed = try quoted("inbox_checked_insert")
        let raised = try quoted("queue_insert")
        #expect(filed.count == 16)
        #expect(raised.filter(filed.contains) == filed)
    }

    @Test("A product that is open is skipped, also by a verb that would replace it")
    func open() throws {
        for verb in NewJobTests.verbs {
            for state in ["available", "running"] {
                let contract = try Contract()
                try contract.addJob(in: state)
                try contract.run(
                    "\(verb) INTO inbox (endpoint, product) VALUES ('images', 'B0086FFHLS')")
                #expect(try contract.rows("SELECT id, state FROM queue") == ["1|\(state)"])
                #expect(try contract.rows("SELECT * FROM rejected").isEmpty)
            }
        }
    }

    @Test("A job for one account does not block one for another")
    func accounts() throws {
        let contract = try Contract()
        for account in ["NULL", "'second'", "' second'", "''", "'asinscope'"] {
            try contract.run(
                """
                INSERT INTO inbox (endpoint, product, account)
                VALUES ('images', 'B0086FFHLS', \(account))
                """)
        }
        #expect(
            try contract.rows("SELECT account FROM queue ORDER BY id")
                == ["", "second", "asinscope"])
    }

    @Test("A missing or NULL column has queue's default, and the arrival is now")
    func defaults() throws {
        let contract = try Contract()
        let all = Self.names.subtracting(["endpoint", "product"])
        let nothing = Dictionary(uniqueKeysWithValues: all.map { ($0, "NULL") })
        let values = ["endpoint": "'images'", "product": "'B0086FFHLS'"]
        try contract.run("INSERT \(insert(values))")
        try contract.run(
            "INSERT \(insert(nothing.merging(["endpoint": "'barcodes'", "product": "'B0086FFHLS'"]) { $1 }))"
        )
        try contract.addJob("B00NNUMI86", in: "available")
        let others = try contract.rows("SELECT name FROM pragma_table_info('queue')").filter {
            !["id", "endpoint", "product", "enqueued_at"].contains($0)
        }
        let rows = try contract.rows(
            """
            SELECT DISTINCT \(others.joined(separator: ", ")),
                abs(enqueued_at - (julianday('now') - 2440587.5) * 86400000) < 60000 FROM queue
            """)
        #expect(rows.count == 1)
    }

    @Test("A bad row among others of one statement does not exclude them")
    func statement() throws {
        let contract = try Contract()
        try contract.run(
            """
            CREATE TABLE stock (asin);
            INSERT INTO stock VALUES ('B0086FFHLS'), ('oops'), (NULL), ('b00nnumi86'), ('B0086FFHLS');
            INSERT INTO inbox (endpoint, product, label) SELECT 'images', asin, 'spring' FROM stock;
            """)
        #expect(
            try contract.rows("SELECT product, label FROM queue ORDER BY id")
                == ["B0086FFHLS|spring", "B00NNUMI86|spring"])
        #expect(
            try contract.rows("SELECT id, endpoint, product, reason FROM rejected ORDER BY id")
                == ["1|images|oops|\(BadRow.product)", "2|images||\(BadRow.product)"])
    }

    @Test("A row of queue may be followed by one at another endpoint in the same statement")
    func fromQueue() throws {
        let contract = try Contract()
        for product in ["B0086FFHLS", "B00NNUMI86"] {
            try contract.addJob(product, in: "available")
        }
        try contract.run(
            "INSERT INTO inbox (endpoint, product) SELECT 'barcodes', product FROM queue")
        #expect(try contract.rows("SELECT count(*) FROM queue") == ["4"])
    }

    @Test("A rejected row is kept as it was given, as text that every program can read")
    func shown() throws {
        let contract = try Contract()
        for product in [
            "' b00-oops '", "7", "2.5", "NULL", "x'42'", "CAST(x'4672FC68' AS TEXT)",
            "'a' || char(0) || 'b'", "replace(hex(zeroblob(500)), '0', 'é')",
        ] {
            try contract.run(
                "INSERT INTO inbox (endpoint, product) VALUES ('images', \(product))")
        }
        #expect(
            try contract.rows("SELECT product FROM rejected ORDER BY id")
                == [
                    " b00-oops ", "7", "2.5", "", "X'42'", "X'4672FC68'", "X'610062'",
                    String(repeating: "é", count: 256),
                ])
        #expect(
            try contract.rows(
                """
                SELECT DISTINCT abs(at - (julianday('now') - 2440587.5) * 86400000) < 60000
                FROM rejected
                """) == ["1"])
    }

    @Test("The ids of rejected rows increase, even after some were deleted")
    func rejectedIDs() throws {
        let contract = try Contract()
        for _ in 1...2 {
            try contract.run("INSERT INTO inbox (endpoint, product) VALUES ('images', 'oops')")
            try contract.run("DELETE FROM rejected WHERE id = 1")
        }
        try contract.run("DELETE FROM rejected")
        try contract.run("INSERT INTO inbox (endpoint, product) VALUES ('images', 'oops')")
        #expect(try contract.rows("SELECT id FROM rejected") == ["3"])
    }

    @Test("It shows the waiting jobs")
    func shows() throws {
        let contract = try Contract()
        for (product, state) in zip(["B000000001", "B000000002", "B000000003"], Contract.states) {
            try contract.addJob(product, in: state)
        }
        #expect(try contract.rows("SELECT * FROM inbox") == ["images|B000000001||5||0|2|"])
        #expect(try contract.rows("SELECT * FROM inbox_checked").isEmpty)
        #expect(
            contract.refusal(of: "DELETE FROM inbox") == "cannot modify inbox because it is a view")
    }
}
