import Foundation
import TestSupport
import Testing

@testable import Providers

@Suite("Content codings")
struct ContentCodingTests {
    private static let text = Array(String(repeating: "asinqd asks, ", count: 40).utf8)

    /// `text` as DEFLATE data, by zlib at level 9.
    private static let deflated: [UInt8] = [
        75, 44, 206, 204, 43, 76, 81, 72, 44, 206, 46, 214, 1, 146, 163, 156, 17, 202, 1, 0,
    ]

    private func decode(
        _ bytes: [UInt8], _ codings: String..., bytesMax: Int = 1 << 20
    ) throws -> [UInt8] {
        try ContentCoding.decode(bytes, codings, bytesMax: bytesMax)
    }

    private func failure(
        _ bytes: [UInt8], _ codings: String..., bytesMax: Int = 1 << 20
    ) -> ContentCoding.Failure? {
        do {
            _ = try ContentCoding.decode(bytes, codings, bytesMax: bytesMax)
            return nil
        } catch {
            return error
        }
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32()
        checksum.add(bytes[...])
        return checksum.value
    }

    /// A member whose header has these flags and their fields.
    private static func gzip(
        flags: UInt8 = 0, extra: [UInt8] = [], _ data: [UInt8], of plain: [UInt8]
    ) -> [UInt8] {
        [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3] + extra + data + bytes(checksum(plain))
            + bytes(UInt32(plain.count))
    }

    /// Blocks without compression.
    private static func stored(_ plain: [UInt8]) -> [UInt8] {
        let count = UInt16(plain.count)
        return [
            1, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8),
        ]
            + plain
    }

    private static var gzipped: [UInt8] { gzip(deflated, of: text) }
    private static var zlib: [UInt8] { [0x78, 0xDA] + deflated + [0x6B, 0x8C, 0xB8, 0xB1] }

    @Test("gzip by either of its names, in any letters, and identity, change nothing in the text")
    func names() throws {
        for name in ["gzip", "GZIP", "x-gzip", "X-Gzip"] {
            #expect(try decode(Self.gzipped, name) == Self.text)
        }
        for name in ["identity", "Identity", ""] {
            #expect(try decode(Self.text, name) == Self.text)
        }
        #expect(try decode(Self.text) == Self.text)
    }

    @Test("deflate is decoded with zlib's header and checksum, and without them")
    func deflate() throws {
        #expect(try decode(Self.zlib, "deflate") == Self.text)
        #expect(try decode(Self.deflated, "Deflate") == Self.text)
        #expect(try decode(Self.stored(Self.text), "deflate") == Self.text)
    }

    @Test("Several codings are decoded from the last to the first")
    func several() throws {
        let twice = Self.gzip(Self.stored(Self.gzipped), of: Self.gzipped)
        #expect(try decode(twice, "gzip", "gzip") == Self.text)
        let mixed = Self.gzip(Self.stored(Self.zlib), of: Self.zlib)
        #expect(try decode(mixed, "deflate", "identity", "gzip") == Self.text)
        #expect(failure(mixed, "gzip", "deflate") == .damaged("deflate"))
    }

    @Test(
        "A gzip file's name, comment, extra field and header checksum are skipped",
        arguments: 0..<32)
    func heads(flags: UInt8) throws {
        var extra: [UInt8] = []
        if flags & 4 != 0 { extra += [3, 0, 0, 1, 2] }
        if flags & 8 != 0 { extra += Array("name".utf8) + [0] }
        if flags & 16 != 0 { extra += [0] }
        if flags & 2 != 0 { extra += [9, 9] }
        let member = Self.gzip(flags: flags, extra: extra, Self.deflated, of: Self.text)
        #expect(try decode(member, "gzip") == Self.text)
    }

    @Test("Members of a gzip file are joined, and zeros after them are padding")
    func members() throws {
        let member = Self.gzipped
        #expect(try decode(member + member, "gzip") == Self.text + Self.text)
        #expect(try decode(member + [0, 0, 0], "gzip") == Self.text)
        #expect(failure(member + [1], "gzip") == .damaged("gzip"))
    }

    @Test("Data that ends early is damaged, wherever it ends")
    func cutShort() {
        for (coding, whole) in [("gzip", Self.gzipped), ("deflate", Self.zlib)] {
            for count in 1..<whole.count {
                let part = Array(whole.prefix(count))
                #expect(failure(part, coding) == .damaged(coding), "\(coding), \(count) bytes")
            }
        }
    }

    @Test("A wrong bit is noticed, unless it does not affect the text")
    func wrongBit() throws {
        for (coding, whole) in [("gzip", Self.gzipped), ("deflate", Self.zlib)] {
            for place in whole.indices {
                for bit in 0..<8 {
                    var bytes = whole
                    bytes[place] ^= 1 << UInt8(bit)
                    if let decoded = try? decode(bytes, coding) {
                        #expect(decoded == Self.text, "\(coding), byte \(place), bit \(bit)")
                    }
                }
            }
        }
    }

    @Test("Data that is not compressed at all is damaged")
    func plain() {
        #expect(failure(Array("{\"items\": []}".utf8), "gzip") == .damaged("gzip"))
        #expect(failure(Array("{\"items\": []}".utf8), "deflate") == .damaged("deflate"))
    }

    @Test(
        "An empty body is empty, with any declared coding", arguments: ["gzip", "deflate", "br"])
    func empty(coding: String) throws {
        #expect(try decode([], coding).isEmpty)
    }

    @Test("The limit counts decoded bytes, of all members and at each step")
    func limit() throws {
        let count = Self.text.count
        #expect(try decode(Self.gzipped, "gzip", bytesMax: count) == Self.text)
        for (bytes, coding) in [
            (Self.gzipped, "gzip"), (Self.zlib, "deflate"), (Self.deflated, "deflate"),
            (Self.gzip(Self.stored(Self.text), of: Self.text), "gzip"),
        ] {
            #expect(failure(bytes, coding, bytesMax: count - 1) == .tooLarge)
        }
        #expect(failure(Self.gzipped + Self.gzipped, "gzip", bytesMax: count * 2 - 1) == .tooLarge)
        let twice = Self.gzip(Self.stored(Self.gzipped), of: Self.gzipped)
        #expect(failure(twice, "gzip", "gzip", bytesMax: Self.gzipped.count - 1) == .tooLarge)
    }

    @Test("An unsupported coding is named if it is a known one")
    func unknown() {
        for name in ["br", "zstd", "compress"] {
            #expect(failure(Self.text, name) == .unknown(name))
            #expect(failure(Self.text, "gzip", name) == .unknown(name))
        }
        #expect(failure(Self.text, "sk-live-0123456789") == .unknown(nil))
        let codings = Array(repeating: "gzip", count: 5)
        #expect(throws: ContentCoding.Failure.unknown(nil)) {
            try ContentCoding.decode(Self.gzipped, codings, bytesMax: 1 << 20)
        }
    }

    @Test("Random bytes end as text or as a failure", arguments: 0..<200 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var raw = bytes
        raw[0] = raw[0] & 0xF8 | [2, 3, 4, 5][Int(seed % 4)]
        for data in [bytes, raw, [0x78, 0xDA] + raw, Self.gzip(raw, of: [])] {
            _ = failure(data, "deflate", bytesMax: 100_000)
            _ = failure(data, "gzip", bytesMax: 100_000)
        }
    }

    /// Compresses texts of all kinds, and prints coding, compressed and plain text in hexadecimals.
    private static let compressing = """
        import gzip, random, zlib
        random.seed(7)
        texts = [b'', b'a', b'a' * 70000, bytes(range(256)) * 300]
        for size in (10, 300, 5000, 40000):
            texts.append(random.randbytes(size))
            texts.append(bytes(random.choice(b'abcde ') for _ in range(size)))
            words = [random.randbytes(random.randint(1, 300)) for _ in range(20)]
            texts.append(b''.join(random.choice(words) for _ in range(size // 100)))
        for text in texts:
            for level in (0, 1, 6, 9):
                print('gzip', gzip.compress(text, level).hex(), text.hex())
                print('deflate', zlib.compress(text, level).hex(), text.hex())
            for strategy in (zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED):
                packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
                middle = len(text) // 2
                packed = packer.compress(text[:middle]) + packer.flush(zlib.Z_FULL_FLUSH)
                packed += packer.compress(text[middle:]) + packer.flush()
                print('deflate', packed.hex(), text.hex())
        """

    @Test("zlib's output is decoded, in all its formats")
    func zlibs() throws {
        let lines = try ShellCommand("python3", "-c", Self.compressing).end().lines
        #expect(lines.count == 192)
        for line in lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            let plain = Self.unhex(words[2])
            #expect(try decode(Self.unhex(words[1]), String(words[0])) == plain)
        }
    }

    private static func unhex(_ text: Substring) -> [UInt8] {
        let digits = text.utf8.map { $0 < 0x40 ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
