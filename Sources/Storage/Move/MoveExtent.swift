/// The tables of a queue that is moved, in the order of the copy.
package struct MoveExtent: Equatable, Sendable {
    package struct Part: Equatable, Sendable {
        package var table: String
        /// Rows in the source.
        package var rows: Int
        /// Rows that the target had before.
        package var present: Int
    }

    package var tables: [Part] = []
    /// Columns that a program has added to the source and the target does not have: `queue.color`.
    package var leftBehind: [String] = []
}

/// How far a move is in one table.
package struct MoveProgress: Equatable, Sendable {
    package enum Step: String, Sendable {
        case examined
        case copied
        case compared
    }

    package var step: Step
    package var table: String
    package var rows: Int
    package var total: Int

    init(_ step: Step, _ table: String, _ rows: Int, of total: Int) {
        self.step = step
        self.table = table
        self.rows = rows
        self.total = total
    }
}
