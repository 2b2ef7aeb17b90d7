extension Span<UInt8> {
    /// `range` without the blanks at its ends.
    ///
    /// Blanks are all characters that cannot be seen: white space, no-break and ideographic spaces, controls,
    /// soft hyphens, and characters of zero width or that change the direction of writing. Web pages and
    /// spreadsheets leave them around a copied text: Amazon's pages have a mark of direction before each
    /// ASIN. U+FEFF is also the byte order mark.
    func withoutBlanks(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, case let length = blankLength(at: start, before: end), length > 0 {
            start += length
        }
        while start < end, case let length = blankLength(endingAt: end, from: start), length > 0 {
            end -= length
        }
        return start..<end
    }

    /// The number of bytes of the blank that ends at `end`; 0 if there is none.
    private func blankLength(endingAt end: Int, from start: Int) -> Int {
        if self[end - 1] < 0x80 { return blankLength(at: end - 1, before: end) }
        for length in 2...3 where end - length >= start {
            if blankLength(at: end - length, before: end) == length { return length }
        }
        return 0
    }

    /// The number of bytes of the blank that begins at `index`; 0 if there is none.
    private func blankLength(at index: Int, before end: Int) -> Int {
        let byte = self[index]
        if byte < 0x80 { return byte <= 0x20 || byte == 0x7F ? 1 : 0 }
        guard end - index >= 2 else { return 0 }
        let next = self[index + 1]
        switch byte {
        // U+0080 to U+00A0, U+00AD.
        case 0xC2: return (0x80...0xA0).contains(next) || next == 0xAD ? 2 : 0
        // U+061C.
        case 0xD8: return next == 0x9C ? 2 : 0
        default: break
        }
        guard end - index >= 3 else { return 0 }
        let last = self[index + 2]
        let isBlank =
            switch (byte, next) {
            case (0xE1, 0x9A): last == 0x80
            case (0xE1, 0xA0): last == 0x8E
            // U+2000 to U+200F, U+2028 to U+202F.
            case (0xE2, 0x80): last <= 0x8F || last >= 0xA8 && last <= 0xAF
            // U+205F to U+206F.
            case (0xE2, 0x81): last >= 0x9F && last <= 0xAF
            case (0xE3, 0x80): last == 0x80
            case (0xEF, 0xBB): last == 0xBF
            default: false
            }
        return isBlank ? 3 : 0
    }
}
