internal import Foundation
internal import Storage
internal import SystemPackage

/// A file that gets its name when it is complete and on the disk. Until then an earlier file of that name stays
/// as it was, also if the process is killed.
package final class DraftFile {
    private static let bufferBytes = 64 << 10

    private let path: String
    /// The path that it gets, through links, and the one that it has until then.
    private let target: String
    private let draft: String
    private let descriptor: FileDescriptor
    private var buffer: [UInt8] = []
    private var isComplete = false

    /// - Parameter path: A link stays, and the file that it leads to is replaced.
    /// - Throws: `OperationError`
    package init(path: String) throws {
        self.path = path
        let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        target = url.path
        // Next to it, so that it can be renamed; hidden, so that `*` does not list it.
        draft =
            url.deletingLastPathComponent().path + "/.\(url.lastPathComponent).asinqd-partial"
        let earlier = try? Stat(target)
        if let earlier, earlier.type != .regular {
            throw OperationError(
                .badRequest,
                "\(TerminalText.safe(path)) is not a regular file.\nTry: name a file, or redirect standard output."
            )
        }
        do {
            // Locked before it is emptied: another process may be writing it.
            guard let locked = try LockedFile.open(draft, O_WRONLY | O_NOFOLLOW) else {
                throw OperationError(
                    .tryLater,
                    "\(TerminalText.safe(path)) is being written by another asinqd.\nTry: run the command again when that one has ended."
                )
            }
            descriptor = locked
        } catch let error as Errno {
            throw Self.unwritable(path, error.rawValue)
        }
        guard ftruncate(descriptor.rawValue, 0) == 0 else { throw Self.unwritable(path, errno) }
        if let earlier { _ = fchmod(descriptor.rawValue, earlier.permissions.rawValue) }
    }

    /// Once complete, the file is locked until here.
    deinit {
        if !isComplete { unlink(draft) }
        try? descriptor.close()
    }

    /// - Throws: `OperationError`
    package func write(_ text: String) throws {
        buffer += text.utf8
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Gives the file its name.
    /// - Throws: `OperationError`
    package func finish() throws {
        try flush()
        guard fsync(descriptor.rawValue) == 0, rename(draft, target) == 0 else {
            throw Self.unwritable(path, errno)
        }
        isComplete = true
        // The name is on the disk when its folder is.
        let folder = open(
            URL(fileURLWithPath: target).deletingLastPathComponent().path,
            O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }

    private func flush() throws {
        do {
            try descriptor.writeAll(buffer)
        } catch let error as Errno {
            throw Self.unwritable(path, error.rawValue)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func unwritable(_ path: String, _ code: Int32) -> OperationError {
        OperationError(
            OpenFiles.areUsedUp(code) ? .tryLater : .failed,
            """
            \(TerminalText.safe(path)) cannot be written: \(OpenFiles.reason(code)).
            Try: \(OpenFiles.advice(code, otherwise: "use another path."))
            """)
    }
}
