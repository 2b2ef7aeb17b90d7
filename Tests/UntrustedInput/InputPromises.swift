internal import Providers

/// A file of products in any chunks: the same lines, and each of them a product, nothing, or a reason.
enum InputPromises {
    /// - Parameter bytes: One that chooses the lines' form and maximum length, two for the alternating sizes
    ///   of chunks, then the file.
    static func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard bytes.count >= 3 else { return }
        let forms = Catalog.current.forms
        let form = forms[Int(bytes[0]) % forms.count]
        let corrections = ProductCorrections(rawValue: Int(bytes[0] >> 2 & 7))
        let longest = bytes[0] < 0x80 ? InputLine.bytesMax : 12
        let file = Array(bytes.dropFirst(3))
        var lines = file.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        if lines.last == [] { lines.removeLast() }

        let cut = pieces(file, sizes: (1 + Int(bytes[1]), 1 + Int(bytes[2])), longest: longest)
        try promise(cut.count == lines.count, "\(lines.count) lines, \(cut.count) cut")
        for (line, given) in zip(lines, cut) {
            try promise(given.elementsEqual(line.prefix(longest + 1)), "\(line) became \(given)")
            try LinePromises(line, form, corrections).check()
        }

        let column = bytes[1] & 7 == 0 ? String(bytes[2] & 3) : nil
        let options = InputOptions(column: column, corrections: corrections)
        let sizes = (1 + Int(bytes[1]), 1 + Int(bytes[2]))
        let whole = rows(file, sizes: (file.count, file.count), form, options)
        let divided = rows(file, sizes: sizes, form, options)
        // Before a flaw, a longer chunk has more rows.
        try promise(
            divided == whole
                || whole.flaw != nil && divided.flaw == whole.flaw
                    && (whole.rows.starts(with: divided.rows)
                        || divided.rows.starts(with: whole.rows)),
            "another reading in chunks of \(sizes)")
        for row in whole.rows {
            try promise(row.line >= 1, "line \(row.line)")
            switch row.content {
            case .product(let product), .corrected(let product, _):
                try promise((try? form.product(product)) == product, "\(product) became another")
            case .blank, .bad: break
            }
        }
    }

    /// The rows of a file, whatever it turns out to be.
    private struct Rows: Equatable {
        var rows: [InputRow] = []
        var texts: [[UInt8]] = []
        var layout: InputLayout?
        var flaw: InputFlaw?
    }

    private static func rows(
        _ file: [UInt8], sizes: (Int, Int), _ form: ProductForm, _ options: InputOptions
    ) -> Rows {
        var rows = Rows()
        var reader = InputReader(form, options)
        func keep(_ row: InputRow, _ text: Span<UInt8>) {
            rows.rows.append(row)
            rows.texts.append(text.indices.map { text[$0] })
        }
        do {
            var rest = file[...]
            var size = sizes.0
            while !rest.isEmpty {
                try rest.prefix(size).withUnsafeBytes { try reader.read($0, keep) }
                rest = rest.dropFirst(size)
                size = size == sizes.0 ? sizes.1 : sizes.0
            }
            try reader.end(keep)
        } catch {
            rows.flaw = error as? InputFlaw
        }
        rows.layout = reader.layout
        return rows
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
