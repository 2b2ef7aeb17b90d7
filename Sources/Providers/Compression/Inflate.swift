/// Why compressed data could not be decoded.
enum InflateFailure: Error, Equatable {
    /// In another format.
    case damaged
    /// The input ends within the data.
    case short
    case tooLarge
}

/// The decoder of DEFLATE data.
///
/// It is written in Swift, because the data is untrusted: every index is checked, and the output never grows
/// beyond its limit, whatever the data claims. Source: RFC 1951, whose section 3.2 has the tables below.
struct Inflate {
    private enum Phase {
        case head
        /// A stored block with this many bytes left.
        case stored(Int)
        case codes(HuffmanCode, HuffmanCode)
        case ended
    }

    /// How far back a copy can reach.
    static let windowBytes = 32 << 10

    private var input: [UInt8]
    private let bytesMax: Int
    /// The next byte to read; after the last block, the one after the data.
    private(set) var position: Int
    private(set) var output: [UInt8] = []
    private var bits: UInt32 = 0
    private var bitCount = 0
    private var phase = Phase.head
    private var isLast = false
    /// Where the step that is not finished began.
    private var mark: (position: Int, bits: UInt32, bitCount: Int) = (0, 0, 0)

    init(_ input: [UInt8], from position: Int, bytesMax: Int) {
        self.input = input
        self.position = position
        self.bytesMax = bytesMax
    }

    /// Decodes to the end of the last block.
    mutating func run() throws(InflateFailure) {
        guard try resume(outputGoal: .max) else { throw .damaged }
    }

    /// Decodes until the last block ends, `output` has about `outputGoal` bytes, or the input is used up.
    /// - Returns: Whether the last block has ended.
    mutating func resume(outputGoal: Int) throws(InflateFailure) -> Bool {
        do throws(InflateFailure) {
            while output.count < outputGoal {
                mark = (position, bits, bitCount)
                switch phase {
                case .head: try readHead()
                case .stored(let left): try copyStored(left)
                case .codes(let literals, let distances):
                    try decode(literals, distances, outputGoal)
                case .ended: return true
                }
            }
        } catch .short {
            (position, bits, bitCount) = mark
        }
        return false
    }

    /// Appends `bytes` to the input, and forgets the part that was read.
    mutating func feed(_ bytes: some Collection<UInt8>) {
        input.removeFirst(position)
        position = 0
        input += bytes
    }

    /// Forgets the output except for the last `windowBytes`.
    mutating func dropOutput() {
        output.removeFirst(max(0, output.count - Self.windowBytes))
    }

    /// The input after the data.
    var rest: ArraySlice<UInt8> { input[position...] }

    private mutating func readHead() throws(InflateFailure) {
        if isLast {
            phase = .ended
            return
        }
        let isLast = try take(1) == 1
        switch try take(2) {
        case 0:
            _ = try take(bitCount % 8)
            let length = try take(16)
            guard try take(16) == length ^ 0xFFFF else { throw .damaged }
            guard bytesMax - output.count >= length else { throw .tooLarge }
            phase = .stored(length)
        case 1: phase = .codes(Self.fixedLiterals, Self.fixedDistances)
        case 2:
            let (literals, distances) = try dynamicCodes()
            phase = .codes(literals, distances)
        default: throw .damaged
        }
        self.isLast = isLast
    }

    /// The next `count` bits, at most 16, the lowest first. No byte is read before one of its bits is needed.
    private mutating func take(_ count: Int) throws(InflateFailure) -> Int {
        while bitCount < count {
            guard position < input.count else { throw .short }
            bits |= UInt32(input[position]) << UInt32(bitCount)
            position += 1
            bitCount += 8
        }
        let value = bits & ((1 << UInt32(count)) - 1)
        bits >>= UInt32(count)
        bitCount -= count
        return Int(value)
    }

    private mutating func copyStored(_ left: Int) throws(InflateFailure) {
        let part = input[position...].prefix(left)
        output += part
        position = part.endIndex
        phase = part.count == left ? .head : .stored(left - part.count)
        mark.position = position
        if part.count < left { throw .short }
    }

    private mutating func decode(
        _ literals: HuffmanCode, _ distances: HuffmanCode, _ outputGoal: Int
    ) throws(InflateFailure) {
        while output.count < outputGoal {
            mark = (position, bits, bitCount)
            let symbol = try self.symbol(literals)
            if symbol == 256 {
                phase = .head
                return
            }
            if symbol < 256 {
                guard output.count < bytesMax else { throw .tooLarge }
                output.append(UInt8(symbol))
                continue
            }
            guard symbol - 257 < Self.lengths.count else { throw .damaged }
            let length = Self.lengths[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
            let code = try self.symbol(distances)
            guard code < Self.distances.count else { throw .damaged }
            let distance = Self.distances[code] + (try take(Self.distanceBits[code]))
            guard distance <= output.count else { throw .damaged }
            guard bytesMax - output.count >= length else { throw .tooLarge }
            // Byte by byte, because the source may overlap the bytes being written.
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    /// Huffman codes come with their highest bit first.
    private mutating func symbol(_ huffman: HuffmanCode) throws(InflateFailure) -> Int {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...HuffmanCode.bitsMax {
            code |= try take(1)
            let count = huffman.counts[length]
            if code - first < count { return huffman.symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw .damaged
    }

    /// The two codes of a block that includes its own.
    private mutating func dynamicCodes() throws(InflateFailure) -> (HuffmanCode, HuffmanCode) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw .damaged }
        var lengthLengths = [Int](repeating: 0, count: 19)
        for place in Self.lengthOrder.prefix(lengthCount) { lengthLengths[place] = try take(3) }
        let lengthCode = try HuffmanCode(lengthLengths[...])
        var lengths: [Int] = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try self.symbol(lengthCode)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw .damaged }
                lengths += Array(repeating: last, count: 3 + (try take(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try take(3)))
            case 18: lengths += Array(repeating: 0, count: 11 + (try take(7)))
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] > 0 else {
            throw .damaged
        }
        return (
            try HuffmanCode(lengths[..<literalCount]), try HuffmanCode(lengths[literalCount...])
        )
    }

    private static let lengths =
        Array(3...10) + [11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163]
        + [195, 227, 258]
    private static let lengthBits =
        Array(repeating: 0, count: 8) + (1...5).flatMap { Array(repeating: $0, count: 4) } + [0]
    private static let distances = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537,
        2_049, 3_073, 4_097, 6_145, 8_193, 12_289, 16_385, 24_577,
    ]
    private static let distanceBits = [0, 0] + (0...13).flatMap { [$0, $0] }
    private static let lengthOrder = [
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
    ]
    // The RFC's own tables, which are complete codes.
    private static let fixedLiterals = try! HuffmanCode(
        (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }[...])
    private static let fixedDistances = try! HuffmanCode(Array(repeating: 5, count: 30)[...])
}
