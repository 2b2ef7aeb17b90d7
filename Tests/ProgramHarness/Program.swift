package import Foundation
internal import ScriptedServers
internal import Synchronization

/// A process, most often of the program under test: its output, its end, and signals to it.
package final class Program: Sendable {
    /// How a process ended: its exit code, or 128 and the signal, as in a shell.
    package typealias Code = Int32

    /// The command line, for messages.
    package let command: String
    package let pid: pid_t
    package let output: ByteStream
    package let errors: ByteStream
    private let input: FileHandle?
    private let ending: Latch<Code>
    /// An object that must outlive the process.
    private let owner: any AnyObject & Sendable

    /// - Parameters:
    ///   - input: Bytes for standard input, which is then closed; nil leaves it open for `write`.
    ///   - owner: Kept as long as the value.
    ///   - errorsTo: The target of standard error instead of `errors`.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String], folder: String,
        input bytes: [UInt8]?, owner: any AnyObject & Sendable, errorsTo errorsFile: FileHandle?
    ) throws {
        // A process that ends before it has read its input must not end the tests with it.
        signal(SIGPIPE, SIG_IGN)
        command = ([URL(fileURLWithPath: path).lastPathComponent] + arguments)
            .joined(separator: " ")
        let ending = Latch<Code>()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            ending.open((isSignal ? 128 : 0) + process.terminationStatus)
        }
        let (inputPipe, outputPipe, errorsPipe) = try Self.starting.withLock { _ in
            let pipes = (Self.pipe(), Self.pipe(), Self.pipe())
            process.standardInput = pipes.0
            process.standardOutput = pipes.1
            process.standardError = errorsFile ?? pipes.2
            try process.run()
            return pipes
        }
        pid = process.processIdentifier
        self.ending = ending
        self.owner = owner
        if errorsFile != nil { try errorsPipe.fileHandleForWriting.close() }
        output = ByteStream(reading: outputPipe.fileHandleForReading)
        errors = ByteStream(reading: errorsPipe.fileHandleForReading)
        let handle = inputPipe.fileHandleForWriting
        input = bytes == nil ? handle : nil
        guard let bytes else { return }
        Thread {
            TCP.send(bytes, to: handle.fileDescriptor)
            try? handle.close()
        }.start()
    }

    /// One process starts at a time: another one that started between a pipe's creation and its marking would
    /// have its ends too, and a reader of the pipe would wait for its end in vain.
    private static let starting = Mutex(())

    private static func pipe() -> Pipe {
        let pipe = Pipe()
        for handle in [pipe.fileHandleForReading, pipe.fileHandleForWriting] {
            _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        return pipe
    }

    package var isRunning: Bool { ending.value == nil }

    /// Kills the process if it still runs. Does not keep the owner.
    package var killer: @Sendable () -> Void {
        { [pid, ending] in
            if ending.value == nil { kill(pid, SIGKILL) }
        }
    }

    package func send(_ signal: Int32) {
        if isRunning { kill(pid, signal) }
    }

    /// Sends a signal repeatedly, until one of them ends the process.
    package func sendUntilEnded(_ signal: Int32) async throws {
        try await eventually("the end of \(command)") { [self] () -> Void? in
            send(signal)
            return isRunning ? nil : ()
        }
    }

    /// Kills it after this time, if it still runs then.
    package func die(afterMicroseconds microseconds: Int) {
        DispatchQueue.global().asyncAfter(
            deadline: .now() + .microseconds(microseconds), execute: killer)
    }

    /// Returns when the process has read all but the last few of `bytes`, or is gone.
    package func write(_ bytes: [UInt8]) async throws {
        try await offThread { [input] in
            if let input { TCP.send(bytes, to: input.fileDescriptor) }
        }
    }

    package func closeInput() throws {
        try input?.close()
    }

    /// The result, once it has ended.
    package func ended() async throws -> Finished {
        defer { try? input?.close() }
        guard let code = await ending.opened() else {
            throw NeverCame(what: "the end of \(command)", seen: output.text + errors.text)
        }
        return Finished(
            command: command, code: code, bytes: try await output.all(),
            errors: String(decoding: try await errors.all(), as: UTF8.self))
    }
}

/// The result of a process that has ended.
package struct Finished: Sendable, CustomStringConvertible {
    package var command: String
    package var code: Program.Code
    package var bytes: [UInt8]
    package var errors: String

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package var lines: [String] {
        text.split(separator: "\n").map(String.init)
    }

    /// Lines, each with the rest of its text, which is wrapped and indented below it.
    package var entries: [String] {
        lines.reduce(into: []) { entries, line in
            if line.hasPrefix("  "), let last = entries.last {
                entries[entries.count - 1] = last + " " + line.drop { $0 == " " }
            } else {
                entries.append(line)
            }
        }
    }

    /// The text of a report without its line breaks and alignment.
    package var unwrapped: String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The counts of `enqueue`, without its forecast.
    package var added: String {
        lines.filter { $0.contains(" added") }.map { $0 + "\n" }.joined()
    }

    package var errorLines: [String] {
        errors.split(separator: "\n").map(String.init)
    }

    /// Standard output as JSON.
    package func json() throws -> Any {
        try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    }

    package func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }

    package var description: String {
        "\(command) ended with \(code)\n\(text.suffix(2_000))\(errors.suffix(2_000))"
    }
}
