/// The gzip format around DEFLATE data.
///
/// Source: RFC 1952.
enum Gzip {
    static let magic: [UInt8] = [0x1F, 0x8B]

    /// Decodes all members, one after the other, as `gunzip` does.
    static func decode(_ bytes: [UInt8], bytesMax: Int) throws(InflateFailure) -> [UInt8] {
        var stream = GzipStream()
        stream.feed(bytes)
        var output: [UInt8] = []
        while let piece = try stream.next() {
            guard piece.count <= bytesMax - output.count else { throw .tooLarge }
            output += piece
        }
        try stream.end()
        return output
    }
}

/// Decodes gzip data that arrives in chunks, in constant memory.
struct GzipStream {
    private enum Phase {
        case head
        case data(Inflate)
        case trailer
        /// After a member: another one, or zeros, which are padding.
        case between
    }

    private static let headBytes = 10
    private static let trailerBytes = 8
    /// The longest head with its name, comment and extra field that is accepted.
    private static let headBytesMax = 128 << 10
    /// The output that is returned at once.
    private static let pieceBytes = 64 << 10

    private var phase = Phase.head
    /// Input that was not read. While there is `data`, it is there.
    private var input: [UInt8] = []
    private var checksum = CRC32()
    private var count: UInt32 = 0

    mutating func feed(_ bytes: some Collection<UInt8>) {
        guard case .data(var inflate) = phase else {
            input += bytes
            return
        }
        phase = .trailer
        inflate.feed(bytes)
        phase = .data(inflate)
    }

    /// The next piece of the output; nil if more input is needed first.
    mutating func next() throws(InflateFailure) -> ArraySlice<UInt8>? {
        while true {
            switch phase {
            case .between:
                input = Array(input.drop { $0 == 0 })
                if input.isEmpty { return nil }
                phase = .head
            case .head:
                let end: Int
                do throws(InflateFailure) {
                    end = try Self.endOfHead(input)
                } catch .short where input.count < Self.headBytesMax {
                    return nil
                }
                phase = .data(Inflate(input, from: end, bytesMax: .max))
                (input, checksum, count) = ([], CRC32(), 0)
            case .data(var inflate):
                // The only reference to its arrays, so that they are not copied.
                phase = .trailer
                inflate.dropOutput()
                let start = inflate.output.count
                let isEnded = try inflate.resume(outputGoal: start + Self.pieceBytes)
                let piece = inflate.output[start...]
                checksum.add(piece)
                count &+= UInt32(truncatingIfNeeded: piece.count)
                if isEnded { input = Array(inflate.rest) } else { phase = .data(inflate) }
                if !piece.isEmpty { return piece }
                if !isEnded { return nil }
            case .trailer:
                guard input.count >= Self.trailerBytes else { return nil }
                guard Self.number(input[0..<4]) == checksum.value,
                    Self.number(input[4..<8]) == count
                else { throw .damaged }
                input.removeFirst(Self.trailerBytes)
                phase = .between
            }
        }
    }

    /// - Throws: `InflateFailure.damaged` if the data is cut short.
    func end() throws(InflateFailure) {
        guard case .between = phase else { throw .damaged }
    }

    /// The offset at which a member's data begins: after the fixed header and the optional fields that its
    /// flags announce.
    private static func endOfHead(_ bytes: [UInt8]) throws(InflateFailure) -> Int {
        guard bytes.count >= headBytes else { throw .short }
        guard bytes.starts(with: Gzip.magic), bytes[2] == 8,
            case let flags = bytes[3], flags & 0xE0 == 0
        else { throw .damaged }
        var position = headBytes
        if flags & 4 != 0 {
            guard bytes.count - position >= 2 else { throw .short }
            position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
        }
        // A name and a comment, each of which ends with a zero.
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard position < bytes.count, let end = bytes[position...].firstIndex(of: 0) else {
                throw .short
            }
            position = end + 1
        }
        if flags & 2 != 0 { position += 2 }
        guard position <= bytes.count else { throw .short }
        return position
    }

    /// The lowest byte first.
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Source: RFC 1952, section 8.
struct CRC32 {
    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }

    private var state = UInt32.max

    var value: UInt32 { ~state }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        let table = Self.table
        for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xFF)] ^ state >> 8 }
    }
}
