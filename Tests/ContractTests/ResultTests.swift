import Testing

struct ResultTests {
    private static let columns = "endpoint, product, found, body, fetched_at, call_id"

    @Test(
        "An image view row is an image, and a product without any has one row",
        arguments: [
            ("{\"title\":\"T\",\"images\":[\"u\",\"v\"]}", ["T|1|u", "T|2|v"]),
            ("{\"title\":\"T\",\"images\":[]}", ["T||"]),
            ("{\"title\":\"T\",\"images\":null}", ["T||"]),
            ("{\"title\":\"T\"}", ["T||"]),
            ("{\"title\":null,\"images\":[\"u\"]}", ["|1|u"]),
            ("{\"images\":[\"u\"]}", ["|1|u"]),
            ("{\"title\":\"T\",\"images\":[\"u\",null,7,\"v\"]}", ["T|1|u", "T|4|v"]),
            ("{\"new\":{\"deep\":[1]},\"images\":[\"u\"],\"title\":\"T\"}", ["T|1|u"]),
            ("{}", ["||"]), ("[]", ["||"]), ("\"x\"", ["||"]), ("null", ["||"]),
        ])
    func image(body: String, expected: [String]) throws {
        let contract = try Contract()
        try contract.addResult(body: body)
        #expect(
            try contract.rows("SELECT title, position, url FROM image ORDER BY position")
                == expected)
        #expect(try contract.rows("SELECT DISTINCT asin FROM image") == ["B0086FFHLS"])
    }

    @Test(
        "A barcode view row is a product, its lists as JSON",
        arguments: [
            (
                "{\"title\":\"T\",\"upc\":\"1\",\"ean\":\"2\",\"upcList\":[\"1\",\"3\"],\"eanList\":[\"2\"]}",
                "T|1|2|[\"1\",\"3\"]|[\"2\"]"
            ),
            (
                "{\"title\":\"T\",\"upc\":null,\"ean\":null,\"upcList\":[\"1\"],\"eanList\":[]}",
                "T|||[\"1\"]|[]"
            ),
            ("{\"title\":\"T\",\"upc\":\"1\",\"upcList\":null,\"eanList\":null}", "T|1|||"),
            ("{\"title\":\"T\",\"gtin\":\"9\",\"upc\":\"012345678905\"}", "T|012345678905|||"),
            ("{}", "||||"), ("[]", "||||"),
        ])
    func barcode(body: String, expected: String) throws {
        let contract = try Contract()
        try contract.addResult(at: "barcodes", body: body)
        #expect(
            try contract.rows("SELECT title, upc, ean, upc_list, ean_list FROM barcode")
                == [expected])
    }

    @Test("A view shows only the products found at its own endpoint")
    func ownRows() throws {
        let contract = try Contract()
        try contract.addResult("B000000001", at: "images", body: "{}")
        try contract.addResult("B000000001", at: "barcodes", body: "{}")
        try contract.addResult("B000000002", at: "images", body: "{}", found: 0)
        try contract.addResult("B000000003", at: "barcodes", body: nil, found: 0)
        try contract.addResult("B000000004", at: "lookup", body: "{}")
        #expect(try contract.rows("SELECT asin FROM image") == ["B000000001"])
        #expect(try contract.rows("SELECT asin FROM barcode") == ["B000000001"])
    }

    @Test("A product without an item in the reply has a result without a body")
    func noItem() throws {
        let contract = try Contract()
        try contract.addResult(body: nil, found: 0)
        #expect(try contract.rows("SELECT found, body FROM result") == ["0|"])
    }

    @Test("A view cannot be written to", arguments: ["image", "barcode"])
    func readOnly(view: String) throws {
        #expect(
            try Contract().refusal(of: "DELETE FROM \(view)")
                == "cannot modify \(view) because it is a view")
    }

    @Test(
        "An impossible result is rejected",
        arguments: [
            ("'', 'B0086FFHLS', 1, '{}', 5, 1", "length(endpoint)"),
            ("NULL, 'B0086FFHLS', 1, '{}', 5, 1", "result.endpoint"),
            ("'images', NULL, 1, '{}', 5, 1", "result.product"),
            ("'images', 'B0086FFHLS', 2, '{}', 5, 1", "found IN (0, 1)"),
            ("'images', 'B0086FFHLS', NULL, '{}', 5, 1", "result.found"),
            ("'images', 'B0086FFHLS', 1, '{', 5, 1", "json_valid(body)"),
            ("'images', 'B0086FFHLS', 0, '', 5, 1", "json_valid(body)"),
            ("'images', 'B0086FFHLS', 1, NULL, 5, 1", "found = 0 OR body IS NOT NULL"),
            ("'images', 'B0086FFHLS', 1, '{}', NULL, 1", "result.fetched_at"),
            ("'images', 'B0086FFHLS', 1, '{}', 5, NULL", "result.call_id"),
            ("'images', 'B0086FFHLS', 1, '{}', 'today', 1", "result.fetched_at"),
        ])
    func impossible(values: String, part: String) throws {
        let refusal = try #require(
            try Contract().refusal(of: "INSERT INTO result (\(Self.columns)) VALUES (\(values))"))
        #expect(refusal.contains(part))
    }

    @Test("A product has one result at an endpoint")
    func one() throws {
        let contract = try Contract()
        try contract.addResult(body: "{}")
        #expect(
            contract.refusal(
                of: "INSERT INTO result (\(Self.columns)) SELECT \(Self.columns) FROM result")
                == "UNIQUE constraint failed: result.endpoint, result.product")
        #expect(try contract.rows("SELECT body FROM result") == ["{}"])
    }

    @Test("There is one row for an endpoint of an account in lane")
    func lane() throws {
        let contract = try Contract()
        let insert = "INSERT INTO lane (account, endpoint)"
        try contract.run("\(insert) VALUES ('second', 'images'), ('asinscope', 'images')")
        #expect(
            try contract.rows("SELECT paused_at, resumed_after FROM lane") == ["|0", "|0"])
        for values in ["'second', 'images'", "'second', NULL", "NULL, 'images'"] {
            #expect(contract.refusal(of: "\(insert) VALUES (\(values))") != nil)
        }
        #expect(contract.refusal(of: "UPDATE lane SET resumed_after = NULL") != nil)
    }
}
