internal import Foundation

/// Another program, started as by a shell.
final class Program {
    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    convenience init(_ words: String...) throws {
        try self.init(words)
    }

    init(_ words: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// The next line that it prints, once it comes; nil at the end of its output.
    func nextLine() -> String? {
        var line: [UInt8] = []
        while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    struct Ending: Equatable {
        var status: Int32
        /// The remaining lines.
        var lines: [String]
        var errors: [String]
    }

    /// Waits for its end. The output of these programs fits into a pipe.
    func end() -> Ending {
        var lines: [String] = []
        while let line = nextLine() { lines.append(line) }
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus, lines: lines,
            errors: String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init))
    }
}
