import Testing

struct ItemViewTests {
    /// The page's attributes, each with a value of its own.
    private static let attributes = [
        "ean", "title", "upc", "gtin", "elid", "description", "brand", "model", "color", "size",
        "dimension", "weight", "category", "currency", "lowest_recorded_price",
        "highest_recorded_price", "images", "user_data",
    ]

    private static func value(_ attribute: String) -> (json: String, text: String) {
        switch attribute {
        case "lowest_recorded_price": ("7.25", "7.25")
        case "highest_recorded_price": ("12", "12")
        case "images": (#"["u","v"]"#, #"["u","v"]"#)
        default: ("\"the \(attribute)\"", "the \(attribute)")
        }
    }

    @Test("An item has every attribute that the provider's page lists")
    func attributes() throws {
        let contract = try Contract()
        let fields = Self.attributes.map { "\"\($0)\":\(Self.value($0).json)" }
        let body = "{\(fields.joined(separator: ","))}"
        try contract.addResult("4006381333931", at: "lookup", body: body)
        try contract.addResult("pen", at: "search", body: "[{},\(body)]")
        let columns = Self.attributes.joined(separator: ", ")
        let values = Self.attributes.map { Self.value($0).text }.joined(separator: "|")
        #expect(
            try contract.rows(
                "SELECT endpoint, product, position, \(columns) FROM item WHERE ean IS NOT NULL ORDER BY 1"
            )
                == ["lookup|4006381333931|1|\(values)", "search|pen|2|\(values)"])
        #expect(
            try contract.rows("SELECT name FROM pragma_table_info('item')")
                == ["endpoint", "product", "position"] + Self.attributes)
    }

    @Test(
        "A field of another type, or none, makes no view fail",
        arguments: [
            "null", "7", "-1.5", "true", "[]", "{}", #""""#, #""12.50""#, #""abc""#, "[[1]]",
            #"{"a":[1]}"#,
            #"[null,7,"x",[],{}]"#, #"[{"merchant":{"a":1},"price":"free","updated_t":"soon"}]"#,
        ])
    func odd(value: String) throws {
        let contract = try Contract()
        let fields = (Self.attributes + ["offers"]).map { "\"\($0)\":\(value)" }
        let object = "{\(fields.joined(separator: ","))}"
        let bodies = [value, object, "[\(value)]", "[\(object),\(value)]", "{\"items\":\(value)}"]
        for (number, body) in bodies.enumerated() {
            for (endpoint, product) in [("lookup", "l"), ("search", "s"), ("barcodes", "b")] {
                try contract.run(
                    """
                    INSERT INTO result (endpoint, product, found, body, fetched_at, call_id)
                    VALUES ('\(endpoint)', '\(product)\(number)', 1, '\(body)', 5, 1)
                    """)
            }
        }
        // A code that leads to each of the odd lookups.
        try contract.addResult("B000000001", at: "barcodes", body: #"{"ean":"4006381333931"}"#)
        try contract.addResult("4006381333931", at: "lookup", body: object)
        for view in ["code", "item", "offer", "chain"] {
            #expect(contract.refusal(of: "SELECT * FROM \(view)") == nil, "\(view)")
            let columns = try contract.rows("SELECT name FROM pragma_table_info('\(view)')")
            for column in columns {
                // Conditions of a reader's are looked at before the view's own, if SQLite likes.
                for condition in ["\(column) = 1", "\(column) IS NULL", "\(column) GLOB 'x*'"] {
                    let select = "SELECT count(*) FROM \(view) WHERE \(condition)"
                    #expect(contract.refusal(of: select) == nil, "\(select)")
                }
            }
        }
        #expect(
            try contract.rows(
                """
                SELECT count(*) FROM item
                WHERE typeof(lowest_recorded_price) NOT IN ('integer', 'real', 'null')
                    OR NOT json_valid(coalesce(images, '[]'))
                """) == ["0"])
    }

    @Test("Items that are no objects leave their place empty")
    func places() throws {
        let contract = try Contract()
        try contract.addResult(
            "pen", at: "search", body: #"[{"ean":"1"},7,"x",null,{"ean":"2"},[],{"ean":"3"}]"#)
        #expect(
            try contract.rows("SELECT position, ean FROM item ORDER BY position")
                == ["1|1", "5|2", "7|3"])
    }

    @Test("Only what lookups and searches found")
    func ownRows() throws {
        let contract = try Contract()
        for endpoint in ["images", "barcodes", "lookup", "search"] {
            for found in 0...1 {
                try contract.addResult(
                    "\(endpoint)\(found)", at: endpoint, body: #"{"offers":[{}]}"#, found: found)
            }
        }
        for view in ["item", "offer"] {
            #expect(
                try contract.rows("SELECT product FROM \(view) ORDER BY 1") == [
                    "lookup1", "search1",
                ])
        }
    }

    @Test("A view cannot be written to", arguments: ["code", "item", "offer", "chain"])
    func readOnly(view: String) throws {
        #expect(
            try Contract().refusal(of: "DELETE FROM \(view)")
                == "cannot modify \(view) because it is a view")
    }
}
