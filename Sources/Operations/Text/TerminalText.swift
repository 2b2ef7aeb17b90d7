/// Text from files, rows and replies, made safe for a terminal.
package enum TerminalText {
    /// Control characters, which could steer the terminal, and those that turn the direction of
    /// writing are replaced by `�`.
    package static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isUnsafe($0) ? "\u{FFFD}" : $0 }))
    }

    /// `safe`, line by line.
    package static func safeLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }
            .joined(separator: "\n")
    }

    /// `safe`, and no longer than `count` characters.
    package static func excerpt(_ text: String, _ count: Int) -> String {
        let safe = safe(text)
        return safe.count <= count ? safe : safe.prefix(count - 1) + "…"
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format:
            (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}

extension String {
    package func padding(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }

    package func paddingLeft(to width: Int) -> String {
        count >= width ? self : String(repeating: " ", count: width - count) + self
    }

    package func trimmingTrailingSpaces() -> String {
        String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
    }
}
