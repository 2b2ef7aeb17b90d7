import Providers
import TestSupport
import Testing

/// The view `code`, which other programs read, and the catalog's own choice, which asinqd uses.
@Suite("The code that barcodes lead to")
struct CodeViewTests {
    private static let fields = ["ean", "upc", "eanList", "upcList", "title", "x"]
    /// Right and wrong check digits, all lengths, and texts that are not codes.
    private static let texts = [
        "0885909456017", "885909456017", "4006381333931", "96385074", "20008236914225",
        "00885909456017", "04006381333931", "0885909456018", "885909456010", "96385075",
        "20008236914226", "12345", "", "B0086FFHLS", "88590945601a", " 885909456017",
        "8859-09456017", "00000000", "000000000000", "٨٨٥٩٠٩٤٥٦٠١٧",
    ]

    private struct Dice {
        var state: UInt64

        mutating func below(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }

        mutating func text() -> String {
            let text = CodeViewTests.texts[below(CodeViewTests.texts.count)]
            if below(8) > 0 { return "\"\(text)\"" }
            // The same with its first character escaped.
            guard let first = text.unicodeScalars.first, first.isASCII else { return "\"\(text)\"" }
            let digits = String(first.value, radix: 16)
            return "\"\\u00\(digits.count == 1 ? "0" : "")\(digits)\(text.dropFirst())\""
        }

        mutating func value(depth: Int = 0) -> String {
            switch below(depth > 2 ? 6 : 9) {
            case 0...3: return text()
            case 4: return ["null", "true", "885909456017", "9.6385074e7"][below(4)]
            case 5: return "[]"
            case 6: return "{\"ean\":\(text())}"
            default:
                let values = (0..<below(4)).map { _ in value(depth: depth + 1) }
                return "[\(values.joined(separator: [",", " ,\n "][below(2)]))]"
            }
        }

        mutating func body() -> String {
            let fields = (0..<below(7)).map { _ in
                "\"\(CodeViewTests.fields[below(CodeViewTests.fields.count)])\"\([":", " : "][below(2)])\(value())"
            }
            return "{\(fields.joined(separator: ","))}"
        }
    }

    @Test("is the same in SQL and in the catalog, for every body")
    func agreement() throws {
        let barcodes = try #require(Catalog.standard.endpoints.first { $0.leadsTo != nil })
        let contract = try Contract()
        var dice = Dice(state: 7)
        let bodies = (0..<3_000).map { _ in dice.body() } + ["{}", "[]", "7", "\"885909456017\""]
        for (number, body) in bodies.enumerated() {
            let product = asin(number)
            try contract.addResult(product, at: barcodes.name, body: body)
        }
        let rows = try contract.rows("SELECT coalesce(code, '-') FROM code ORDER BY asin")
        let ours = bodies.map { barcodes.followUp($0) ?? "-" }
        let stored = try contract.rows(
            """
            SELECT coalesce(code.code, '-') FROM result LEFT JOIN code ON code.asin = result.product
            WHERE endpoint = 'barcodes' ORDER BY result.product
            """)
        #expect(!rows.isEmpty)
        for (body, (sql, swift)) in zip(bodies, zip(stored, ours)) where sql != swift {
            Issue.record("\(body): the view has \(sql), the catalog \(swift)")
        }
        #expect(ours.count { $0 != "-" } > 300 && ours.contains("-"))
    }
}
