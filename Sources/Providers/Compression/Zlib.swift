/// The zlib format around DEFLATE data.
///
/// Source: RFC 1950.
enum Zlib {
    private static let headBytes = 2
    private static let trailerBytes = 4

    /// Whether the first two bytes are a header: DEFLATE, a window of at most 32 KiB, no preset dictionary,
    /// and both together a multiple of 31.
    static func hasHead(_ bytes: [UInt8]) -> Bool {
        bytes.count >= headBytes && bytes[0] & 0x0F == 8 && bytes[0] >> 4 <= 7
            && bytes[1] & 0x20 == 0 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }

    static func decode(_ bytes: [UInt8], bytesMax: Int) throws(InflateFailure) -> [UInt8] {
        var inflate = Inflate(bytes, from: headBytes, bytesMax: bytesMax)
        try inflate.run()
        let trailer = bytes[inflate.position...].prefix(trailerBytes)
        guard trailer.count == trailerBytes,
            trailer.reduce(0, { $0 << 8 | UInt32($1) }) == adler32(inflate.output)
        else { throw .damaged }
        return inflate.output
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var a: UInt32 = 1
        var b: UInt32 = 0
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }
}
