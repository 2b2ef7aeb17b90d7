extension TerminalText {
    /// Lines of at most `width` columns that begin with `first`, then continue `indent` columns from the left.
    /// They break at blanks outside of `commands`; a word that is longer than a line breaks anywhere.
    package static func wrapped(
        _ text: String, width: Int, first: String = "", indent: Int = 0
    ) -> [String] {
        var lines: [String] = []
        var line = first
        // Whether the line has no word yet.
        var isFresh = true
        for word in words(text, upTo: width - indent) {
            var word = word
            if !isFresh, columns(line) + 1 + columns(word) <= width {
                line += " " + word
                continue
            }
            let isFitting = columns(line) + columns(word) <= width
            if !isFresh || (!isFitting && columns(line) > indent) {
                lines.append(line.trimmingTrailingSpaces())
                line = String(repeating: " ", count: indent)
            }
            while columns(line) + columns(word) > width {
                let head = prefix(of: word, columns: max(2, width - columns(line)))
                lines.append(line + head)
                line = String(repeating: " ", count: indent)
                word.removeFirst(head.count)
            }
            line += word
            isFresh = false
        }
        lines.append(line.trimmingTrailingSpaces())
        return lines.flatMap { columns($0) <= width ? [$0] : pieces(of: $0, width: width) }
    }

    /// A command in backticks is one word, so that it can be copied, if it fits into a line.
    private static func words(_ text: String, upTo most: Int) -> [String] {
        text.split(separator: " ").reduce(into: []) { words, word in
            if let last = words.last, !last.count(where: { $0 == "`" }).isMultiple(of: 2),
                columns(last) + 1 + columns(String(word)) <= most
            {
                words[words.count - 1] = last + " " + word
            } else {
                words.append(String(word))
            }
        }
    }

    /// How many columns a terminal needs for a text. Ideographs and most pictures are two wide (Unicode's
    /// EastAsianWidth.txt: W and F); marks that join a letter need none.
    package static func columns(_ text: String) -> Int {
        text.reduce(0) { $0 + columns($1) }
    }

    private static func columns(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.isASCII { return 1 }
        return isWide(scalar) || character.unicodeScalars.contains(where: isPicture) ? 2 : 1
    }

    private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmojiPresentation || scalar.value == 0xFE0F
    }

    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF,
            0x1F200...0x1F2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    /// The longest beginning of `text` that has at most `most` columns, or its first character.
    private static func prefix(of text: String, columns most: Int) -> String {
        var head = ""
        for character in text {
            if !head.isEmpty && columns(head) + columns(character) > most { break }
            head.append(character)
        }
        return head
    }

    private static func pieces(of line: String, width: Int) -> [String] {
        var pieces: [String] = []
        var rest = line
        while !rest.isEmpty {
            let head = prefix(of: rest, columns: width)
            pieces.append(head)
            rest.removeFirst(head.count)
        }
        return pieces
    }
}
