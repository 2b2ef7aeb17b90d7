internal import Foundation

/// One value within a JSON text, as the exact bytes that were sent.
///
/// A general parser rounds numbers and reorders fields; a stored reply must stay what the provider sent.
/// Slices are cut from a text that `JSONBody` has accepted, so its punctuation is correct. On other bytes
/// they hold nonsense, but never trap.
struct JSONSlice {
    let bytes: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// A whole text, such as a body that was stored.
    init(json text: String) {
        bytes = Array(text.utf8).drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    }

    var isObject: Bool { bytes.first == UInt8(ascii: "{") }

    /// The fields of an object in their order; none for anything else.
    var members: [(name: JSONSlice, value: JSONSlice)] {
        guard isObject else { return [] }
        let parts = parts
        return stride(from: 1, to: parts.count, by: 2).map { (parts[$0 - 1], parts[$0]) }
    }

    /// The values of an array; nil for anything else.
    var elements: [JSONSlice]? {
        bytes.first == UInt8(ascii: "[") ? parts : nil
    }

    /// The first field of an object with this name, written without escapes.
    func member(_ name: String) -> JSONSlice? {
        guard bytes.first == UInt8(ascii: "{") else { return nil }
        let parts = parts
        return stride(from: 1, to: parts.count, by: 2)
            .first { parts[$0 - 1].bytes.dropFirst().dropLast().elementsEqual(name.utf8) }
            .map { parts[$0] }
    }

    /// The value of a string; nil for anything else.
    var string: String? {
        guard bytes.first == UInt8(ascii: "\""), bytes.count >= 2 else { return nil }
        guard bytes.contains(UInt8(ascii: "\\")) else {
            return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
        }
        let text = try? JSONSerialization.jsonObject(
            with: Data(bytes), options: .fragmentsAllowed)
        return text as? String
    }

    /// A number, however it is spelled (998, 998.0, 9.98e2); nil for anything else.
    var number: Double? {
        Double(String(decoding: bytes, as: UTF8.self))
    }

    /// A number from 0 on, cut to a whole one; nil for an absurd number, which must not keep the items from
    /// being read.
    var count: Int? {
        guard let number, (0...Self.countMax).contains(number) else { return nil }
        return Int(number)
    }

    /// A balance: as `count`, and 0 for a number below zero, which is an empty pool.
    var balance: Int? {
        guard let number, number < 0, number.isFinite else { return count }
        return 0
    }

    /// The largest accepted number of tokens or milliseconds, far above any real one.
    private static let countMax = 1e15

    /// Whether it has any content: it is not null, a blank string, or a list of such.
    var isBlank: Bool {
        if let elements { return elements.allSatisfy(\.isBlank) }
        if let string { return string.allSatisfy(\.isWhitespace) }
        return bytes.elementsEqual("null".utf8)
    }

    /// Every string in it at any depth, names of fields included.
    var strings: [JSONSlice] {
        var strings: [JSONSlice] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let start = index
            if bytes[start] == UInt8(ascii: "\"") {
                index = end(ofStringAt: start)
                strings.append(JSONSlice(bytes: bytes[start..<index]))
            } else {
                index += 1
            }
        }
        return strings
    }

    /// The values within an array; names and values in turn within an object.
    private var parts: [JSONSlice] {
        var parts: [JSONSlice] = []
        var index = bytes.startIndex + 1
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                return parts
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                index += 1
            default:
                let start = index
                index = end(ofValueAt: start)
                parts.append(JSONSlice(bytes: bytes[start..<index]))
            }
        }
        return parts
    }

    private func end(ofValueAt start: Int) -> Int {
        var depth = 0
        var index = start
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                index = end(ofStringAt: index)
                if depth == 0 { return index }
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth <= 1 { return depth == 0 ? index : index + 1 }
                depth -= 1
            case UInt8(ascii: ","), 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return index }
            default:
                break
            }
            index += 1
        }
        return index
    }

    /// Past the closing quote of the string that opens at `start`.
    private func end(ofStringAt start: Int) -> Int {
        var index = start + 1
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return bytes.endIndex
    }
}
