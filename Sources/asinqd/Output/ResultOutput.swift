import Foundation
import Operations
import Storage

/// Where results are written: standard output, or a file that gets its name when it is complete.
final class ResultOutput {
    private let file: DraftFile?
    private let buffer = OutputBuffer()

    /// - Parameters:
    ///   - path: Of the file; nil for standard output.
    ///   - inputs: Files that the command reads.
    ///   - isNew: Whether an earlier file may have rows that no export writes again.
    /// - Throws: `OperationError` where it is no file that may be replaced.
    init(
        path: String?, besides store: Store, _ inputs: [String?] = [], isNew: Bool = false
    ) throws {
        if path == nil && Output.wasClosed {
            throw OperationError(
                .failed, "Standard output is closed.\nTry: redirect it, or use --output.")
        }
        if let path {
            try Self.refuse(path, of: store, option: "--output")
            if let own = FileIdentity(path),
                inputs.contains(where: { $0.flatMap { FileIdentity($0) } == own })
            {
                throw OperationError(
                    .badRequest,
                    "\(TerminalText.safe(path)) is a file that the command reads. Nothing was changed.\nTry: use --output with another path."
                )
            }
        }
        if isNew, let path, FileIdentity(path) != nil {
            throw OperationError(
                .tryLater,
                "\(TerminalText.safe(path)) exists, and its results are not written again.\nTry: remove it once it was read, or put the time into the name."
            )
        }
        file = try path.map { try DraftFile(path: $0) }
    }

    /// - Throws: `OperationError` for a file of the database.
    static func refuse(_ path: String, of store: Store, option: String) throws {
        guard store.isOwnFile(path) else { return }
        throw OperationError(
            .badRequest,
            "\(TerminalText.safe(path)) is the database itself. Nothing was changed.\nTry: use \(option) with another path."
        )
    }

    var isFile: Bool { file != nil }

    func append(_ text: String) throws {
        if let file { try file.write(text) } else { buffer.append(text) }
    }

    /// Hands over what a reader of standard output can see by now.
    func flush() { buffer.flush() }

    /// Returns when what was appended is safely written, as far as standard output can be.
    /// - Throws: `OperationError`
    func sync() throws {
        buffer.flush()
        // A terminal or a pipe cannot be synchronized.
        guard fsync(STDOUT_FILENO) == 0 || errno == EINVAL || errno == EROFS else {
            throw OperationError(
                .failed,
                "The output could not be written: \(String(cString: strerror(errno))).\nTry: redirect it to another place."
            )
        }
    }

    /// Returns when all is safely written: a file has its name then, and is on the disk.
    /// - Throws: `OperationError`
    func finish() throws {
        if let file { try file.finish() } else { try sync() }
    }
}
