/// The format of an ASIN: an ISBN-10 (nine digits, then a digit or X), or a capital letter followed by nine
/// capitals or digits. `B0` is usual but not required: `BT00LLINKI` is a real one.
enum ASINPattern {
    static func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 else { return false }
        if isCapital(bytes[0]) {
            return bytes.allSatisfy { isCapital($0) || isDigit($0) }
        }
        return bytes.prefix(9).allSatisfy(isDigit)
            && (isDigit(bytes[9]) || bytes[9] == UInt8(ascii: "X"))
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
