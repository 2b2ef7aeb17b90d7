extension InputLayout {
    /// How the file that begins with `text` is arranged.
    ///
    /// If half of the first lines are products as they are, it is a list. Otherwise it is a table if a column of
    /// it has products.
    ///
    /// - Parameter text: Whole lines with line feeds.
    static func detect(
        _ text: [UInt8], _ form: ProductForm, _ options: InputOptions
    ) throws(InputFlaw) -> InputLayout {
        if options.requireTable { return try chosenTable(text, form, options) }
        if try isBracketed(text, form) { return InputLayout(shape: .list) }
        let lines = firstLines(text)
        let header = lines.first.flatMap { isHeader($0.text, form) ? $0.number : nil }
        let list = InputLayout(shape: .lines, headerLine: header)
        if header != nil || !form.isWholeLine && isList(lines.map(\.text), form, options) {
            return list
        }
        return try foundTable(samples(text, form, options), form, options) ?? list
    }

    private static let linesMax = 200

    /// Neither blank nor comments.
    private static func firstLines(_ text: [UInt8]) -> [(number: Int, text: [UInt8])] {
        var lines: [(number: Int, text: [UInt8])] = []
        var number = 0
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            let content = line.span.withoutBlanks(0..<line.count)
            if content.isEmpty || line.span[content.lowerBound] == UInt8(ascii: "#") { continue }
            lines.append((number, Array(line)))
            if lines.count == linesMax { break }
        }
        return lines
    }

    /// Whether a line is the name of a column, and nothing else.
    private static func isHeader(_ line: [UInt8], _ form: ProductForm) -> Bool {
        guard line.count <= 60 else { return false }
        let text = String(decoding: line, as: UTF8.self)
        let isOneField = !text.contains { [",", ";", "\t", "|"].contains($0) }
        return isOneField
            && form.columnNames.joined().contains(ColumnName.normalized(text))
    }

    private static func isList(
        _ lines: [[UInt8]], _ form: ProductForm, _ options: InputOptions
    ) -> Bool {
        let products = lines.count { line in
            switch InputLine(line.span, form, options.corrections) {
            case .product, .corrected: true
            case .blank, .bad: false
            }
        }
        return products * 2 >= lines.count
    }

    private static func isBracketed(
        _ text: [UInt8], _ form: ProductForm
    ) throws(InputFlaw) -> Bool {
        let signs = text.lazy.filter { $0 > 0x20 }.prefix(2)
        guard let first = signs.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "(")
        else {
            if signs.first == UInt8(ascii: "{") && !form.isWholeLine { throw .objects }
            return false
        }
        let second = signs.dropFirst().first
        if second == UInt8(ascii: "{") { throw .objects }
        // A query may begin with a bracket.
        return !form.isWholeLine || second == UInt8(ascii: "\"") || second == UInt8(ascii: "'")
    }

    private static func foundTable(
        _ samples: [TableSample], _ form: ProductForm, _ options: InputOptions
    ) throws(InputFlaw) -> InputLayout? {
        var several: (sample: TableSample, columns: [Int], hasHeader: Bool)?
        var best: (sample: TableSample, column: Int, hasHeader: Bool)?
        for sample in samples where sample.isTable {
            switch ColumnChoice(sample, form, options).finding() {
            case .named(let column):
                return table(sample, column, hasHeader: true)
            case .byValues(let column, let hasHeader):
                if best == nil { best = (sample, column, hasHeader) }
            case .several(let columns, let hasHeader):
                if several == nil { several = (sample, columns, hasHeader) }
            case .none: break
            }
        }
        if let best { return table(best.sample, best.column, hasHeader: best.hasHeader) }
        guard let several else { return nil }
        throw .severalColumns(
            several.columns.map { title($0, several.sample, hasHeader: several.hasHeader) })
    }

    /// Blanks separate the words of a query.
    private static func samples(
        _ text: [UInt8], _ form: ProductForm, _ options: InputOptions
    ) -> [TableSample] {
        let names = names(form, options)
        return Separator.allCases.filter { !form.isWholeLine || $0 != .blanks }
            .map { TableSample(text, $0, names: names) }
            .sorted { $0.regularCount > $1.regularCount }
    }

    private static func names(_ form: ProductForm, _ options: InputOptions) -> [String] {
        let chosen = [options.column, options.labelColumn, options.priorityColumn]
        return form.columnNames.joined()
            + chosen.compactMap(\.self).map(ColumnName.normalized)
            .filter { !$0.isEmpty }
    }

    /// The table whose columns the options name.
    private static func chosenTable(
        _ text: [UInt8], _ form: ProductForm, _ options: InputOptions
    ) throws(InputFlaw) -> InputLayout {
        let samples = samples(text, form, options)
        // Where no separator is found, each record is one field.
        let single = TableSample(text, .comma, names: names(form, options))
        let chosen = [options.column, options.labelColumn, options.priorityColumn]
            .compactMap(\.self)
        let sample =
            samples.first { sample in
                sample.isTable && chosen.allSatisfy { index($0, in: sample) != nil }
            } ?? samples.first(where: \.isTable) ?? single
        var layout: InputLayout
        if let name = options.column {
            let column = try column(name, in: sample)
            let isNumber = named(name, in: sample) == nil
            let choice = ColumnChoice(sample, form, options)
            layout = table(
                sample, column.index, hasHeader: !isNumber || choice.isHeader(column.index))
        } else if let found = try foundTable([sample], form, options) {
            layout = found
        } else {
            throw .noProducts(titles(sample))
        }
        guard case .table(var table) = layout.shape else { return layout }
        table.label = try options.labelColumn.map { name throws(InputFlaw) in
            try column(name, in: sample)
        }
        table.priority = try options.priorityColumn.map { name throws(InputFlaw) in
            try column(name, in: sample)
        }
        let isNamed = [options.labelColumn, options.priorityColumn].contains { name in
            name.map { named($0, in: sample) != nil } ?? false
        }
        if isNamed { layout.headerLine = sample.lines.first }
        layout.shape = .table(table)
        return layout
    }

    private static func column(
        _ name: String, in sample: TableSample
    ) throws(InputFlaw) -> Column {
        guard let index = index(name, in: sample) else {
            throw .noColumn(name, titles(sample))
        }
        return Column(
            index: index,
            name: named(name, in: sample).map {
                PrintableText.onOneLine(sample.records[0][$0])
            })
    }

    /// The column with this name, or with this number.
    private static func index(_ name: String, in sample: TableSample) -> Int? {
        if let index = named(name, in: sample) { return index }
        guard let number = Int(name), number >= 1 else { return nil }
        let width = sample.records.map(\.count).max() ?? 0
        return number <= width ? number - 1 : nil
    }

    private static func named(_ name: String, in sample: TableSample) -> Int? {
        let name = ColumnName.normalized(name)
        return name.isEmpty ? nil : sample.columns(named: [name]).first
    }

    private static func table(
        _ sample: TableSample, _ column: Int, hasHeader: Bool
    ) -> InputLayout {
        let header = hasHeader ? sample.records.first : nil
        let name = header.flatMap { column < $0.count ? PrintableText.onOneLine($0[column]) : nil }
        return InputLayout(
            shape: .table(
                Table(
                    separator: sample.separator,
                    column: Column(index: column, name: name?.isEmpty ?? true ? nil : name))),
            headerLine: hasHeader ? sample.lines.first : nil)
    }

    private static func titles(_ sample: TableSample) -> [String] {
        (sample.records.first ?? []).indices.map { title($0, sample, hasHeader: true) }
    }

    /// `2 (asin)`; without a header the first value in quotes.
    private static func title(_ column: Int, _ sample: TableSample, hasHeader: Bool) -> String {
        let record = sample.records.first ?? []
        let text = column < record.count ? String(record[column].prefix(30)) : ""
        let shown = PrintableText.onOneLine(text)
        return "\(column + 1) (\(hasHeader ? shown : "\"\(shown)\""))"
    }
}
