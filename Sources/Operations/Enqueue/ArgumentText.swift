internal import Foundation

/// The program's arguments as texts that keep every byte.
///
/// The name of a file is bytes, and need not be UTF-8. Decoding replaces invalid bytes by `�`, and the file
/// cannot be opened. So each such byte is kept as a private-use character.
package enum ArgumentText {
    /// U+10FF80 to U+10FFFF, for the bytes 80 to FF.
    private static let kept: ClosedRange<UInt32> = 0x10_FF80...0x10_FFFF

    /// The arguments after the program's name.
    package static func all() -> [String] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map {
                text(Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))))
            }
        }
    }

    /// Also what looks like a kept byte is kept byte by byte, so that `bytes` gives back any name.
    private static func text(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), isUTF8(text) { return text }
        var scalars = String.UnicodeScalarView()
        var rest = bytes[...]
        while let first = rest.first {
            let scalar = (1...4).lazy.filter { $0 <= rest.count }.compactMap { length in
                String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first
            }.first
            if let scalar, !kept.contains(scalar.value) {
                scalars.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                scalars.append(Unicode.Scalar(0x10_FF00 + UInt32(first))!)
                rest = rest.dropFirst()
            }
        }
        return String(scalars)
    }

    /// The bytes that `text` stands for, with a zero at the end, as system calls take a path.
    package static func path(_ text: String) -> [CChar] {
        text.unicodeScalars.flatMap { scalar in
            kept.contains(scalar.value)
                ? [CChar(bitPattern: UInt8(scalar.value & 0xFF))]
                : UTF8.encode(scalar)!.map { CChar(bitPattern: $0) }
        } + [0]
    }

    package static func isUTF8(_ text: String) -> Bool {
        !text.unicodeScalars.contains { kept.contains($0.value) }
    }

    /// The text for people, with `�` for each byte that is no UTF-8.
    package static func shown(_ text: String) -> String {
        isUTF8(text)
            ? text
            : String(
                String.UnicodeScalarView(
                    text.unicodeScalars.map { kept.contains($0.value) ? "\u{FFFD}" : $0 }))
    }
}

/// A command that reads files which the user names.
package protocol ReadsFiles {
    /// As `ArgumentText` has them.
    var inputFiles: [String] { get }
}
