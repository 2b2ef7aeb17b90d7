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
    /// - Throws: `OperationError` where it is no file that may be replaced.
    init(path: String?, besides store: Store, _ inputs: [String?] = []) throws {
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

    /// Returns when all is safely written: a file has its name then, and is on the disk.
    func finish() throws {
        if let file { return try file.finish() }
        buffer.flush()
        // Where it is no file, as at a terminal or a pipe, there is nothing to wait for.
        fsync(STDOUT_FILENO)
    }
}
