internal import Foundation

/// Accepts a reply's body as a JSON object, or says why not.
///
/// It is stricter than Foundation's parser in three ways. It limits nesting before that parser sees the text,
/// because the parser recurses. It accepts only UTF-8, because the parser would also guess UTF-16, and the
/// slices would then be cut from other characters than it read. And it rejects a comma before a closing
/// bracket, which the parser accepts, because SQLite's JSON functions could not read the stored item.
enum JSONBody {
    /// Documented replies have three levels.
    static let levelsMax = 64

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    static func object(in body: [UInt8]) throws(UnreadableBody) -> JSONSlice {
        var text = body[...]
        if text.starts(with: byteOrderMark) { text = text.dropFirst(byteOrderMark.count) }
        text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }

        guard !text.isEmpty else { throw .empty }
        guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
            throw .notUTF8
        }
        try checkBrackets(text)
        guard (try? JSONSerialization.jsonObject(with: Data(text))) != nil else { throw .notJSON }
        guard text.first == UInt8(ascii: "{") else { throw .notAnObject }
        return JSONSlice(bytes: text)
    }

    /// Limits the nesting and rejects a comma before a closing bracket. Brackets and commas within strings do
    /// not count.
    private static func checkBrackets(_ text: ArraySlice<UInt8>) throws(UnreadableBody) {
        var levels = 0
        var isInString = false
        var isEscaped = false
        var previous: UInt8 = 0
        for byte in text where !isSpace(byte) {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                levels += 1
                if levels > levelsMax { throw .nested(levelsMax: levelsMax) }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if previous == UInt8(ascii: ",") { throw .notJSON }
                levels -= 1
            default:
                break
            }
            previous = byte
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
