/// Searches for the key in every spelling from which a reader could recover it.
enum KeySpelling {
    /// Whether `text` contains the key, as it is or in JSON's escapes.
    static func isIn(_ text: String) -> Bool {
        let key = Array(AskedCall.key.utf8)
        let bytes = Array(text.utf8)
        return contains(bytes, key) || bytes.contains(0x5C) && contains(unescaped(bytes), key)
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count else {
                output.append(bytes[index])
                index += 1
                continue
            }
            if bytes[index + 1] == UInt8(ascii: "u"), index + 6 <= bytes.count,
                let digits = String(validating: bytes[(index + 2)..<(index + 6)], as: UTF8.self),
                let unit = UInt16(digits, radix: 16), unit < 0x80
            {
                output.append(UInt8(unit))
                index += 6
            } else {
                output.append(bytes[index + 1])
                index += 2
            }
        }
        return output
    }

    private static func contains(_ bytes: [UInt8], _ key: [UInt8]) -> Bool {
        guard bytes.count >= key.count else { return false }
        return (0...(bytes.count - key.count)).contains { start in
            bytes[start] == key[0] && bytes[start..<(start + key.count)].elementsEqual(key)
        }
    }
}
