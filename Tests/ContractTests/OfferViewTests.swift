import Testing

struct OfferViewTests {
    private static let body = """
        {"ean":"4006381333931","title":"Pen","brand":"Stabilo","model":"M1","category":"Office","offers":[
        {"merchant":"Abt","domain":"abt.com","title":"A pen","currency":"","list_price":"","price":9.99,
         "shipping":"Free Shipping","condition":"New","availability":"","link":"https://a",
         "updated_t":1500000000},
        {"merchant":"Bcd","list_price":12,"price":7.5,"condition":"Used","availability":"Out of Stock"}]}
        """
    private static let offers = [
        "Abt|abt.com|A pen|||9.99|Free Shipping|New||https://a|1500000000",
        "Bcd||||12|7.5||Used|Out of Stock||",
    ]

    @Test("An offer has every attribute that the provider's page lists, in the provider's order")
    func attributes() throws {
        let contract = try Contract()
        try contract.addResult("4006381333931", at: "lookup", body: Self.body)
        try contract.addResult("pen", at: "search", body: "[{},\(Self.body)]")
        #expect(
            try contract.rows("SELECT * FROM offer ORDER BY endpoint, position")
                == [
                    "lookup|4006381333931|4006381333931|1|1|\(Self.offers[0])",
                    "lookup|4006381333931|4006381333931|1|2|\(Self.offers[1])",
                    "search|pen|4006381333931|2|1|\(Self.offers[0])",
                    "search|pen|4006381333931|2|2|\(Self.offers[1])",
                ])
    }

    @Test(
        "A list price is a number, or NULL if the shop has none",
        arguments: [
            (#""""#, "null|"), ("null", "null|"), ("12.5", "real|12.5"), ("12", "integer|12"),
            ("0", "integer|0"), (#""12.50""#, "real|12.5"), (#""n/a""#, "null|"), ("{}", "null|"),
        ])
    func listPrice(json: String, value: String) throws {
        let contract = try Contract()
        try contract.addResult(
            "4006381333931", at: "lookup", body: "{\"offers\":[{\"list_price\":\(json)}]}")
        #expect(
            try contract.rows("SELECT typeof(list_price), list_price FROM offer") == [value])
    }

    @Test("The chain goes from the ASIN to each offer, and ends in NULLs where the way ends")
    func chain() throws {
        let contract = try Contract()
        try contract.addResult("B000000001", at: "barcodes", body: nil, found: 0)
        try contract.addResult("B000000002", at: "barcodes", body: #"{"title":"No code"}"#)
        try contract.addResult(
            "B000000003", at: "barcodes", body: #"{"title":"New","ean":"96385074"}"#)
        try contract.addResult(
            "B000000004", at: "barcodes", body: #"{"title":"Odd","upc":"631102001550"}"#)
        try contract.addResult("0631102001550", at: "lookup", body: #"{"title":"no"}"#, found: 0)
        try contract.addResult(
            "B000000005", at: "barcodes", body: #"{"title":"Dear","ean":"9780306406157"}"#)
        try contract.addResult(
            "9780306406157", at: "lookup", body: #"{"ean":"9780306406157","offers":[]}"#)
        try contract.addResult(
            "B000000006", at: "barcodes", body: #"{"title":"Pen","ean":"4006381333931"}"#)
        try contract.addResult("4006381333931", at: "lookup", body: Self.body)
        try contract.addResult(
            "B000000007", at: "barcodes", body: #"{"title":"x","ean":"4006381333931"}"#, found: 0)
        let ends = { (count: Int) in String(repeating: "|", count: count) }
        let pen = "B000000006|1|Pen|4006381333931|1|4006381333931|Pen|Stabilo|M1|Office"
        #expect(
            try contract.rows("SELECT * FROM chain ORDER BY asin, position")
                == [
                    "B000000001|0\(ends(20))", "B000000002|1|No code\(ends(19))",
                    "B000000003|1|New|96385074\(ends(18))",
                    "B000000004|1|Odd|0631102001550|0\(ends(17))",
                    "B000000005|1|Dear|9780306406157|1|9780306406157\(ends(16))",
                    "\(pen)|1|\(Self.offers[0])", "\(pen)|2|\(Self.offers[1])",
                    "B000000007|0\(ends(20))",
                ])
    }
}
