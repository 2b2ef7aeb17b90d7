import Operations
import Planning
import Testing

@Suite("Texts") struct TextTests {
    @Test(
        "an instant keeps its milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_777_888_800_001, "2026-05-04T10:00:00.001Z"),
            (1_777_888_800_999, "2026-05-04T10:00:00.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ])
    func instants(milliseconds: Int64, text: String) {
        #expect(HumanText.iso(Timestamp(milliseconds: milliseconds)) == text)
    }

    @Test(
        "a spreadsheet gets codes as texts, and other cells as they are",
        arguments: [
            ("0885909456017", "\"=\"\"0885909456017\"\"\""), ("01", "\"=\"\"01\"\"\""),
            ("885909456017", "\"=\"\"885909456017\"\"\""), ("96385074", "96385074"), ("0", "0"),
            ("", ""), ("12.50", "12.50"), ("0x1", "0x1"), ("=1+1", "'=1+1"),
            ("a,\"b", "\"a,\"\"b\""),
            ("٠١٢", "٠١٢"),
        ])
    func spreadsheet(cell: String, text: String) {
        #expect(CSV.spreadsheetRow([cell, "x"]) == "\(text),x\r\n")
    }
}
