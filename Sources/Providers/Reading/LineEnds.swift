internal import Foundation

/// Turns carriage returns, with or without a line feed after them, into line feeds.
struct LineEnds {
    /// Whether a line feed at the beginning of the next chunk belongs to the last line's end.
    private var isAfterReturn = false

    mutating func normalize(
        _ chunk: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard let start = chunk.baseAddress, chunk.count > 0 else { return }
        if !isAfterReturn && memchr(start, 0x0D, chunk.count) == nil {
            try body(chunk)
            return
        }
        var isAfterReturn = isAfterReturn
        let bytes = [UInt8](unsafeUninitializedCapacity: chunk.count) { bytes, count in
            for byte in chunk {
                if byte != 0x0A || !isAfterReturn {
                    bytes[count] = byte == 0x0D ? 0x0A : byte
                    count += 1
                }
                isAfterReturn = byte == 0x0D
            }
        }
        self.isAfterReturn = isAfterReturn
        try bytes.withUnsafeBytes(body)
    }
}
