/// Cuts chunks of UTF-8 with line feeds into rows, once the file's layout is known.
struct RowCutter: ~Copyable {
    private let layout: InputLayout
    private let form: ProductForm
    private let corrections: ProductCorrections
    private var lines = LineCutter(longest: InputLine.bytesMax)
    private var items = ListCutter(longest: InputLine.bytesMax)
    private var records: RecordCutter
    /// The line that was cut last.
    private var line = 0
    /// The fields of a record; kept, so that it is allocated once.
    private var fields: [Range<Int>] = []

    init(_ layout: InputLayout, _ form: ProductForm, _ options: InputOptions) {
        self.layout = layout
        self.form = form
        corrections = options.corrections
        records = RecordCutter(layout.table?.separator ?? .comma)
    }

    mutating func cut(
        _ chunk: UnsafeRawBufferPointer, _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        switch layout.shape {
        case .lines:
            var line = line
            defer { self.line = line }
            try lines.cut(chunk) { [header = layout.headerLine, form, corrections] text in
                line += 1
                try Self.line(text, line, header, form, corrections, body)
            }
        case .list:
            try items.cut(chunk) { [form, corrections] item, line in
                try Self.item(item, line, form, corrections, body)
            }
        case .table(let table):
            var fields = fields
            defer { self.fields = fields }
            let row = TableRow(table, layout, form, corrections)
            try records.cut(chunk) { try row.read($0, $1, &fields, body) }
        }
    }

    mutating func end(_ body: (InputRow, Span<UInt8>) throws -> Void) throws {
        switch layout.shape {
        case .lines:
            let line = line + 1
            try lines.end { [header = layout.headerLine, form, corrections] text in
                try Self.line(text, line, header, form, corrections, body)
            }
        case .list:
            try items.end { [form, corrections] item, line in
                try Self.item(item, line, form, corrections, body)
            }
        case .table(let table):
            var fields = fields
            let row = TableRow(table, layout, form, corrections)
            try records.end { try row.read($0, $1, &fields, body) }
        }
    }

    private static func line(
        _ text: Span<UInt8>, _ line: Int, _ header: Int?, _ form: ProductForm,
        _ corrections: ProductCorrections, _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        if line == header {
            try body(InputRow(line: line, content: .blank), text)
            return
        }
        try item(text, line, form, corrections, body)
    }

    private static func item(
        _ text: Span<UInt8>, _ line: Int, _ form: ProductForm, _ corrections: ProductCorrections,
        _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        if let converted = Latin1.utf8(text) {
            let content = InputLine(converted.span, form, corrections)
            try body(InputRow(line: line, content: content), converted.span)
        } else {
            try body(InputRow(line: line, content: InputLine(text, form, corrections)), text)
        }
    }
}

/// Reads the product of a record.
private struct TableRow {
    private let table: InputLayout.Table
    private let layout: InputLayout
    private let form: ProductForm
    private let corrections: ProductCorrections

    init(
        _ table: InputLayout.Table, _ layout: InputLayout, _ form: ProductForm,
        _ corrections: ProductCorrections
    ) {
        self.table = table
        self.layout = layout
        self.form = form
        self.corrections = corrections
    }

    func read(
        _ record: Span<UInt8>, _ place: RecordCutter.Place, _ fields: inout [Range<Int>],
        _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        if record.count > RecordCutter.bytesMax {
            let start = record.extracting(first: InputLine.bytesMax)
            try body(bad("longer than 65,536 bytes", place), start)
        } else if let header = layout.headerLine, place.line <= header {
            try body(InputRow(line: place.line, content: .blank), record)
        } else if let converted = Latin1.utf8(record) {
            try readText(converted.span, place, &fields, body)
        } else {
            try readText(record, place, &fields, body)
        }
    }

    private func readText(
        _ record: Span<UInt8>, _ place: RecordCutter.Place, _ fields: inout [Range<Int>],
        _ body: (InputRow, Span<UInt8>) throws -> Void
    ) throws {
        if place.isOpen {
            try body(bad("a quote opens and does not close", place), record)
            return
        }
        table.separator.split(record, into: &fields)
        let content = record.withoutBlanks(0..<record.count)
        let isComment = !content.isEmpty && record[content.lowerBound] == UInt8(ascii: "#")
        if isComment || fields.allSatisfy(\.isEmpty) {
            try body(InputRow(line: place.line, content: .blank), record)
            return
        }
        guard let cell = cell(table.column, of: record, fields), !cell.isEmpty else {
            try body(bad("no \(form.noun) in column \(table.column.title)", place), record)
            return
        }
        var row = InputRow(
            line: place.line, content: InputLine(cell.span, form, corrections))
        if row.content == .blank {
            row.content = .bad(reason: "no \(form.noun) in column \(table.column.title)")
        }
        addOptions(to: &row, record, fields)
        try body(row, cell.span)
    }

    /// The label and the priority of a product.
    private func addOptions(
        to row: inout InputRow, _ record: Span<UInt8>, _ fields: [Range<Int>]
    ) {
        if let column = table.label, let text = text(column, of: record, fields) {
            if text.contains("\0") {
                row.content = .bad(reason: "the label contains a NUL")
            } else if text.unicodeScalars.count > 100 {
                row.content = .bad(reason: "the label has more than 100 characters")
            } else {
                row.label = text
            }
        }
        if let column = table.priority, let text = text(column, of: record, fields) {
            if let number = Int(text), (0...9).contains(number) {
                row.priority = number
            } else {
                row.content = .bad(
                    reason:
                        "the priority must be 0 to 9: \(PrintableText.onOneLine(String(text.prefix(40))))"
                )
            }
        }
    }

    /// nil for an empty cell.
    private func text(
        _ column: InputLayout.Column, of record: Span<UInt8>, _ fields: [Range<Int>]
    ) -> String? {
        guard let cell = cell(column, of: record, fields) else { return nil }
        let content = cell.span.withoutBlanks(0..<cell.count)
        return content.isEmpty ? nil : String(decoding: cell[content], as: UTF8.self)
    }

    private func cell(
        _ column: InputLayout.Column, of record: Span<UInt8>, _ fields: [Range<Int>]
    ) -> [UInt8]? {
        column.index < fields.count
            ? Separator.content(of: fields[column.index], in: record) : nil
    }

    private func bad(_ reason: String, _ place: RecordCutter.Place) -> InputRow {
        InputRow(line: place.line, content: .bad(reason: reason))
    }
}
