import Testing

@testable import Sandbox

@Suite struct BarcodeTests {
    @Test(
        "A code of any length names the item's EAN-13",
        arguments: [
            ("0885909456017", "0885909456017", "885909456017", nil),
            ("885909456017", "0885909456017", "885909456017", nil),
            ("6009705662678", "6009705662678", nil, nil),
            ("20008236914225", "0008236914221", "008236914221", "20008236914225"),
            ("96385074", "0000096385074", "000096385074", nil),
            ("0306406152", "9780306406157", nil, nil), ("080442957X", "9780804429573", nil, nil),
        ] as [(String, String, String?, String?)])
    func lengths(code: String, ean: String, upc: String?, gtin: String?) throws {
        let barcode = try #require(Barcode(code))
        #expect(barcode.ean == ean)
        #expect(barcode.upc == upc)
        #expect(barcode.gtin == gtin)
    }

    @Test("Exactly one of the ten last digits is right", arguments: [8, 10, 12, 13, 14])
    func checkDigits(length: Int) {
        for start in 0..<50 {
            let digits = (0..<length - 1).map { ($0 * 7 + start * 3) % 10 }
            let stem = digits.map(String.init).joined()
            let valid = "0123456789X".filter { Barcode(stem + String($0)) != nil }
            #expect(valid.count == 1, "\(stem): \(valid)")
        }
    }

    @Test(
        "A text of another length or with other characters is not a code",
        arguments: [
            "", "0", "1234567", "00000000000", "000000000000000", "88590945601x", " 885909456017",
            "885909456017 ", "８８５９０９４５６０１７", "B0086FFHLS", "-88590945601",
        ])
    func malformed(text: String) {
        #expect(Barcode(text) == nil)
    }

    @Test("Prefixes 20 to 29 are a shop's own, 978 and 979 are books', and others neither")
    func prefixes() {
        for prefix in 0...999 {
            let digits = [prefix / 100, prefix / 10 % 10, prefix % 10]
            let barcode = Barcode(completing: digits + Array(repeating: 5, count: 9))
            #expect(barcode.isInStore == (200...299).contains(prefix))
            #expect(barcode.isBook == [978, 979].contains(prefix))
        }
    }
}
