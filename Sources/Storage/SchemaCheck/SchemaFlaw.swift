/// A difference between the schema of a database and that of its version.
package struct SchemaFlaw: Equatable, Sendable, CustomStringConvertible {
    package enum Kind: Equatable, Sendable {
        case missing
        case changed
        /// Another program's object on a table of ours, where it can break the contract.
        case foreign
    }

    package var kind: Kind
    /// `table`, `index`, `trigger` or `view`.
    package var type: String
    package var name: String
    /// The difference.
    package var detail: String
    /// Whether it keeps asinqd from working. A missing trigger or an extra column does not.
    package var stopsWork: Bool
    /// Columns that a table has in addition to its own, if it has no other difference.
    package var extraColumns: [String] = []

    package var description: String { "\(type) \(name) \(detail)" }

    /// The flaw without its details.
    var summary: String { "\(type) \(name) \(kind == .missing ? "is missing" : "was changed")" }
}

extension SchemaFlaw {
    /// Compares the actual schema with the expected one.
    static func all(_ actual: [SchemaObject], expected: [SchemaObject]) -> [SchemaFlaw] {
        let there = Dictionary(actual.map { ($0.key, $0) }) { first, _ in first }
        let ours = Set(expected.map(\.key))
        // A trigger may also be on a view, INSTEAD OF a change.
        let tables = Set(expected.filter { ["table", "view"].contains($0.type) }.map(\.key))
        return expected.compactMap { of($0, there[$0.key]) }
            + actual.filter { !ours.contains($0.key) && tables.contains($0.table.lowercased()) }
            .compactMap(foreign)
    }

    private static func of(_ expected: SchemaObject, _ actual: SchemaObject?) -> SchemaFlaw? {
        func flaw(_ kind: Kind, _ detail: String, stopsWork: Bool) -> SchemaFlaw {
            SchemaFlaw(
                kind: kind, type: expected.type, name: expected.name, detail: detail,
                stopsWork: stopsWork)
        }
        guard let actual else {
            return flaw(.missing, "is missing", stopsWork: expected.type != "trigger")
        }
        guard actual.type == expected.type else {
            return flaw(.changed, "is a \(actual.type)", stopsWork: expected.type != "trigger")
        }
        if actual.sql == expected.sql || SQLTokens.of(actual.sql) == SQLTokens.of(expected.sql) {
            return nil
        }
        guard expected.type == "table" else {
            return flaw(.changed, "was changed", stopsWork: expected.type == "view")
        }
        let difference = TableText(actual.sql).difference(from: TableText(expected.sql))
        var changed = flaw(.changed, difference.text, stopsWork: !difference.faults.isEmpty)
        if difference.faults.isEmpty { changed.extraColumns = difference.extraColumns }
        return difference.isNone ? nil : changed
    }

    private static func foreign(_ actual: SchemaObject) -> SchemaFlaw? {
        let isUnique = actual.type == "index" && SQLTokens.of(actual.sql).contains("unique")
        guard actual.type == "trigger" || isUnique else { return nil }
        return SchemaFlaw(
            kind: .foreign, type: actual.type, name: actual.name,
            detail:
                "on \(actual.table) is not asinqd's, and can refuse or change what asinqd writes",
            stopsWork: false)
    }
}
