import Foundation
import ProgramHarness
import Testing

@Suite struct ResultFormatsTests {
    private static let products = asins(40) + ["B0UNKNOWN1"]
    private static let fetchedAt =
        "strftime('%Y-%m-%dT%H:%M:%S.', fetched_at / 1000, 'unixepoch') || printf('%03dZ', fetched_at % 1000)"

    private func answered() async throws -> Bench {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", Self.products, "--barcodes")
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0)
        return bench
    }

    /// Rows as another CSV reader sees them.
    private func rows(_ csv: Finished, _ bench: Bench) async throws -> [[String]] {
        let script = """
            import csv, io, json, sys
            text = sys.stdin.buffer.read().decode()
            print(json.dumps(list(csv.reader(io.StringIO(text, newline=''), strict=True))))
            """
        let python = try bench.start(
            program: "/usr/bin/env", ["python3", "-X", "utf8", "-c", script], input: csv.bytes)
        return try await python.ended().decoded([[String]].self)
    }

    @Test("CSV has the same cells as SQL finds in the database", arguments: [true, false])
    func csv(isImages: Bool) async throws {
        let bench = try await answered()
        let endpoint = isImages ? "images" : "barcodes"
        let csv = try await bench.asinqd("results", "--\(endpoint)", "--format", "csv")
        let rows = try await rows(csv, bench)
        let expected: [String] = try bench.column(
            isImages
                ? """
                SELECT json_array(product, CAST(found AS TEXT),
                    coalesce(json_extract(body, '$.title'), ''),
                    coalesce(CAST(picture.key + 1 AS TEXT), ''), coalesce(picture.value, ''),
                    \(Self.fetchedAt))
                FROM result LEFT JOIN json_each(body, '$.images') AS picture
                WHERE endpoint = 'images' ORDER BY product, picture.key
                """
                : """
                SELECT json_array(product, CAST(found AS TEXT),
                    coalesce(json_extract(body, '$.title'), ''),
                    coalesce(json_extract(body, '$.upc'), ''),
                    coalesce(json_extract(body, '$.ean'), ''),
                    coalesce((SELECT group_concat(value, ' ')
                              FROM json_each(body, '$.upcList')), ''),
                    coalesce((SELECT group_concat(value, ' ')
                              FROM json_each(body, '$.eanList')), ''), \(Self.fetchedAt))
                FROM result WHERE endpoint = 'barcodes' ORDER BY product
                """)
        let cells = try expected.map {
            try JSONDecoder().decode([String].self, from: Data($0.utf8))
        }
        #expect(Array(rows.dropFirst()) == cells)
        #expect(
            rows[0]
                == (isImages
                    ? ["asin", "found", "title", "position", "url", "fetched_at"]
                    : [
                        "asin", "found", "title", "upc", "ean", "upc_list", "ean_list",
                        "fetched_at",
                    ]))
        #expect(csv.text.hasSuffix("\r\n"))
    }

    @Test("JSON and JSON lines have the provider's own items", arguments: ["images", "barcodes"])
    func json(endpoint: String) async throws {
        let bench = try await answered()
        let array = try await bench.asinqd("results", "--\(endpoint)", "--format", "json")
        let lines = try await bench.asinqd("results", "--\(endpoint)", "--format", "jsonl")
        let objects = try #require(try array.json() as? [[String: Any]])
        let same = try lines.lines.map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(objects as NSArray == same as NSArray)
        #expect(objects.compactMap { $0["asin"] as? String } == Self.products.sorted())
        #expect(Set(objects.flatMap(\.keys)) == ["asin", "found", "fetchedAt", "item"])
        let bodies: [String] = try bench.column(
            "SELECT coalesce(body, 'null') FROM result WHERE endpoint = '\(endpoint)' ORDER BY product"
        )
        for (object, body) in zip(objects, bodies) {
            let item = try JSONSerialization.jsonObject(
                with: Data(body.utf8), options: .fragmentsAllowed)
            #expect((object["item"] as? NSObject) == (item as? NSObject))
        }
    }

    @Test(
        "A table has a line for each product, in the order of the request",
        arguments: ["images", "barcodes"])
    func table(endpoint: String) async throws {
        let bench = try await answered()
        let asked = [asins(9)[8], "B0UNKNOWN1", asins(3)[2]]
        let some = try await bench.asinqd(["results", "--\(endpoint)"] + asked)
        #expect(some.lines.dropFirst().map { String($0.prefix(10)) } == asked)
        #expect(some.lines[0].hasPrefix("ASIN"))
        let all = try await bench.asinqd("results", "--\(endpoint)")
        #expect(all.lines.count == Self.products.count + 1)
    }

    @Test("Without results, every format is empty and valid")
    func nothing() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let formats = [
            "json": "[]\n", "jsonl": "", "csv": "asin,found,title,position,url,fetched_at\r\n",
        ]
        for (format, expected) in formats {
            let finished = try await bench.asinqd("results", "--images", "--format", format)
            #expect(finished.text == expected && finished.code == 0)
        }
        let table = try await bench.asinqd("results", "--images")
        #expect(table.code == 0 && table.errors == "No results yet.\n")
    }
}
