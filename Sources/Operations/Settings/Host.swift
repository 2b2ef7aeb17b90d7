internal import Foundation

/// A host of an address: a name, or an IP address in its bytes.
package struct Host: Equatable, Sendable {
    /// In small letters, without the dot at the end that a full name may have.
    package let name: String
    /// Four or sixteen; empty for a name.
    package let bytes: [UInt8]

    /// - Parameter text: An IPv6 address with or without its brackets.
    package init(_ text: String) {
        var text = text.lowercased()
        if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        if text.hasSuffix(".") { text.removeLast() }
        name = text
        bytes = Self.address(AF_INET, 4, text) ?? Self.address(AF_INET6, 16, text) ?? []
    }

    /// This machine: 127.0.0.0/8, ::1 (also as IPv4 in IPv6), and localhost. No other name, which might lead
    /// elsewhere.
    package var isLoopback: Bool {
        switch bytes.count {
        case 4: bytes[0] == 127
        case 16:
            bytes == [UInt8](repeating: 0, count: 15) + [1]
                || bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 127])
        default: name == "localhost"
        }
    }

    /// The form before a port.
    package var bracketed: String { bytes.count == 16 ? "[\(name)]" : name }

    private static func address(_ family: Int32, _ count: Int, _ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
