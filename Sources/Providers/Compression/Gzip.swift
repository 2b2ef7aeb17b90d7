/// The gzip format around DEFLATE data.
///
/// Source: RFC 1952.
enum Gzip {
    private static let headBytes = 10
    private static let trailerBytes = 8

    /// Decodes all members, one after the other, as `gunzip` does. Zeros after the last one are padding.
    static func decode(_ bytes: [UInt8], bytesMax: Int) throws(InflateFailure) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        repeat {
            let start = try endOfHead(bytes, at: position)
            var inflate = Inflate(bytes, from: start, bytesMax: bytesMax - output.count)
            try inflate.run()
            let trailer = bytes[inflate.position...].prefix(trailerBytes)
            guard trailer.count == trailerBytes,
                number(trailer.prefix(4)) == CRC32.of(inflate.output),
                number(trailer.suffix(4)) == UInt32(truncatingIfNeeded: inflate.output.count)
            else { throw .damaged }
            output += inflate.output
            position = trailer.endIndex
        } while position < bytes.count && bytes[position...].contains { $0 != 0 }
        return output
    }

    /// The offset at which a member's data begins: after the fixed header and the optional fields that its
    /// flags announce.
    private static func endOfHead(_ bytes: [UInt8], at start: Int) throws(InflateFailure) -> Int {
        guard bytes.count - start >= headBytes, bytes[start] == 0x1F, bytes[start + 1] == 0x8B,
            bytes[start + 2] == 8, case let flags = bytes[start + 3], flags & 0xE0 == 0
        else { throw .damaged }
        var position = start + headBytes
        if flags & 4 != 0 {
            guard bytes.count - position >= 2 else { throw .damaged }
            position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
        }
        // A name and a comment, each of which ends with a zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else {
                throw .damaged
            }
            position = end + 1
        }
        if flags & 2 != 0 { position += 2 }
        guard position <= bytes.count else { throw .damaged }
        return position
    }

    /// The lowest byte first.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Source: RFC 1952, section 8.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
}
