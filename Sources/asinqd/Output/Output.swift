import Foundation

/// The two streams: data on stdout, everything else on stderr.
enum Output {
    static let isTerminal = isatty(STDOUT_FILENO) == 1
    static let isErrorTerminal = isatty(STDERR_FILENO) == 1

    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// `value` as JSON: fields in alphabetical order, instants in ISO 8601.
    static func json(_ value: some Encodable, pretty: Bool = true) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// Many lines for stdout, written in large pieces.
final class OutputBuffer {
    private var bytes: [UInt8] = []

    func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        if bytes.count >= 64 << 10 { flush() }
    }

    func flush() {
        FileHandle.standardOutput.write(Data(bytes))
        bytes.removeAll(keepingCapacity: true)
    }
}
