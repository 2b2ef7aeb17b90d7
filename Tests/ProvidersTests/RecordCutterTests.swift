import Providers
import Testing

@Suite("A table in chunks")
struct RecordCutterTests {
    private struct Record: Equatable, CustomStringConvertible {
        var text: String
        var line: Int
        var isOpen = false

        var description: String { "\(line)\(isOpen ? "!" : "") \(text.debugDescription)" }
    }

    private func records(
        _ chunks: [[UInt8]], longest: Int = 100, _ separator: Separator = .comma
    ) -> [Record] {
        var cutter = RecordCutter(separator, longest: longest)
        var records: [Record] = []
        func keep(_ record: Span<UInt8>, _ place: RecordCutter.Place) {
            records.append(
                Record(
                    text: String(decoding: record.indices.map { record[$0] }, as: UTF8.self),
                    line: place.line, isOpen: place.isOpen))
        }
        for chunk in chunks { chunk.withUnsafeBytes { bytes in try! cutter.cut(bytes, keep) } }
        try! cutter.end(keep)
        return records
    }

    private static let tables: [(text: String, records: [Record])] = [
        ("", []), ("\n", [Record(text: "", line: 1)]),
        ("a,b\nc,d", [Record(text: "a,b", line: 1), Record(text: "c,d", line: 2)]),
        (
            "a,\"b\nc\"\nd\n",
            [Record(text: "a,\"b\nc\"", line: 1), Record(text: "d", line: 3)]
        ),
        (
            "\"a\"\"\nb\",c\nd\n",
            [Record(text: "\"a\"\"\nb\",c", line: 1), Record(text: "d", line: 3)]
        ),
        // Inches.
        ("2\" x,a\nb\n", [Record(text: "2\" x,a", line: 1), Record(text: "b", line: 2)]),
        ("\"2\" x,a\nb\n", [Record(text: "\"2\" x,a", line: 1), Record(text: "b", line: 2)]),
        // A quote that does not close hides nothing.
        (
            "a,\"b\nc,d\ne",
            [
                Record(text: "a,\"b", line: 1, isOpen: true), Record(text: "c,d", line: 2),
                Record(text: "e", line: 3),
            ]
        ),
        ("a, \"b\nc\"\n", [Record(text: "a, \"b\nc\"", line: 1)]),
        ("\"", [Record(text: "\"", line: 1, isOpen: true)]),
    ]

    @Test("gives the same records for every division", arguments: tables.indices)
    func divisions(index: Int) {
        let (text, expected) = Self.tables[index]
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let chunks = [bytes[..<first], bytes[first..<second], bytes[second...]]
                #expect(records(chunks.map { Array($0) }) == expected, "\(first), \(second)")
            }
        }
    }

    @Test("A long record is cut short, and a long quote that does not close ends with its line")
    func long() {
        let text = "ab\n0123456789abc,d\ne,\"f\ng\nhijklmnop\nq\"\n\"rstuvwxyz0123\nend"
        let expected = [
            Record(text: "ab", line: 1), Record(text: "0123456789a", line: 2),
            Record(text: "e,\"f", line: 3, isOpen: true), Record(text: "g", line: 4),
            Record(text: "hijklmnop", line: 5), Record(text: "q\"", line: 6),
            Record(text: "\"rstuvwxyz0", line: 7), Record(text: "end", line: 8),
        ]
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let chunks = [bytes[..<first], bytes[first..<second], bytes[second...]]
                #expect(
                    records(chunks.map { Array($0) }, longest: 10) == expected,
                    "\(first), \(second)")
            }
        }
    }
}
