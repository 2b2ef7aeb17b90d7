internal import GRDB

/// The columns of a query, each case named as its column, in the order of the selection.
///
/// Rows are read by these names, which are positions when the program is compiled: GRDB's own search for a
/// name among a row's columns takes as long as reading the value.
protocol SelectedColumn: CaseIterable, RawRepresentable where RawValue == Int {}

extension SelectedColumn {
    /// The column's name: `started_at` for `startedAt`.
    var name: String {
        "\(self)".reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}

extension Row {
    subscript<Value: ColumnValue>(column: some SelectedColumn) -> Value { self[column.rawValue] }

    subscript<Value: ColumnValue>(column: some SelectedColumn) -> Value? { self[column.rawValue] }
}
