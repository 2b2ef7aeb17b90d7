internal import Foundation
internal import Providers
internal import SystemPackage

/// A CSV file of the lines that are no products, so that they can be corrected and enqueued again. It gets its
/// name when it is complete.
package final class RejectsFile {
    /// The column that `enqueue --column` reads again.
    package static let textColumn = "text"

    private let file: DraftFile

    private static let header = CSV.row([
        "file", "line", textColumn, "label", "priority", "reason",
    ])

    /// Whether a file is empty or an earlier one of this kind.
    private static func isReplaceable(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let header = Array(header.utf8)
        var bytes = [UInt8](repeating: 0, count: header.count)
        let count = read(descriptor, &bytes, bytes.count)
        return count == 0 || count == header.count && bytes == header
    }

    /// - Throws: `OperationError`
    package init(path: String) throws {
        // Not followed: a link such as /dev/stdout would be replaced, not the file that it leads to.
        if let stat = try? Stat(path, followTargetSymlink: false),
            stat.type != .regular || !Self.isReplaceable(path)
        {
            throw OperationError(
                .badData,
                "\(TerminalText.safe(path)) is not a file of rejected lines, and was not changed.\nTry: use --rejects with another path."
            )
        }
        file = try DraftFile(path: path)
        try file.write(Self.header)
    }

    /// - Throws: `OperationError`
    func add(_ row: InputRow, _ text: String, of name: String, reason: String) throws {
        try file.write(
            CSV.row([
                name, String(row.line), text, row.label ?? "",
                row.priority.map(String.init) ?? "", reason,
            ]))
    }

    /// Gives the file its name.
    /// - Throws: `OperationError`
    package func finish() throws { try file.finish() }
}
