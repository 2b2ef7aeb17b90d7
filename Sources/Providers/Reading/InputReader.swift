/// Reads a file of products in constant memory: a list or a table, in any encoding that `TextDecoding` reads,
/// compressed or not.
///
/// It gets the file in chunks, and opens and reads nothing, so that tests can try every division of a file
/// into chunks. How the file is arranged is decided once, by its first 64 KiB.
package struct InputReader: ~Copyable {
    private static let sampleBytes = 64 << 10

    private let form: ProductForm
    private let options: InputOptions
    private var decompression = Decompression()
    private var decoding = TextDecoding()
    private var lineEnds = LineEnds()
    private var sample: [UInt8] = []
    private var rows: RowCutter?
    /// nil until it is decided.
    package private(set) var layout: InputLayout?

    package init(_ form: ProductForm, _ options: InputOptions = InputOptions()) {
        self.form = form
        self.options = options
    }

    /// Passes each row that ends within `chunk` to `body`, with the text that should be a product, in UTF-8.
    /// - Throws: `InputFlaw`, and what `body` throws.
    package mutating func read(
        _ chunk: UnsafeRawBufferPointer, _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        try decompressed(chunk, isEnd: false) { reader, bytes in
            try reader.take(bytes, isEnd: false, body)
        }
    }

    /// Passes the last row to `body`.
    /// - Throws: `InputFlaw`, and what `body` throws.
    package mutating func end(_ body: (InputRow, Span<UInt8>) throws -> Void) throws {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        try decompressed(nothing, isEnd: true) { reader, bytes in
            try reader.take(bytes, isEnd: false, body)
        }
        try take(nothing, isEnd: true, body)
        if rows == nil { try decide(body) }
        try rows?.end(body)
    }

    private mutating func decompressed(
        _ chunk: UnsafeRawBufferPointer, isEnd: Bool,
        _ body: (inout InputReader, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        // The only reference to its arrays, so that they are not copied.
        var decompression = Decompression()
        swap(&decompression, &self.decompression)
        defer { self.decompression = decompression }
        try decompression.decode(chunk, isEnd: isEnd) { try body(&self, $0) }
    }

    private mutating func take(
        _ bytes: UnsafeRawBufferPointer, isEnd: Bool,
        _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        var (decoding, lineEnds) = (decoding, lineEnds)
        defer { (self.decoding, self.lineEnds) = (decoding, lineEnds) }
        try decoding.decode(bytes, isEnd: isEnd) { text in
            try lineEnds.normalize(text) { try addText($0, body) }
        }
    }

    private mutating func addText(
        _ text: UnsafeRawBufferPointer, _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        if rows != nil {
            try rows?.cut(text, body)
            return
        }
        let part = text.prefix(Self.sampleBytes - sample.count)
        sample += part
        guard sample.count == Self.sampleBytes else { return }
        try decide(body)
        try rows?.cut(UnsafeRawBufferPointer(rebasing: text[part.endIndex...]), body)
    }

    private mutating func decide(_ body: (InputRow, Span<UInt8>) throws -> Void) throws {
        // A line that is cut off says nothing.
        let isCut = sample.count == Self.sampleBytes
        let end = isCut ? sample.lastIndex(of: 0x0A).map { $0 + 1 } : nil
        let layout = try InputLayout.detect(Array(sample[..<(end ?? sample.count)]), form, options)
        rows = RowCutter(layout, form, options)
        self.layout = layout
        let sample = sample
        self.sample = []
        try sample.withUnsafeBytes { try rows?.cut($0, body) }
    }
}
