import Foundation
import ProgramHarness
import Testing

/// Items, offers and the chain as a user reads them, from rows as the daemon stores them.
@Suite struct OfferFormatsTests {
    private static let code = "0885909456017"
    private static let item = #"""
        {"ean":"0885909456017","title":"iPad \"mini\", 16 GB","upc":"885909456017","brand":"=Apple","model":"MD528LL/A","lowest_recorded_price":149.5,"extra":{"kept":true},"images":["https://a.example/1.jpg","https://a.example/2.jpg"],"offers":[{"merchant":"Shop, A","domain":"a.example","title":"iPad","currency":"","list_price":"","price":199,"shipping":"Free Shipping","condition":"New","availability":"","link":"https://a.example/o?x=1&y=2","updated_t":1447000000},{"merchant":"Shop\u001b[31m B","domain":"b.example","title":"iPad mini","currency":"CAD","list_price":329.99,"price":249.95,"shipping":"","condition":"Used","availability":"Out of Stock","link":"https://b.example/o","updated_t":1447000001}]}
        """#

    private func bench() async throws -> Bench {
        let bench = try await Bench()
        try await bench.enqueue("search", ["ipad mini", "nothing"])
        try await bench.enqueue("lookup", [Self.code])
        let item = Self.item.replacing("'", with: "''")
        try bench.execute(
            """
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES
            ('lookup', '\(Self.code)', 1, '\(item)', 1764000000000, 1),
            ('lookup', '4006381333931', 0, NULL, 1764000000000, 2),
            ('search', 'ipad mini', 1, '[{"ean":"4006381333931","title":"Pen"},\(item)]', 1764000000000, 3),
            ('search', 'nothing', 0, NULL, 1764000000000, 4),
            ('barcodes', 'B000000001', 1, '{"asin":"B000000001","title":"T","upc":"885909456017"}', 1764000000000, 5),
            ('barcodes', 'B000000002', 1, '{"asin":"B000000002","eanList":["4006381333931"]}', 1764000000000, 5),
            ('barcodes', 'B000000003', 0, NULL, 1764000000000, 5),
            ('barcodes', 'B000000004', 1, '{"asin":"B000000004","title":"no code"}', 1764000000000, 5),
            ('barcodes', 'B000000005', 1, '{"asin":"B000000005","ean":"9780306406157"}', 1764000000000, 5)
            """)
        return bench
    }

    private func rows(_ csv: Finished, _ bench: Bench) async throws -> [[String: String]] {
        let script = """
            import csv, io, json, sys
            text = sys.stdin.buffer.read().decode()
            print(json.dumps(list(csv.DictReader(io.StringIO(text, newline=''), strict=True))))
            """
        let python = try bench.start(
            program: "/usr/bin/env", ["python3", "-X", "utf8", "-c", script], input: csv.bytes)
        return try await python.ended().decoded([[String: String]].self)
    }

    private func results(_ bench: Bench, _ arguments: String...) async throws -> Finished {
        let finished = try await bench.asinqd(["results"] + arguments)
        #expect(finished.code == 0, "\(finished)")
        return finished
    }

    @Test("A lookup has every attribute in CSV, and the provider's own item in JSON")
    func lookup() async throws {
        let bench = try await bench()
        let csv = try await rows(results(bench, "--lookup", "--format", "csv"), bench)
        #expect(csv.count == 2)
        #expect(csv[0]["code"] == Self.code && csv[0]["found"] == "1")
        #expect(csv[0]["title"] == #"iPad "mini", 16 GB"# && csv[0]["brand"] == "'=Apple")
        #expect(csv[0]["lowest_recorded_price"] == "149.5" && csv[0]["offers"] == "2")
        #expect(csv[0]["images"] == "https://a.example/1.jpg https://a.example/2.jpg")
        #expect(csv[1]["code"] == "4006381333931" && csv[1]["found"] == "0")
        #expect(
            csv[1].filter { !$0.value.isEmpty }.keys.sorted() == ["code", "fetched_at", "found"])
        #expect(csv[0]["lowest_prices"] == "249.95 CAD 199 USD")
        let json = try await results(bench, "--lookup", "--format", "jsonl", "885909456017")
        #expect(
            json.text
                == #"{"code":"0885909456017","found":true,"fetchedAt":"2025-11-24T16:00:00.000Z","item":"#
                + Self.item + #","lowestPrices":{"CAD":249.95,"USD":199}}"# + "\n")
        let table = try await results(bench, "--lookup")
        #expect(
            table.lines[1].hasPrefix(
                "0885909456017        2  249.95 CAD, 199.00 USD  =Apple, iPad \"mini\""))
        #expect(table.lines[2] == "4006381333931   not found")
    }

    @Test("The lowest price is one in each currency, and an empty currency is USD")
    func currencies() async throws {
        let bench = try await Bench()
        try await bench.enqueue("lookup", [Self.code])
        let offers = [
            (164.38, "USD"), (163.38, "CAD"), (145.72, "EUR"), (155.89, "EUR"), (170, ""),
            (0, "USD"),
        ].map { #"{"price":\#($0),"currency":"\#($1)"}"# }.joined(separator: ",")
        try bench.execute(
            """
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES
            ('lookup', '\(Self.code)', 1,
             '{"title":"T","offers":[\(offers),{"price":"","currency":"GBP"},{"price":160}]}', 7, 1)
            """)
        let table = try await results(bench, "--lookup")
        #expect(table.text.contains("163.38 CAD, 145.72 EUR, 160.00 USD  T"), "\(table)")
    }

    @Test("A search has a line for each item, and its items in JSON")
    func search() async throws {
        let bench = try await bench()
        let csv = try await rows(results(bench, "--search", "--format", "csv"), bench)
        #expect(csv.map { $0["position"] } == ["1", "2", ""])
        #expect(csv.map { $0["query"] } == ["ipad mini", "ipad mini", "nothing"])
        #expect(csv.map { $0["title"] } == ["Pen", #"iPad "mini", 16 GB"#, ""])
        let json = try await results(bench, "--search", "--format", "json").json()
        let objects = try #require(json as? [[String: Any]])
        #expect(objects.map { ($0["items"] as? [Any])?.count } == [2, nil])
        #expect(objects.map { $0["query"] as? String } == ["ipad mini", "nothing"])
        #expect(
            objects.map { $0["lowestPrices"] as? [[String: Double]] }
                == [[[:], ["CAD": 249.95, "USD": 199]], []])
        #expect(csv.map { $0["lowest_prices"] } == ["", "249.95 CAD 199 USD", ""])
        let table = try await results(bench, "--search", " ipad  mini")
        #expect(table.lines.count == 3 && table.lines[1].contains("Pen"), "\(table)")
    }

    @Test("Offers are rows with all attributes of the provider's page, in every format")
    func offers() async throws {
        let bench = try await bench()
        let csv = try await rows(results(bench, "--offers", "--format", "csv"), bench)
        #expect(csv.count == 2)
        #expect(
            csv[0] == [
                "code": Self.code, "ean": Self.code, "item_position": "1", "position": "1",
                "merchant": "Shop, A", "domain": "a.example", "title": "iPad", "currency": "",
                "list_price": "", "price": "199", "shipping": "Free Shipping",
                "condition": "New", "availability": "", "link": "https://a.example/o?x=1&y=2",
                "updated_seconds": "1447000000",
            ])
        #expect(csv[1]["list_price"] == "329.99" && csv[1]["availability"] == "Out of Stock")
        let json = try await results(bench, "--offers", "--format", "json").json()
        let objects = try #require(json as? [[String: Any]])
        #expect(objects.map { $0["listPrice"] as? Double } == [nil, 329.99])
        #expect(objects[0]["listPrice"] is NSNull)
        #expect(objects.map { $0["updatedSeconds"] as? Int } == [1_447_000_000, 1_447_000_001])
        let lines = try await results(bench, "--offers", "--format", "jsonl")
        #expect(lines.lines.count == 2)
        let table = try await results(bench, "--offers")
        #expect(table.lines[1].contains("199.00 USD  New"), "\(table)")
        #expect(table.lines[2].contains("249.95 CAD  Used"))
        #expect(rawControls(in: table.text).isEmpty)
        let searched = try await results(bench, "--search", "--offers", "--format", "csv")
        let found = try await rows(searched, bench)
        #expect(found.map { $0["query"] } == ["ipad mini", "ipad mini"])
        #expect(found.map { $0["item_position"] } == ["2", "2"])
        #expect(
            try await results(bench, "--offers", "4006381333931").errors
                == "No row for 1 of 1 product:\n  1 not found by the provider: 4006381333931\n")
    }

    @Test("The chain says for each ASIN where its path ends")
    func chain() async throws {
        let bench = try await bench()
        let table = try await results(bench, "--chain")
        let ends = [
            "B000000001  0885909456017      199.00 USD  New",
            "B000000001  0885909456017      249.95 CAD  Used",
            "B000000002  4006381333931   the code was not found",
            "B000000003  -               the ASIN was not found",
            "B000000004  -               its barcodes contain no code",
            "B000000005  9780306406157   not looked up yet",
        ]
        #expect(table.lines.count == 7, "\(table)")
        for (line, end) in zip(table.lines.dropFirst(), ends) { #expect(line.hasPrefix(end)) }
        let csv = try await rows(
            results(bench, "--chain", "--format", "csv", "B000000003", "b000000001"), bench)
        #expect(csv.map { $0["asin"] } == ["B000000003", "B000000001", "B000000001"])
        #expect(csv[0]["asin_found"] == "0" && csv[0]["code"] == "" && csv[0]["price"] == "")
        #expect(csv[1]["code_found"] == "1" && csv[1]["item_title"] == #"iPad "mini", 16 GB"#)
        #expect(csv[2]["offer_title"] == "iPad mini" && csv[2]["price"] == "249.95")
        let json = try await results(bench, "--chain", "--format", "json").json()
        let objects = try #require(json as? [[String: Any]])
        #expect(objects.count == 6 && objects[5]["codeFound"] is NSNull)
        #expect(objects[0]["asinFound"] as? Bool == true && objects[0]["price"] as? Int == 199)
    }

    @Test(
        "A wrong combination of options is a usage error",
        arguments: [
            ["--offers", "--images"], ["--chain", "--lookup"], ["--chain", "--offers"],
            ["--lookup", "--search"], [], ["--lookup", "--search", "--offers"],
            ["--lookup", "885909456018"], ["--chain", "nonsense"],
        ])
    func usage(arguments: [String]) async throws {
        let finished = try await bench().asinqd(["results"] + arguments)
        #expect(finished.code == 64 && finished.text.isEmpty, "\(finished)")
    }
}
