import Schema
import Testing

/// The tables that define endpoints and accounts.
struct ReferenceTests {
    private func refusal(_ table: String, _ values: String) throws -> String? {
        try Contract().refusal(of: "INSERT INTO \(table) VALUES (\(values))")
    }

    @Test("A new file knows no endpoint and no account: the program fills them in")
    func empty() throws {
        let contract = try Contract(version: DatabaseSchema.latestVersion)
        for table in ["endpoint", "account", "limit_setting"] {
            #expect(try contract.rows("SELECT * FROM \(table)").isEmpty)
        }
        #expect(
            contract.refusal(
                of: "INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')")
                == BadRow.endpoint)
    }

    @Test("An endpoint that the program adds accepts jobs of its product form at once")
    func third() throws {
        let contract = try Contract()
        try contract.run(
            """
            INSERT INTO endpoint VALUES ('prices', 'third', 'code', NULL, 0, NULL),
                ('reviews', 'third', 'asin', NULL, 1, 'prices'),
                ('words', 'third', 'query', NULL, 0, NULL);
            INSERT INTO account VALUES ('third', 'third', 1);
            INSERT INTO queue (endpoint, product, pages, then_lookup, account)
            VALUES ('reviews', 'B0086FFHLS', 3, 0, 'third');
            INSERT INTO queue (endpoint, product) VALUES ('prices', '4006381333931');
            INSERT INTO inbox (endpoint, product) VALUES ('words', ' red '), ('prices', 36000291452);
            """)
        #expect(
            try contract.rows("SELECT endpoint, product FROM queue ORDER BY id")
                == [
                    "reviews|B0086FFHLS", "prices|4006381333931", "words|red",
                    "prices|0036000291452",
                ])
        try contract.openCall(at: "prices", of: "third")
        try contract.addResult("4006381333931", at: "prices", body: "{}")
        try contract.run("INSERT INTO lane (account, endpoint) VALUES ('third', 'prices')")
        for (endpoint, column, value, message) in [
            ("words", "product", "' red'", BadRow.query), ("prices", "product", "'1'", BadRow.code),
            ("prices", "pages", "3", BadRow.pagesElsewhere),
            ("prices", "then_lookup", "0", BadRow.thenLookupElsewhere),
            ("prices", "account", "'second'", BadRow.account),
        ] {
            let product = column == "product" ? value : endpoint == "words" ? "'x'" : "'96385074'"
            let columns = column == "product" ? "endpoint, product" : "endpoint, product, \(column)"
            let values = column == "product" ? product : "\(product), \(value)"
            #expect(
                contract.refusal(
                    of: "INSERT INTO queue (\(columns)) VALUES ('\(endpoint)', \(values))")
                    == message)
        }
    }

    @Test(
        "A form that the schema does not know has a pattern, and other products are rejected")
    func pattern() throws {
        let contract = try Contract()
        try contract.run(
            """
            INSERT INTO endpoint (name, provider, product_form, product_pattern)
            VALUES ('tickets', 'third', 'number', '[0-9][0-9][0-9][0-9][0-9][0-9]');
            INSERT INTO queue (endpoint, product) VALUES ('tickets', '000042');
            INSERT INTO inbox (endpoint, product) VALUES ('tickets', ' 123456 '), ('tickets', 654321.0);
            """)
        #expect(
            try contract.rows("SELECT product FROM queue ORDER BY id")
                == ["000042", "123456", "654321"])
        for product in ["'12345'", "'1234567'", "'12345x'", "''", "'123456' || char(0)", "NULL"] {
            let values = "(endpoint, product) VALUES ('tickets', \(product))"
            #expect(
                contract.refusal(of: "INSERT OR IGNORE INTO queue \(values)") == BadRow.pattern,
                "\(product)")
            try contract.run("INSERT INTO inbox \(values)")
        }
        #expect(try contract.rows("SELECT DISTINCT reason FROM rejected") == [BadRow.pattern])
        #expect(try contract.rows("SELECT count(*) FROM rejected") == ["6"])
    }

    @Test(
        "An impossible endpoint is rejected",
        arguments: [
            "NULL, 'p', 'asin', NULL, 0, NULL", "'', 'p', 'asin', NULL, 0, NULL",
            "'e', '', 'asin', NULL, 0, NULL", "'e', NULL, 'asin', NULL, 0, NULL",
            "'e', 'p', 'ASIN', NULL, 0, NULL", "'e', 'p', NULL, NULL, 0, NULL",
            "'e', 'p', 'asin', NULL, 2, NULL", "'e', 'p', 'asin', NULL, NULL, NULL",
            "'e', 'p', 'asin', NULL, 0, 'e'", "'images', 'p', 'asin', NULL, 0, NULL",
            "'e', 'p', '', '*', 0, NULL", "'e', 'p', 'number', '', 0, NULL",
            "'e', 'p', 'asin', '*', 0, NULL", "'e', 'p', NULL, '*', 0, NULL",
        ])
    func impossibleEndpoint(values: String) throws {
        #expect(try refusal("endpoint", values) != nil)
    }

    @Test(
        "An account's name is 1 to 64 of a-z, 0-9, _ and -, a letter first",
        arguments: [
            ("'a'", true), ("'second-key_2'", true), ("replace(hex(zeroblob(32)), '0', 'a')", true),
            ("''", false), ("NULL", false), ("'Second'", false), ("'2nd'", false), ("'-a'", false),
            ("'a b'", false), ("'é'", false), ("'a' || char(0)", false),
            ("'a' || char(0, 33)", false),
            ("replace(hex(zeroblob(32)), '0', 'a') || 'a'", false), ("'second'", false),
        ])
    func accountNames(name: String, isTaken: Bool) throws {
        #expect(try (refusal("account", "\(name), 'asinscope', 1") == nil) == isTaken)
    }

    @Test("An account has a provider, and is shared or not")
    func account() throws {
        for values in ["'a', NULL, 1", "'a', '', 1", "'a', 'p', 2", "'a', 'p', NULL"] {
            #expect(try refusal("account", values) != nil, "\(values)")
        }
        let contract = try Contract()
        try contract.run("INSERT INTO account (name, provider) VALUES ('a', 'p')")
        #expect(try contract.rows("SELECT is_shared FROM account WHERE name = 'a'") == ["1"])
    }

    @Test(
        "Limits have an instant, and figures that are a JSON object",
        arguments: [
            ("'a', 0, '{}'", true), ("'a', 5, '{}'", true), ("'b', 7, '{\"dailyTokens\":1}'", true),
            ("'a', 7, '{}'", false), ("NULL, 1, '{}'", false), ("'a', NULL, '{}'", false),
            ("'a', -1, '{}'", false), ("'a', 1, '[]'", false), ("'a', 1, '{'", false),
            ("'a', 1, NULL", false), ("'a', 253402300800000, '{}'", false),
        ])
    func limits(values: String, isTaken: Bool) throws {
        let contract = try Contract()
        try contract.run("INSERT INTO limit_setting VALUES ('a', 7, '{}')")
        #expect(
            (contract.refusal(of: "INSERT INTO limit_setting VALUES (\(values))") == nil)
                == isTaken)
    }

    @Test("No column of any table can hold a key")
    func noKey() throws {
        let names = try Contract().rows(
            """
            SELECT lower(column.name) FROM sqlite_schema AS object
            JOIN pragma_table_info(object.name) AS column WHERE object.type IN ('table', 'view')
            """)
        for word in ["key", "secret", "token_value", "password", "credential"] {
            #expect(!names.contains { $0.contains(word) }, "\(word)")
        }
    }
}
