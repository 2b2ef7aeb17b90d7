internal import Foundation

/// A program that a test starts as a shell does, and reads line by line or to its end.
package final class ShellCommand: Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()

    package convenience init(_ words: String...) throws {
        try self.init(words)
    }

    /// - Parameters:
    ///   - folder: The working folder; nil for the tests' own.
    ///   - environment: nil for the tests' own.
    ///   - input: Standard input, which is closed after it; nil leaves it open until the command is killed.
    ///   - joinsErrors: Whether standard error goes to standard output.
    package init(
        _ words: [String], in folder: String? = nil, environment: [String: String]? = nil,
        input bytes: [UInt8]? = [], joinsErrors: Bool = false
    ) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        if let environment { process.environment = environment }
        process.standardInput = bytes == [] ? FileHandle.nullDevice : input
        process.standardOutput = output
        process.standardError = joinsErrors ? output : errors
        try process.run()
        guard let bytes, !bytes.isEmpty else { return }
        // A command that ends before it has read its input must not end the tests with it.
        signal(SIGPIPE, SIG_IGN)
        let handle = input.fileHandleForWriting
        Thread {
            try? handle.write(contentsOf: bytes)
            try? handle.close()
        }.start()
    }

    /// Whether the PATH has a program.
    package static func has(_ program: String) -> Bool {
        (try? ShellCommand("sh", "-c", "command -v \(program)"))?.end().status == 0
    }

    /// The next line of standard output, once it comes; nil at the end of the output.
    package func nextLine() -> String? {
        var line: [UInt8] = []
        while let byte = output.fileHandleForReading.readData(ofLength: 1).first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }

    package struct Ending: Equatable {
        package var status: Int32
        /// The rest of standard output.
        package var bytes: [UInt8]
        package var errors: [String]

        init(status: Int32, bytes: [UInt8], errors: [String]) {
            self.status = status
            self.bytes = bytes
            self.errors = errors
        }

        /// What a test expects.
        package init(status: Int32, lines: [String], errors: [String]) {
            self.init(
                status: status, bytes: Array(lines.map { $0 + "\n" }.joined().utf8),
                errors: errors)
        }

        package var text: String { String(decoding: bytes, as: UTF8.self) }
        package var lines: [String] {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return (lines.last == "" ? lines.dropLast() : lines[...]).map(String.init)
        }
    }

    /// Waits for its end. What it writes to standard error must fit into a pipe.
    package func end() -> Ending {
        let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
        // Nothing writes to this pipe, and nothing closes it, if errors go to the output.
        let said =
            process.standardError as? Pipe === errors
            ? errors.fileHandleForReading.readDataToEndOfFile() : Data()
        process.waitUntilExit()
        return Ending(
            status: process.terminationStatus, bytes: bytes,
            errors: String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Sends a signal and returns when the process has ended.
    package func kill(_ signal: Int32 = SIGKILL) {
        Foundation.kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }
}
