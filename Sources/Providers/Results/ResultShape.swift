/// How an endpoint's results are shown: as the rows of a spreadsheet, as lines for people, and as JSON. The
/// product and whether it was found precede the fields defined here.
package struct ResultShape: Sendable {
    /// The source of the rows.
    package enum RowSource: Sendable {
        /// The body, an object.
        case body
        /// Each object of the body, an array.
        case elements
        /// Each text in a list of the body, an object; if it is empty the body makes one row.
        case texts(String)
    }

    package struct Row: Sendable {
        package var item: ResultItem
        /// From 1; nil if there is always one row, or for an empty row in place of none.
        package var position: Int?
        package var text: String?
    }

    package struct Column: Sendable {
        package let name: String
        let cell: @Sendable (Row) -> String

        package init(_ name: String, cell: @escaping @Sendable (Row) -> String) {
            self.name = name
            self.cell = cell
        }
    }

    /// A further field of a JSON object, in addition to the provider's own.
    package struct Addition: Sendable {
        package let name: String
        package let json: @Sendable (_ body: String?) -> String

        package init(_ name: String, json: @escaping @Sendable (_ body: String?) -> String) {
            self.name = name
            self.json = json
        }
    }

    /// The name of a JSON object's field for the provider's body.
    package let bodyKey: String
    package let rowSource: RowSource
    package let columns: [Column]
    package let lineSource: RowSource
    package let lineColumns: [LineColumn]
    package let additions: [Addition]

    package init(
        bodyKey: String = "item", rowSource: RowSource = .body, columns: [Column],
        lineSource: RowSource = .body, lineColumns: [LineColumn], additions: [Addition] = []
    ) {
        self.bodyKey = bodyKey
        self.rowSource = rowSource
        self.columns = columns
        self.lineSource = lineSource
        self.lineColumns = lineColumns
        self.additions = additions
    }

    /// A spreadsheet's rows of one result, at least one.
    package func cells(_ body: String?) -> [[String]] {
        let rows = Self.rows(body, rowSource)
        return (rows.isEmpty ? [Row(item: ResultItem(nil))] : rows).map { row in
            columns.map { $0.cell(row) }
        }
    }

    /// The lines for people of a result that was found.
    package func lines(_ body: String?) -> [[[LineColumn.Text]]] {
        Self.rows(body, lineSource).map { row in lineColumns.map { $0.texts(row.item) } }
    }

    private static func rows(_ body: String?, _ source: RowSource) -> [Row] {
        switch source {
        case .body: return [Row(item: ResultItem(body))]
        case .elements:
            return ResultItem.elements(of: body).enumerated().map {
                Row(item: $1, position: $0 + 1)
            }
        case .texts(let name):
            let item = ResultItem(body)
            let texts = item.texts(name)
            if texts.isEmpty { return [Row(item: item)] }
            return texts.enumerated().map { Row(item: item, position: $0 + 1, text: $1) }
        }
    }
}

extension ResultShape.Column {
    /// The row's number within its result.
    package static let position = ResultShape.Column("position") {
        $0.position.map(String.init) ?? ""
    }

    /// A field, a text or a number.
    package static func field(_ name: String) -> ResultShape.Column {
        ResultShape.Column(name) { $0.item.cell(name) }
    }

    /// The texts of a list, with blanks between them.
    package static func list(_ name: String, of field: String) -> ResultShape.Column {
        ResultShape.Column(name) { $0.item.texts(field).joined(separator: " ") }
    }
}

/// A column of the table for people.
package struct LineColumn: Sendable {
    package enum Text: Sendable {
        /// Cut to a number of characters, if any.
        case text(String, max: Int? = nil)
        case count(Int)
        case price(Double, currency: String)
    }

    package let heading: String
    /// 0 for the last one.
    package let width: Int
    package let isNumber: Bool
    /// The non-empty ones are shown with commas between them; if there are none, `missing` is shown.
    package let texts: @Sendable (ResultItem) -> [Text]
    package let missing: String

    package init(
        _ heading: String, width: Int = 0, isNumber: Bool = false, missing: String = "",
        texts: @escaping @Sendable (ResultItem) -> [Text]
    ) {
        self.heading = heading
        self.width = width
        self.isNumber = isNumber
        self.missing = missing
        self.texts = texts
    }
}
