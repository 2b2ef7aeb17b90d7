import Providers
import Testing

@Suite("A file in chunks")
struct LineCutterTests {
    private func lines(_ chunks: [String], longest: Int = 6) -> [String] {
        var cutter = LineCutter(longest: longest)
        var lines: [String] = []
        func keep(_ line: Span<UInt8>) {
            lines.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
        }
        for chunk in chunks {
            Array(chunk.utf8).withUnsafeBytes { bytes in try! cutter.cut(bytes, keep) }
        }
        try! cutter.end(keep)
        return lines
    }

    @Test(
        "is cut into its lines, whether the last one ends or not",
        arguments: [
            ([], []), ([""], []), (["\n"], [""]), (["a"], ["a"]), (["a\n"], ["a"]),
            (["a\nb"], ["a", "b"]), (["a\n\nb\n"], ["a", "", "b"]), (["a\r\n"], ["a\r"]),
        ] as [([String], [String])])
    func whole(chunks: [String], expected: [String]) {
        #expect(lines(chunks) == expected)
    }

    /// Every way to cut the file in three, and the first seven bytes of each line.
    @Test("gives the same lines for every division, and a long line is cut short")
    func cuts() {
        let file = Array("\nab\nexactly\nlonger than six\n\n\nend")
        let expected = ["", "ab", "exactly", "longer ", "", "", "end"]
        for first in 0...file.count {
            for second in first...file.count {
                let chunks = [file[..<first], file[first..<second], file[second...]]
                #expect(lines(chunks.map { String($0) }) == expected, "\(first), \(second)")
            }
        }
    }

    @Test("is read no further than a body that throws")
    func throwing() {
        struct Stop: Error {}
        var cutter = LineCutter(longest: 6)
        var count = 0
        #expect(throws: Stop.self) {
            try Array("a\nb\n".utf8).withUnsafeBytes { bytes in
                try cutter.cut(bytes) { _ in
                    count += 1
                    throw Stop()
                }
            }
        }
        #expect(count == 1)
    }
}
