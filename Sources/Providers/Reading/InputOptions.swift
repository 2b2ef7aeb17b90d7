/// How a file of products is read.
package struct InputOptions: Equatable, Sendable {
    /// The column of the products: its name, or its number from 1; nil: found by its name or its values.
    package var column: String?
    package var labelColumn: String?
    package var priorityColumn: String?
    package var corrections: ProductCorrections

    package init(
        column: String? = nil, labelColumn: String? = nil, priorityColumn: String? = nil,
        corrections: ProductCorrections = []
    ) {
        self.column = column
        self.labelColumn = labelColumn
        self.priorityColumn = priorityColumn
        self.corrections = corrections
    }

    /// Whether the file can only be a table.
    var requireTable: Bool { column != nil || labelColumn != nil || priorityColumn != nil }
}

/// How the products of a file are arranged.
package struct InputLayout: Equatable, Sendable {
    package enum Shape: Equatable, Sendable {
        /// One product on each line.
        case lines
        /// A list in brackets.
        case list
        case table(Table)
    }

    package struct Column: Equatable, Sendable {
        /// From 0.
        package var index: Int
        /// In the header; nil where there is none.
        package var name: String?

        /// `2 (asin)`
        package var title: String { "\(index + 1)\(name.map { " (\($0))" } ?? "")" }
    }

    package struct Table: Equatable, Sendable {
        package var separator: Separator
        package var column: Column
        package var label: Column?
        package var priority: Column?
    }

    package var shape: Shape
    /// The number of the header's line, from 1; nil where there is none.
    package var headerLine: Int?

    package var table: Table? { if case .table(let table) = shape { table } else { nil } }
}

/// A product, or a flaw, in a file.
package struct InputRow: Equatable, Sendable {
    /// The number of its line, from 1.
    package var line: Int
    package var content: InputLine
    /// From the column of labels; nil where the cell is empty.
    package var label: String?
    package var priority: Int?

    package init(line: Int, content: InputLine, label: String? = nil, priority: Int? = nil) {
        self.line = line
        self.content = content
        self.label = label
        self.priority = priority
    }
}
