internal import Foundation
internal import Storage
internal import SystemPackage

/// A CSV file of the lines that are no products, so that they can be corrected and enqueued again. It gets its
/// name when it is complete.
package final class RejectsFile {
    private static let bufferBytes = 64 << 10
    /// The column that `enqueue --column` reads again.
    package static let textColumn = "text"

    private let path: String
    private let partial: String
    private let descriptor: FileDescriptor
    private var buffer: [UInt8]
    private var isOpen = true

    private static let header = Array(CSV.row(["file", "line", textColumn, "reason"]).utf8)

    /// Whether a file is empty or an earlier one of this kind.
    private static func isReplaceable(_ path: String) -> Bool {
        let descriptor = open(ArgumentText.path(path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: header.count)
        let count = read(descriptor, &bytes, bytes.count)
        return count == 0 || count == header.count && bytes == header
    }

    /// - Parameter path: As `ArgumentText` has it.
    /// - Throws: `OperationError`
    package init(path: String) throws {
        self.path = path
        partial = path + ".partial"
        buffer = Self.header
        // Not followed: a link such as /dev/stdout would be replaced, not the file that it leads to.
        if let stat = try? Stat(ArgumentText.path(path), followTargetSymlink: false),
            stat.type != .regular || !Self.isReplaceable(path)
        {
            throw OperationError(
                .badData,
                "\(TerminalText.safe(ArgumentText.shown(path))) is not a file of rejected lines, and was not changed.\nTry: use --rejects with another path."
            )
        }
        let opened = open(
            ArgumentText.path(partial), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        descriptor = FileDescriptor(rawValue: opened)
        if opened < 0 {
            isOpen = false
            throw unwritable(errno)
        }
    }

    deinit {
        if isOpen {
            try? descriptor.close()
            unlink(ArgumentText.path(partial))
        }
    }

    /// - Throws: `OperationError`
    func add(file: String, line: Int, text: String, reason: String) throws {
        buffer += CSV.row([file, String(line), text, reason]).utf8
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Gives the file its name.
    /// - Throws: `OperationError`
    package func finish() throws {
        try flush()
        guard fsync(descriptor.rawValue) == 0 else { throw unwritable(errno) }
        guard rename(ArgumentText.path(partial), ArgumentText.path(path)) == 0 else {
            throw unwritable(errno)
        }
        isOpen = false
        try? descriptor.close()
    }

    private func flush() throws {
        do {
            try descriptor.writeAll(buffer)
        } catch let error as Errno {
            throw unwritable(error.rawValue)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func unwritable(_ code: Int32) -> OperationError {
        OperationError(
            OpenFiles.areUsedUp(code) ? .tryLater : .failed,
            """
            \(TerminalText.safe(ArgumentText.shown(path))) cannot be written: \(OpenFiles.reason(code)).
            Try: \(OpenFiles.advice(code, otherwise: "use another path."))
            """)
    }
}
