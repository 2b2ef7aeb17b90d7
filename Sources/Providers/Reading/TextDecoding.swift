/// Decodes a text file to UTF-8, as far as a mark at its beginning shows its encoding. Without a mark it is
/// passed as it is.
///
/// Whether the text is Latin-1 is decided for each line: UTF-8 that is not valid is Latin-1. So a file needs
/// no second reading, and a line in another encoding does not change how the others are read.
struct TextDecoding {
    private enum Encoding {
        case utf8, utf16Little, utf16Big
    }

    private static let markBytes = 3

    private var head = FileHead(length: markBytes)
    private var encoding = Encoding.utf8
    /// The first byte of a UTF-16 unit whose second one is in the next chunk.
    private var half: UInt8?
    /// The first unit of a surrogate pair.
    private var lead: UInt16?

    mutating func decode(
        _ chunk: UnsafeRawBufferPointer, isEnd: Bool = false,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var head = head
        defer { self.head = head }
        try head.pass(chunk, isEnd: isEnd) { chunk, isFirst in
            var chunk = chunk
            if isFirst {
                if chunk.starts(with: [0xEF, 0xBB, 0xBF]) {
                    chunk = UnsafeRawBufferPointer(rebasing: chunk.dropFirst(3))
                } else if chunk.starts(with: [0xFF, 0xFE]) {
                    encoding = .utf16Little
                } else if chunk.starts(with: [0xFE, 0xFF]) {
                    encoding = .utf16Big
                }
                if encoding != .utf8 {
                    chunk = UnsafeRawBufferPointer(rebasing: chunk.dropFirst(2))
                }
            }
            if encoding == .utf8 {
                try body(chunk)
            } else {
                try utf8(chunk).withUnsafeBytes(body)
            }
        }
        if isEnd && (half != nil || lead != nil) { try Self.replacement.withUnsafeBytes(body) }
    }

    /// U+FFFD, for a unit that is no text.
    private static let replacement = Array("\u{FFFD}".utf8)

    private mutating func utf8(_ chunk: UnsafeRawBufferPointer) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(chunk.count)
        for byte in chunk {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let (high, low) = encoding == .utf16Big ? (first, byte) : (byte, first)
            append(UInt16(high) << 8 | UInt16(low), to: &output)
        }
        return output
    }

    private mutating func append(_ unit: UInt16, to output: inout [UInt8]) {
        if unit < 0x80 && lead == nil {
            output.append(UInt8(unit))
            return
        }
        if let first = lead {
            lead = nil
            if UTF16.isTrailSurrogate(unit) {
                let scalar = 0x1_0000 + (UInt32(first) - 0xD800) << 10 + (UInt32(unit) - 0xDC00)
                output += UTF8.encode(Unicode.Scalar(scalar)!)!
                return
            }
            output += Self.replacement
        }
        if UTF16.isLeadSurrogate(unit) {
            lead = unit
        } else if let scalar = Unicode.Scalar(unit) {
            output += UTF8.encode(scalar)!
        } else {
            output += Self.replacement
        }
    }
}

/// Text of a line that is not valid UTF-8.
enum Latin1 {
    /// The line in UTF-8 if it is Latin-1; nil if it is UTF-8 already.
    static func utf8(_ line: Span<UInt8>) -> [UInt8]? {
        var union: UInt8 = 0
        for index in line.indices { union |= line[index] }
        if union < 0x80 { return nil }
        let bytes = line.indices.map { line[$0] }
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        return bytes.flatMap { byte -> [UInt8] in
            Array(UTF8.encode(scalar(byte))!)
        }
    }

    /// WHATWG, Encoding Standard, "Legacy single-byte encodings": Latin-1 is read as windows-1252, which has
    /// quotation marks and dashes where Latin-1 has controls.
    private static func scalar(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(windows[Int(byte) - 0x80])!
    }

    private static let windows: [UInt16] = [
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    ]
}
