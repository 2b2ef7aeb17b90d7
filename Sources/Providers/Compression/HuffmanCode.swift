/// A canonical Huffman code, given by the length of each symbol's code word.
///
/// Source: RFC 1951, section 3.2.2.
struct HuffmanCode {
    static let bitsMax = 15

    /// How many code words there are of each length.
    let counts: [Int]
    /// By their code words, the shortest first.
    let symbols: [Int]

    /// - Throws: `InflateFailure.damaged` if the lengths need more code words than there are.
    init(_ lengths: ArraySlice<Int>) throws(InflateFailure) {
        var counts = [Int](repeating: 0, count: Self.bitsMax + 1)
        for length in lengths { counts[length] += 1 }
        counts[0] = 0
        var free = 1
        for length in 1...Self.bitsMax {
            free = free << 1 - counts[length]
            guard free >= 0 else { throw .damaged }
        }
        self.counts = counts
        symbols = lengths.enumerated().filter { $0.element > 0 }
            .sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
    }
}
