import Foundation
import Operations

/// The two streams: data on stdout, everything else on stderr.
enum Output {
    /// Whether stdout is a terminal.
    static let isScreen = isatty(STDOUT_FILENO) == 1
    /// Whether stdout, or stderr, is a terminal that escape codes may be sent to.
    static let isTerminal = isScreen && allowsEscapes
    static let isErrorTerminal = isatty(STDERR_FILENO) == 1 && allowsEscapes

    /// `TERM=dumb` is a terminal without them (terminfo(5)); NO_COLOR asks for plain text
    /// (no-color.org).
    private static let allowsEscapes: Bool = {
        let environment = ProcessInfo.processInfo.environment
        return environment["TERM"] != "dumb" && environment.folder("NO_COLOR") == nil
    }()

    /// The width of the terminal at stdout: COLUMNS, as in other programs, or the terminal's own answer.
    static var screenColumns: Int? {
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init),
            columns > 0
        {
            return columns
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    static func line(_ text: String) {
        write(Array((text + "\n").utf8))
    }

    static func error(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Ends the command if stdout cannot be written: a partial output must not look complete.
    static func write(_ bytes: [UInt8]) {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            let reason = String(cString: strerror(errno))
            Self.error(
                "asinqd: The output could not be written: \(reason).\nTry: redirect it to another place."
            )
            exit(OperationError.Kind.failed.exitCode)
        }
    }

    /// Whether stdout was closed at the start. Set before there is a second thread.
    nonisolated(unsafe) private(set) static var wasClosed = false

    /// A descriptor that is closed at the start would be reused for the next file that is opened, possibly the
    /// database, and messages would be written into it.
    static func openClosedStreams() {
        wasClosed = fcntl(STDOUT_FILENO, F_GETFD) < 0
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
        where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", O_RDWR)
        }
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
        Output.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
