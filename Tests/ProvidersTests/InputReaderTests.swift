import Foundation
import Providers
import TestSupport
import Testing

@Suite("Files of products")
struct InputReaderTests {
    private struct Reading: Equatable {
        var rows: [InputRow] = []
        var texts: [[UInt8]] = []
        var layout: InputLayout?

        var products: [String] {
            rows.compactMap { row in
                switch row.content {
                case .product(let product), .corrected(let product, _): product
                case .blank, .bad: nil
                }
            }
        }

        var badLines: [Int] {
            rows.compactMap { row in if case .bad = row.content { row.line } else { nil } }
        }

        var corrections: [ProductCorrection] {
            rows.compactMap { row in
                if case .corrected(_, let correction) = row.content { correction } else { nil }
            }
        }
    }

    private static func read(
        _ chunks: [ArraySlice<UInt8>], _ form: ProductForm = .asin,
        _ options: InputOptions = InputOptions()
    ) throws -> Reading {
        var reading = Reading()
        var reader = InputReader(form, options)
        func keep(_ row: InputRow, _ text: Span<UInt8>) {
            reading.rows.append(row)
            reading.texts.append(text.indices.map { text[$0] })
        }
        for chunk in chunks { try chunk.withUnsafeBytes { try reader.read($0, keep) } }
        try reader.end(keep)
        reading.layout = reader.layout
        return reading
    }

    private func read(_ text: String, _ form: ProductForm = .asin) throws -> Reading {
        try Self.read([Array(text.utf8)[...]], form)
    }

    @Test(
        "are read as they are, whatever spreadsheet or program wrote them",
        arguments: InputFixture.plain + InputFixture.partial)
    func fixtures(fixture: InputFixture) throws {
        let reading = try Self.read([fixture.bytes[...]], fixture.form, fixture.options)
        #expect(reading.products == fixture.products)
        #expect(reading.badLines == fixture.badLines, "\(reading.rows)")
        #expect(reading.corrections == fixture.corrections)
        #expect(reading.layout?.table?.column.index == fixture.column)
        #expect(reading.layout?.headerLine == fixture.headerLine)
    }

    @Test(
        "are refused with the reason where they cannot be read",
        arguments: InputFixture.unreadable.indices)
    func unreadable(index: Int) throws {
        let (fixture, flaw) = InputFixture.unreadable[index]
        let bytes = try fixture.bytes
        for size in [1, 3, bytes.count] {
            #expect(throws: flaw) {
                try Self.read(Self.chunks(bytes, size), fixture.form, fixture.options)
            }
        }
    }

    private static func chunks(_ bytes: [UInt8], _ size: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: bytes.count, by: size).map { bytes[$0..<min(bytes.count, $0 + size)] }
    }

    @Test(
        "give the same rows for every division",
        arguments: InputFixture.plain + InputFixture.partial)
    func divisions(fixture: InputFixture) throws {
        let bytes = try fixture.bytes
        let whole = try Self.read([bytes[...]], fixture.form, fixture.options)
        for first in 0...bytes.count {
            let halves = [bytes[..<first], bytes[first...]]
            #expect(try Self.read(halves, fixture.form, fixture.options) == whole, "\(first)")
        }
        for size in 1...9 {
            let chunks = Self.chunks(bytes, size)
            #expect(try Self.read(chunks, fixture.form, fixture.options) == whole, "\(size)")
        }
        guard bytes.count <= 60 else { return }
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let parts = [bytes[..<first], bytes[first..<second], bytes[second...]]
                #expect(try Self.read(parts, fixture.form, fixture.options) == whole)
            }
        }
    }

    @Test("have a label and a priority for each product")
    func labels() throws {
        let fixture = try #require(InputFixture.partial.last)
        let rows = try Self.read([fixture.bytes[...]], fixture.form, fixture.options).rows
        #expect(rows.dropFirst().map(\.label) == ["Lego", nil, "Lego", "Duplo, new"])
        #expect(rows.dropFirst().map(\.priority) == [0, nil, 9, nil])
        #expect(rows.last?.content == .bad(reason: "the priority must be 0 to 9: 11"))
    }

    @Test("that are larger than the sample and a window of the compression are read to their end")
    func large() throws {
        let bytes = try InputFixture(name: "compressed-large.txt.gz").bytes
        for size in [1, 1_000, bytes.count] {
            let reading = try Self.read(Self.chunks(bytes, size))
            #expect(reading.products.count == 8_000)
            #expect(reading.products.last == "B063344081")
            #expect(reading.rows.last?.line == 8_000)
        }
    }

    /// The last byte of the data has bits without a meaning.
    @Test("that are damaged anywhere in their compressed data are refused, or read as they were")
    func damaged() throws {
        let bytes = try InputFixture(name: "compressed.csv.gz").bytes
        let whole = try Self.read([bytes[...]])
        var refused = 0
        for index in 10..<bytes.count {
            var damaged = bytes
            damaged[index] ^= 0x10
            do {
                #expect(try Self.read([damaged[...]]) == whole, "\(index)")
            } catch {
                #expect(error as? InputFlaw == .damagedGzip)
                refused += 1
            }
        }
        #expect(refused >= bytes.count - 11)
        for count in 2..<bytes.count {
            #expect(throws: InputFlaw.damagedGzip) { try Self.read([bytes[..<count]]) }
        }
    }

    @Test(
        "have lines that end with carriage returns alone",
        arguments: [
            ("B0086FFHLS\rB00NNUMI86", [1, 2]), ("# list\rB0086FFHLS", [2]),
            ("B0086FFHLS\r\r\nB00NNUMI86\n\rB07PJKL123", [1, 3, 5]),
        ])
    func carriageReturns(text: String, lines: [Int]) throws {
        let rows = try read(text).rows
        #expect(rows.filter { $0.content != .blank }.map(\.line) == lines)
        #expect(try read(text).badLines.isEmpty)
    }

    @Test("of another encoding are read line by line")
    func latin1() throws {
        let text: [UInt8] =
            Array("caf".utf8) + [0xE9, 0x0A] + Array("Größe\n".utf8) + [0x93, 0x61, 0x94]
        #expect(try Self.read([text[...]], .query).products == ["café", "Größe", "“a”"])
    }

    @Test("in UTF-16 that is cut off, or has half of a character, are read as far as they go")
    func utf16() throws {
        let odd: [UInt8] = [0xFF, 0xFE, 0x61, 0x00, 0x3E, 0xD8, 0x62, 0x00, 0x63]
        #expect(try Self.read([odd[...]], .query).products == ["a\u{FFFD}b\u{FFFD}"])
    }

    @Test(
        "with one product per line stay lists, whatever some lines have",
        arguments: [
            "B0086FFHLS\nB00NNUMI86,B07PJKL123\n", "B0086FFHLS 2\nB00NNUMI86\n",
            "nonsense!\nB0086FFHLS\n", "x, y\nz\n",
        ])
    func lists(text: String) throws {
        let reading = try read(text)
        #expect(reading.layout?.shape == .lines && reading.badLines.count >= 1)
    }

    @Test("of queries are tables only if a header says so")
    func queries() throws {
        #expect(try read("a, b\nc, d\n", .query).products == ["a, b", "c, d"])
        #expect(try read("(2023) diary\n[x]\n", .query).products == ["(2023) diary", "[x]"])
        #expect(try read("Search term\nlego\n", .query).products == ["lego"])
        #expect(try read("[\"lego star\", 'duplo']", .query).products == ["lego star", "duplo"])
    }

    @Test("have an empty cell, or too few, reported with the column")
    func emptyCells() throws {
        let rows = try read("id,asin\n1,B0086FFHLS\n2,\n3\n,\n4,B00NNUMI86\n").rows
        #expect(
            rows.map(\.content) == [
                .blank, .product("B0086FFHLS"), .bad(reason: "no ASIN in column 2 (asin)"),
                .bad(reason: "no ASIN in column 2 (asin)"), .blank, .product("B00NNUMI86"),
            ])
    }

    @Test("name a column that has no products only if no other has them")
    func tiers() throws {
        let reading = try read("product-id,asin,link\n12,B0086FFHLS,x\n13,B00NNUMI86,y\n")
        #expect(reading.layout?.table?.column.index == 1)
        let other = try read("asin,code\nx,B0086FFHLS\ny,B00NNUMI86\n")
        #expect(other.layout?.table?.column.title == "2 (code)")
        let none = try read("asin,code\nx,1\ny,2\n")
        #expect(none.layout?.table?.column.index == 0 && none.badLines == [2, 3])
        let same = try read("B0086FFHLS;B0086FFHLS\nB00NNUMI86;B00NNUMI86\n")
        #expect(same.layout?.table?.column.index == 0)
    }
}
