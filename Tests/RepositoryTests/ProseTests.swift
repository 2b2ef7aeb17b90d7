import Foundation
import Testing

/// A word that the project's texts do not use, and what to write instead.
struct Archaism: Sendable {
    /// A regular expression. A space in it also matches a line break with a comment's mark.
    var words: String
    var instead: String

    static let all: [Archaism] = [
        Archaism(words: #"reckon\w*"#, instead: "calculate"),
        Archaism(words: #"mend(s|ed|ing)?"#, instead: "fix"),
        Archaism(words: "beside", instead: "next to, with"),
        Archaism(words: "whoever|whosoever", instead: "name the actor"),
        Archaism(words: "nobody", instead: "name the actor; no program, no user"),
        Archaism(words: "so many", instead: "N, this many"),
        Archaism(words: "(go|goes|going|went|gone) on", instead: "continue"),
        Archaism(words: "put(s|ting)? off|put-off", instead: "deferred, scheduled"),
        Archaism(words: "h[eo]ld to be", instead: "counted as"),
        Archaism(words: "(tell|tells|telling|told) of", instead: "report"),
        Archaism(words: "(come|comes|coming|came) about", instead: "happen, is made"),
        Archaism(words: "under way", instead: "in progress, in flight"),
        Archaism(words: "alike", instead: "the same, both"),
        Archaism(words: "put(s|ting)? right", instead: "correct"),
        Archaism(words: "(has|have|had) it that|as the settings ha(ve|s) it", instead: "say"),
        Archaism(words: "thereby|hereby|whereby", instead: "so, by which"),
        Archaism(words: "hence|whence|thence", instead: "so, from"),
        Archaism(words: "shall|shalt", instead: "must, will"),
        Archaism(words: "whilst|amidst|amongst", instead: "while, among"),
        Archaism(words: "lest", instead: "so that … not"),
        Archaism(words: "hitherto|heretofore", instead: "so far"),
        Archaism(words: "aught|naught|ere|unto|upon", instead: "anything, nothing, before, to, on"),
    ]
}

/// A text that keeps an archaism because it is a contract: a trigger's message, a JSON field.
struct ProseException: Sendable {
    /// From the repository's folder.
    var path: String
    /// The matched words, in lower case.
    var words: String

    static let all: [ProseException] = []
}

@Suite("The prose is modern technical English")
struct ProseTests {
    private static let places = [
        "Sources", "Tests", "schema", "packaging", "systemd", "docs", "clients", "Benchmarks",
        "Fuzzing", "README.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", ".ci",
    ]
    /// What is not prose, or cannot change: builds, inputs for parsers, upgrades that have shipped, and the
    /// list above.
    private static let leftOut = [".build/", "/Corpus/", "/upgrades/", "ProseTests.swift"]
    /// What an advice begins with. Add the verb of a new one.
    private static let imperatives: Set = [
        "build", "call", "check", "choose", "configure", "copy", "correct", "delete", "fix", "free",
        "install", "join", "list", "mount", "name", "open", "read", "redirect", "remove", "run",
        "set",
        "start", "stop", "upgrade", "use", "write",
    ]

    @Test("no file has an archaism", arguments: places)
    func archaisms(place: String) throws {
        let patterns = try Archaism.all.map { archaism in
            let gap = #"\s+(?:(?:///?|#|--)\s*)?"#
            let words = archaism.words.replacing(" ", with: gap)
            return (
                archaism,
                try NSRegularExpression(pattern: #"\b(?:\#(words))\b"#, options: .caseInsensitive)
            )
        }
        for file in try files(in: place) {
            for (archaism, pattern) in patterns {
                for (line, words) in matches(of: pattern, in: file.text)
                where !isExcepted(words, file.path) {
                    Issue.record(
                        "\(file.path):\(line): \"\(words)\". Try: write \(archaism.instead)")
                }
            }
        }
    }

    @Test("each exception is still needed")
    func exceptions() throws {
        for exception in ProseException.all {
            let text = try Repository.text(exception.path).lowercased()
            #expect(text.contains(exception.words), "\(exception.path): \(exception.words)")
        }
    }

    @Test("an advice begins with an imperative", arguments: ["Sources", "Makefile", "packaging"])
    func advice(place: String) throws {
        // An argument `advice` or `otherwise` is printed after "Try: ".
        let pattern = try NSRegularExpression(
            pattern: #"(?:Try: |(?:advice: |otherwise: )"(?:"")?\s*)([^\s",.]+)"#)
        var count = 0
        for file in try files(in: place) {
            for (line, words) in matches(of: pattern, in: file.text, group: 1)
            where !words.hasPrefix("\\(") {
                count += 1
                #expect(
                    Self.imperatives.contains(words),
                    "\(file.path):\(line): \"\(words)\" after \"Try: \" is no imperative")
            }
        }
        #expect(count > 0)
    }

    private func isExcepted(_ words: String, _ path: String) -> Bool {
        ProseException.all.contains { $0.path == path && $0.words == words.lowercased() }
    }

    /// A folder's files that are text in UTF-8, or the one file at `place`.
    private func files(in place: String) throws -> [(path: String, text: String)] {
        let base = Repository.root.appendingPathComponent(place)
        let inside = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String }
        let paths = (inside ?? []).isEmpty ? [place] : inside!.map { "\(place)/\($0)" }
        let files = paths.sorted().filter { path in
            !Self.leftOut.contains(where: path.contains)
        }.compactMap { path in (try? Repository.text(path)).map { (path, $0) } }
        try #require(!files.isEmpty, "there is no \(place)")
        return files
    }

    private func matches(
        of pattern: NSRegularExpression, in text: String, group: Int = 0
    ) -> [(line: Int, words: String)] {
        let all = NSRange(text.startIndex..., in: text)
        return pattern.matches(in: text, range: all).compactMap { match in
            guard let range = Range(match.range(at: group), in: text) else { return nil }
            let line = 1 + text[..<range.lowerBound].utf8.count { $0 == UInt8(ascii: "\n") }
            let words = text[range].split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return (line, words)
        }
    }
}
