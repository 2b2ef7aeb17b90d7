internal import Providers

/// A file of products in any chunks: the same lines, and each of them a product, nothing, or a reason.
enum InputPromises {
    /// - Parameter bytes: One that chooses the lines' form and maximum length, two for the alternating sizes
    ///   of chunks, then the file.
    static func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count >= 3 else { return }
        let forms = Catalog.current.forms
        let form = forms[Int(bytes[0]) % forms.count]
        let longest = bytes[0] < 0x80 ? InputLine.bytesMax : 12
        let file = Array(bytes.dropFirst(3))
        var lines = file.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        if lines.last == [] { lines.removeLast() }

        let cut = pieces(file, sizes: (1 + Int(bytes[1]), 1 + Int(bytes[2])), longest: longest)
        try promise(cut.count == lines.count, "\(lines.count) lines, \(cut.count) cut")
        for (line, given) in zip(lines, cut) {
            try promise(given.elementsEqual(line.prefix(longest + 1)), "\(line) became \(given)")
            try LinePromises(line, form).check()
        }
    }

    /// The lines of a file that is read in chunks of two alternating sizes.
    private static func pieces(
        _ file: [UInt8], sizes: (Int, Int), longest: Int
    ) -> [[UInt8]] {
        var cutter = LineCutter(longest: longest)
        var pieces: [[UInt8]] = []
        func keep(_ line: Span<UInt8>) { pieces.append(line.indices.map { line[$0] }) }
        var rest = file[...]
        var size = sizes.0
        while !rest.isEmpty {
            rest.prefix(size).withUnsafeBytes { chunk in try! cutter.cut(chunk, keep) }
            rest = rest.dropFirst(size)
            size = size == sizes.0 ? sizes.1 : sizes.0
        }
        try! cutter.end(keep)
        return pieces
    }
}
