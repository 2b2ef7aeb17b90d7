import Testing

/// How the inbox converts a row into the form that `queue` accepts.
struct InboxFormTests {
    @Test(
        "A product loses its blanks, gets capitals, and regains its lost zeros",
        arguments: [
            ("images", "'b0086ffhls'", "B0086FFHLS"),
            ("images", "char(9, 160) || 'B0086FFHLS '", "B0086FFHLS"),
            ("images", "'bt00llinki' || char(13, 10)", "BT00LLINKI"),
            // ISBN-10: 0-306-40615-2, 0-8044-2957-X and 0-00-735078-3.
            ("images", "306406152", "0306406152"), ("images", "306406152.0", "0306406152"),
            ("barcodes", "'306406152'", "0306406152"), ("images", "'80442957x'", "080442957X"),
            ("images", "7350783", "0007350783"), ("images", "'0306406152'", "0306406152"),
            ("images", "1234567890", "1234567890"),
            ("lookup", "4006381333931", "4006381333931"),
            ("lookup", "4006381333931.0", "4006381333931"),
            ("lookup", "631102001550", "0631102001550"),
            ("lookup", "'631102001550'", "0631102001550"),
            ("lookup", "36000291452", "0036000291452"),
            ("lookup", "'36000291452'", "0036000291452"),
            ("lookup", "36000291452.0", "0036000291452"), ("lookup", "1234567000", "0001234567000"),
            ("lookup", "96385074", "96385074"), ("lookup", "1234565", "01234565"),
            ("lookup", "'04006381333931'", "4006381333931"),
            ("lookup", "20008236914225", "20008236914225"),
            ("search", "'  red shoes' || char(10)", "red shoes"), ("search", "42", "42"),
            ("search", "42.0", "42"), ("search", "'Red'", "Red"),
        ] as [(String, String, String)])
    func products(endpoint: String, given: String, expected: String) throws {
        let contract = try Contract()
        try contract.run("INSERT INTO inbox (endpoint, product) VALUES ('\(endpoint)', \(given))")
        let taken = try contract.rows(
            "SELECT product FROM queue UNION ALL SELECT product FROM rejected")
        #expect(taken == [expected])
    }

    @Test(
        "No zero is added unless the check digit proves it",
        arguments: [
            ("images", "306406153"), ("images", "'80442957'"), ("images", "306406"),
            ("images", "'30640615 2'"), ("images", "8044296"), ("lookup", "36000291453"),
            ("lookup", "631102001551"), ("lookup", "96385075"), ("lookup", "123456"),
            ("lookup", "1234566"), ("lookup", "0"), ("lookup", "-36000291452"),
            // Right as an ISBN-10 too, which is another product: 1-234-56797-0.
            ("lookup", "1234567970"), ("lookup", "100000061"), ("lookup", "4006381333931.5"),
            ("lookup", "4e30"),
        ])
    func unproven(endpoint: String, given: String) throws {
        let contract = try Contract()
        try contract.run("INSERT INTO inbox (endpoint, product) VALUES ('\(endpoint)', \(given))")
        #expect(try contract.rows("SELECT product FROM queue").isEmpty)
        #expect(try contract.rows("SELECT endpoint FROM rejected") == [endpoint])
    }

    @Test(
        "Of all numbers near a code that lost its zeros, only the one with its check digit is accepted"
    )
    func oneInTen() throws {
        for stem in ["3600029145", "63110200155", "123456"] {
            let contract = try Contract()
            for check in 0...9 {
                try contract.run(
                    "INSERT INTO inbox (endpoint, product) VALUES ('lookup', \(stem)\(check))")
            }
            #expect(try contract.rows("SELECT count(*) FROM queue") == ["1"], "\(stem)")
            #expect(try contract.rows("SELECT count(*) FROM rejected") == ["9"], "\(stem)")
        }
    }

    @Test(
        "A number that a tool stores as text or as REAL is one",
        arguments: [
            ("priority", "3.0", "3"), ("priority", "' 3'", "3"),
            ("not_before", "1.7e12", "1700000000000"),
            ("not_before", "'1700000000000'", "1700000000000"), ("pages", "7.0", "7"),
            ("label", "2024", "2024"), ("label", "2024.0", "2024"),
            ("label", "' spring '", "spring"),
            ("label", "'  '", ""), ("label", "2.5", "2.5"),
        ])
    func numbers(column: String, given: String, expected: String) throws {
        let contract = try Contract()
        try contract.run(
            "INSERT INTO inbox (endpoint, product, \(column)) VALUES (' search ', 'red', \(given))")
        #expect(try contract.rows("SELECT \(column) FROM queue") == [expected])
    }

    @Test(
        "A text that is not a whole number stays as it is, and is filed as rejected",
        arguments: ["2.5", "'high'", "'3 or 4'", "1e15", "1e300", "x'03'", "'2.0.1'", "''"],
        ["priority", "not_before", "pages", "then_lookup"])
    func noNumber(given: String, column: String) throws {
        let contract = try Contract()
        let row = column == "pages" ? "'search', 'red'" : "'barcodes', 'B0086FFHLS'"
        try contract.run(
            "INSERT INTO inbox (endpoint, product, \(column)) VALUES (\(row), \(given))")
        #expect(try contract.rows("SELECT \(column) FROM queue").isEmpty)
        let reasons = try contract.rows("SELECT reason FROM rejected")
        #expect(reasons.count == 1 && reasons[0].hasPrefix("queue.\(column) must be"))
    }

    @Test("A job keeps the lookup that is to follow it")
    func thenLookup() throws {
        let contract = try Contract()
        try contract.run(
            """
            INSERT INTO inbox (endpoint, product, then_lookup)
            VALUES ('barcodes', 'B0086FFHLS', 86400000.0), ('images', 'B0086FFHLS', 0)
            """)
        #expect(
            try contract.rows("SELECT endpoint, then_lookup FROM queue") == ["barcodes|86400000"])
        #expect(try contract.rows("SELECT reason FROM rejected") == [BadRow.thenLookupElsewhere])
    }
}
