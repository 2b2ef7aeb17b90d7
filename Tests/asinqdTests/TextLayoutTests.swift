import Operations
import ProgramHarness
import Testing

@testable import asinqd

/// How text, tables and bars are laid out within a width.
@Suite struct TextLayoutTests {
    @Test(
        "Text breaks at blanks, and a word that is longer than a line breaks anywhere",
        arguments: [
            ("", 9, [""]), ("one", 9, ["one"]), ("one two three", 9, ["one two", "  three"]),
            ("one two", 7, ["one two"]), ("one two", 6, ["one", "  two"]),
            ("abcdefghijkl", 6, ["abcdef", "  ghij", "  kl"]),
            ("a bcdefghijkl", 6, ["a", "  bcde", "  fghi", "  jkl"]),
            ("run `a b` now", 8, ["run", "  `a b`", "  now"]),
            ("a `b c d e` f", 6, ["a `b c", "  d", "  e` f"]),
            ("春の商品", 6, ["春の商", "  品"]), ("👍🏽👍🏽 ok", 5, ["👍🏽👍🏽", "  ok"]),
        ])
    func wrapping(text: String, width: Int, lines: [String]) {
        #expect(TerminalText.wrapped(text, width: width, indent: 2) == lines)
    }

    @Test("Text after a name continues below the text; a long name has a line of its own")
    func names() {
        let style = ReportStyle(width: 24)
        #expect(
            style.entry("images", "waits for a while, done soon")
                == ["images    waits for a", "          while, done", "          soon"])
        #expect(
            style.entry("images (of an account)", "waits")
                == ["images (of an account)", "          waits"])
    }

    @Test("No text is lost or wider than its line, at any width", arguments: 4...40)
    func anyWidth(width: Int) {
        let texts = [
            "images: last error, call 12, failed 503: https://example.com/a/very/long/path?x=1",
            "春の商品 list 一覧 of a buyer", "👍🏽 word", "a b c d e f g h i j k l m",
        ]
        for text in texts {
            for indent in 0...2 {
                let lines = TerminalText.wrapped(text, width: width, indent: indent)
                #expect(lines.allSatisfy { TerminalText.columns($0) <= width }, "\(lines)")
                #expect(
                    lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, "\(lines)")
            }
        }
    }

    @Test("A bar is empty only of nothing, and full only of all", arguments: 0...40)
    func bars(available: Int) {
        let style = ReportStyle(hasBars: true)
        let level = style.level(available, of: 40)
        let filled = level.count { $0 == "#" }
        #expect(filled == (available == 0 ? 0 : max(1, available / 4)))
        #expect(level.hasSuffix("] \(available) of 40") && level.count { $0 == "-" } == 10 - filled)
        #expect(ReportStyle().level(available, of: 40) == "\(available) of 40")
    }

    @Test("A table that is too wide wraps its text, then is printed in parts with the first column")
    func table() {
        var table = Table([("NAME", .left), ("JOBS", .right), ("TEXT", .left)])
        table.append(["images", "1,000", "waits for the reset"])
        #expect(table.lines(width: 80).last == "images  1,000  waits for the reset")
        #expect(
            table.lines(width: 26) == [
                "NAME     JOBS  TEXT", "images  1,000  waits for", "               the reset",
            ])
        #expect(
            table.lines(width: 16) == [
                "NAME     JOBS", "images  1,000", "", "NAME    TEXT", "images  waits",
                "        for the", "        reset",
            ])
    }
}
