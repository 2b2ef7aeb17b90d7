extension Span<UInt8> {
    /// `range` without the blanks at its ends.
    ///
    /// Blanks are ASCII's white space and characters that are copied with text from a web page: U+00A0,
    /// U+200B to U+200F (Amazon's pages have a mark of direction before each ASIN) and U+FEFF, which is also
    /// the byte order mark.
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
        if byte < 0x80 { return byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) ? 1 : 0 }
        if byte == 0xC2 { return end - index >= 2 && self[index + 1] == 0xA0 ? 2 : 0 }
        guard end - index >= 3 else { return 0 }
        let next = (self[index + 1], self[index + 2])
        let isMark = byte == 0xE2 && next.0 == 0x80 && next.1 >= 0x8B && next.1 <= 0x8F
        return isMark || byte == 0xEF && next == (0xBB, 0xBF) ? 3 : 0
    }
}
