/// Recognizes a compressed file by its first bytes and decodes it in constant memory.
struct Decompression {
    private static let headBytes = 4
    /// PKWARE, APPNOTE.TXT, "Local file header": a workbook of a newer Excel is a ZIP archive.
    private static let zip: [UInt8] = [0x50, 0x4B, 3, 4]
    /// Microsoft, MS-CFB, "Compound File Header": a workbook of an older Excel.
    private static let compound: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0]

    private var head = FileHead(length: headBytes)
    /// nil: the file is passed as it is.
    private var gzip: GzipStream?

    /// - Throws: `InputFlaw`, and what `body` throws.
    mutating func decode(
        _ chunk: UnsafeRawBufferPointer, isEnd: Bool = false,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var head = head
        defer { self.head = head }
        try head.pass(chunk, isEnd: isEnd) { chunk, isFirst in
            if isFirst {
                if chunk.starts(with: Self.zip) || chunk.starts(with: Self.compound) {
                    throw InputFlaw.workbook
                }
                if chunk.starts(with: Gzip.magic) { gzip = GzipStream() }
            }
            try pass(chunk, body)
        }
        guard isEnd, let gzip else { return }
        do throws(InflateFailure) {
            try gzip.end()
        } catch {
            throw InputFlaw.damagedGzip
        }
    }

    private mutating func pass(
        _ chunk: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard var gzip else { return try body(chunk) }
        // The only reference to its arrays, so that they are not copied.
        self.gzip = nil
        gzip.feed(chunk)
        while let piece = try Self.next(&gzip) { try piece.withUnsafeBytes(body) }
        self.gzip = gzip
    }

    private static func next(_ gzip: inout GzipStream) throws(InputFlaw) -> ArraySlice<UInt8>? {
        do throws(InflateFailure) {
            return try gzip.next()
        } catch {
            throw .damagedGzip
        }
    }
}
