/// A statement's tokens, so that two texts with the same meaning for SQLite are equal: comments and blanks
/// are removed, and names are in small letters and without quotes.
enum SQLTokens {
    static func of(_ sql: String) -> [String] {
        var tokens: [String] = []
        var rest = Array(sql.utf8)[...]
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "), 0x09...0x0D: rest.removeFirst()
            case UInt8(ascii: "-") where rest.dropFirst().first == byte:
                rest = rest.drop { $0 != 0x0A }
            case UInt8(ascii: "/") where rest.dropFirst().first == UInt8(ascii: "*"):
                rest = rest.dropFirst(2)
                while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest.removeFirst() }
                rest = rest.dropFirst(2)
            case UInt8(ascii: "'"): tokens.append("'" + takeQuoted(&rest, until: byte) + "'")
            case UInt8(ascii: "\""), UInt8(ascii: "`"):
                tokens.append(takeQuoted(&rest, until: byte).lowercased())
            case UInt8(ascii: "["):
                tokens.append(takeQuoted(&rest, until: UInt8(ascii: "]")).lowercased())
            case _ where isWord(byte):
                let word = rest.prefix(while: isWord)
                rest = rest[word.endIndex...]
                tokens.append(String(decoding: word, as: UTF8.self).lowercased())
            default:
                tokens.append(String(decoding: [byte], as: UTF8.self))
                rest.removeFirst()
            }
        }
        return tokens
    }

    /// Tokens as a text for people.
    static func text(_ tokens: some Sequence<String>) -> String {
        tokens.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
            .replacing(" ,", with: ",").replacing("< =", with: "<=").replacing("> =", with: ">=")
            .replacing("< >", with: "<>").replacing("| |", with: "||")
    }

    /// The text between quotes; a doubled quote is one.
    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>, until end: UInt8) -> String {
        var content: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == end {
                guard rest.first == end, end != UInt8(ascii: "]") else { break }
                rest.removeFirst()
            }
            content.append(byte)
        }
        return String(decoding: content, as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
