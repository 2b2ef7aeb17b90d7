/// The contents of a `CREATE TABLE`: its columns and constraints, and the options after them.
struct TableText: Equatable {
    /// A column or a constraint, as tokens.
    typealias Definition = [String]

    var columns: [Definition] = []
    var constraints: [Definition] = []
    /// `STRICT` and the like.
    var options: [String] = []

    init(_ sql: String) {
        let tokens = SQLTokens.of(sql)
        guard let first = tokens.firstIndex(of: "(") else { return }
        var depth = 0
        var definition: Definition = []
        for (index, token) in tokens.enumerated().dropFirst(first) {
            if token == "(" { depth += 1 }
            if token == ")" { depth -= 1 }
            if depth == 0 || depth == 1 && token == "," {
                add(definition)
                definition = []
            } else if index > first {
                definition.append(token)
            }
            if depth == 0 {
                options = Array(tokens[(index + 1)...])
                return
            }
        }
    }

    private mutating func add(_ definition: Definition) {
        let words = ["check", "unique", "primary", "foreign", "constraint"]
        if definition.first.map(words.contains) ?? true {
            constraints.append(definition)
        } else {
            columns.append(definition)
        }
    }
}

extension TableText {
    /// The difference between a table and the expected one.
    struct Difference {
        /// Missing or different parts, as parts of a sentence.
        var faults: [String] = []
        var extraColumns: [String] = []

        var text: String {
            let extra =
                extraColumns.isEmpty ? [] : ["has the extra \(list("column", extraColumns))"]
            return (faults + extra).joined(separator: "; ")
        }

        var isNone: Bool { faults.isEmpty && extraColumns.isEmpty }
    }

    /// - Parameter expected: The table that it should equal.
    func difference(from expected: TableText) -> Difference {
        var difference = Difference()
        func note(_ what: String, _ names: [String]) {
            if !names.isEmpty { difference.faults.append("\(what) \(list("column", names))") }
        }
        let actual = Dictionary(columns.map { ($0[0], $0) }) { first, _ in first }
        note("lacks the", expected.columns.map { $0[0] }.filter { actual[$0] == nil })
        let changed = expected.columns.filter { (actual[$0[0]] ?? $0) != $0 }
        if changed.count > 3 {
            note("has other definitions of the", changed.map { $0[0] })
        } else {
            difference.faults += changed.map { definition in
                "has `\(SQLTokens.text(actual[definition[0]] ?? []))` where it must have `\(SQLTokens.text(definition))`"
            }
        }
        for constraint in expected.constraints where !constraints.contains(constraint) {
            difference.faults.append("lacks `\(SQLTokens.text(constraint))`")
        }
        for constraint in constraints where !expected.constraints.contains(constraint) {
            difference.faults.append("has the extra `\(SQLTokens.text(constraint))`")
        }
        if options != expected.options {
            difference.faults.append(
                expected.options.isEmpty
                    ? "has the extra `\(SQLTokens.text(options))`"
                    : "is not `\(SQLTokens.text(expected.options))`")
        }
        let known = Set(expected.columns.map { $0[0] })
        difference.extraColumns = columns.map { $0[0] }.filter { !known.contains($0) }
        if difference.isNone, self != expected {
            difference.faults.append("has its columns or constraints in another order")
        }
        return difference
    }
}

private func list(_ one: String, _ names: [String]) -> String {
    "\(names.count == 1 ? one : one + "s") \(names.joined(separator: ", "))"
}
