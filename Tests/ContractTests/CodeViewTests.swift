import Testing

struct CodeViewTests {
    @Test(
        "The code is the primary EAN, else the primary UPC, else the first of the lists",
        arguments: [
            (#"{"ean":"4006381333931","upc":"631102001550"}"#, "4006381333931"),
            (#"{"upc":"631102001550","ean":"4006381333931"}"#, "4006381333931"),
            (#"{"ean":null,"upc":"631102001550","eanList":["4006381333931"]}"#, "0631102001550"),
            (#"{"upc":"631102001550"}"#, "0631102001550"),
            (
                #"{"eanList":["4006381333931","9780306406157"],"upcList":["631102001550"]}"#,
                "4006381333931"
            ),
            (#"{"upcList":["631102001550"],"eanList":["9780306406157"]}"#, "9780306406157"),
            (#"{"ean":null,"upc":null,"eanList":[],"upcList":["631102001550"]}"#, "0631102001550"),
            (#"{"ean":"96385074"}"#, "96385074"), (#"{"ean":"20008236914225"}"#, "20008236914225"),
            (#"{"ean":"00631102001550"}"#, "0631102001550"),
        ])
    func order(body: String, code: String) throws {
        let contract = try Contract()
        try contract.addResult(at: "barcodes", body: body)
        #expect(try contract.rows("SELECT asin, code FROM code") == ["B0086FFHLS|\(code)"])
        // What it is may be enqueued.
        try contract.run("INSERT INTO queue (endpoint, product) SELECT 'lookup', code FROM code")
    }

    @Test(
        "What is no code is passed over, in the lists as well",
        arguments: [
            #""4006381333932""#, #""""#, #""n/a""#, "null", "4006381333931", "true", "[]", "{}",
            #"" 4006381333931""#, #""40063\u00001333931""#, #""٩٦٣٨٥٠٧٤""#, #"["9780306406157"]"#,
            #"{"ean":"9780306406157"}"#, #""40063813339310""#, #""631102001551""#,
        ])
    func passedOver(value: String) throws {
        for body in [
            #"{"ean":\#(value),"upc":"631102001550"}"#,
            #"{"ean":\#(value),"upc":\#(value),"eanList":[\#(value),"0631102001550"]}"#,
            #"{"eanList":[\#(value)],"upcList":[\#(value),\#(value),"631102001550"]}"#,
        ] {
            let contract = try Contract()
            try contract.addResult(at: "barcodes", body: body)
            #expect(try contract.rows("SELECT code FROM code") == ["0631102001550"], "\(body)")
        }
    }

    @Test(
        "Without a code there is no row, whatever the body is",
        arguments: [
            "{}", "[]", "null", "7", #""4006381333931""#, #"["4006381333931"]"#,
            #"{"ean":null,"upc":null,"eanList":[],"upcList":[]}"#,
            #"{"eanList":"4006381333931"}"#, #"{"eanList":{"0":"4006381333931"}}"#,
            #"{"other":{"ean":"4006381333931"}}"#, #"{"gtin":"4006381333931"}"#,
        ])
    func none(body: String) throws {
        let contract = try Contract()
        try contract.addResult(at: "barcodes", body: body)
        #expect(try contract.rows("SELECT * FROM code").isEmpty)
    }

    @Test("Only barcodes that were found lead to a code")
    func ownRows() throws {
        let contract = try Contract()
        let body = #"{"ean":"4006381333931"}"#
        try contract.addResult("B000000001", at: "barcodes", body: body, found: 0)
        try contract.addResult("B000000002", at: "images", body: body)
        try contract.addResult("4006381333931", at: "lookup", body: body)
        try contract.addResult("B000000003", at: "barcodes", body: body)
        #expect(try contract.rows("SELECT asin FROM code") == ["B000000003"])
    }
}
