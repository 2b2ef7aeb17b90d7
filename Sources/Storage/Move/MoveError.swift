/// Why a queue could not be moved.
package enum MoveError: Error, Equatable, CustomStringConvertible {
    /// The target has a row that the source does not have, or has otherwise.
    case targetInUse(target: String, source: String, place: String, isOnServer: Bool)
    /// PostgreSQL holds neither a NUL nor bytes that are not UTF-8.
    case oddText(source: String, place: String, column: String)
    /// The target's rules refuse a row.
    case refused(target: String, place: String, detail: String)
    /// Databases that should be equal are not.
    case unequal(source: String, target: String, differences: [String])

    package var description: String {
        switch self {
        case .targetInUse(let target, let source, let place, let isOnServer):
            """
            \(target) has rows of its own, or \(source) has changed since an interrupted move: they differ at \
            \(place). No row was written.
            Try: use \(isOnServer ? "another database" : "a new file"). If \(target) has only what an interrupted \
            move wrote, \(isOnServer ? "run DROP SCHEMA asinqd CASCADE in it" : "delete it"), and move again.
            """
        case .oddText(let source, let place, let column):
            """
            \(source) has a text that PostgreSQL cannot hold, because it has a NUL or is not valid UTF-8: \
            \(column) in \(place). No row was written.
            Try: correct the text or delete the row, then move again.
            """
        case .refused(let target, let place, let detail):
            """
            \(target) refuses the row \(place): \(detail). The rows before it are there.
            Try: correct the row in the source or delete it, then move again into an empty database.
            """
        case .unequal(let source, let target, let differences):
            """
            \(target) does not equal \(source): \(differences.joined(separator: "; ")).
            Try: stop the programs that write to either, then run the same command again; it continues.
            """
        }
    }
}
