internal import Foundation
internal import Storage
internal import SystemPackage

/// A file that gets its name when it is complete and on the disk. Until then an earlier file of that name stays
/// as it was, also if the process is killed.
package final class DraftFile {
    private static let bufferBytes = 64 << 10

    private let path: String
    /// The bytes of the path that it gets, and of the one that it has until then.
    private let target: [CChar]
    private let draft: [CChar]
    private let descriptor: FileDescriptor
    private var buffer: [UInt8] = []
    private var isComplete = false

    /// - Parameter path: As `ArgumentText` has it. A link stays, and the file that it leads to is replaced.
    /// - Throws: `OperationError`
    package init(path: String) throws {
        self.path = path
        target = Self.resolved(ArgumentText.path(path))
        // Next to it, so that it can be renamed; hidden, so that `*` does not list it.
        let slash = target.lastIndex(of: CChar(UInt8(ascii: "/")))
        let start = slash.map { $0 + 1 } ?? 0
        draft =
            target[..<start] + ArgumentText.path(".").dropLast() + target[start...].dropLast()
            + ArgumentText.path(".asinqd-partial")
        let earlier = try? Stat(target)
        descriptor = FileDescriptor(
            rawValue: open(draft, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666))
        if descriptor.rawValue < 0 {
            isComplete = true
            throw unwritable(errno)
        }
        if let earlier, earlier.type != .regular {
            throw OperationError(
                .badRequest,
                "\(shownPath) is not a regular file.\nTry: name a file, or redirect standard output."
            )
        }
        // Locked before it is emptied: another process may be writing it.
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            isComplete = true
            throw OperationError(
                .tryLater,
                "\(shownPath) is being written by another asinqd.\nTry: run the command again when that one has ended."
            )
        }
        guard ftruncate(descriptor.rawValue, 0) == 0 else { throw unwritable(errno) }
        if let earlier { _ = fchmod(descriptor.rawValue, earlier.permissions.rawValue) }
    }

    /// Once complete, the file is locked until here.
    deinit {
        if !isComplete { unlink(draft) }
        if descriptor.rawValue >= 0 { try? descriptor.close() }
    }

    private static func resolved(_ path: [CChar]) -> [CChar] {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return Array(UnsafeBufferPointer(start: real, count: strlen(real) + 1))
    }

    private var shownPath: String { TerminalText.safe(ArgumentText.shown(path)) }

    /// - Throws: `OperationError`
    package func write(_ text: String) throws {
        buffer += text.utf8
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Gives the file its name.
    /// - Throws: `OperationError`
    package func finish() throws {
        try flush()
        guard fsync(descriptor.rawValue) == 0 else { throw unwritable(errno) }
        guard rename(draft, target) == 0 else { throw unwritable(errno) }
        isComplete = true
        // The name is on the disk when its folder is.
        let slash = target.lastIndex(of: CChar(UInt8(ascii: "/")))
        let folder = slash.map { Array(target[...$0]) + [0] } ?? ArgumentText.path(".")
        let opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if opened >= 0 {
            fsync(opened)
            close(opened)
        }
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
            \(shownPath) cannot be written: \(OpenFiles.reason(code)).
            Try: \(OpenFiles.advice(code, otherwise: "use another path."))
            """)
    }
}
