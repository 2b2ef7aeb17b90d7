/// The SQL that repairs the schema of a database.
///
/// A changed table is rebuilt, with the rows that its rules allow; all of its former rows stay in a table of
/// their own.
struct SchemaRepair {
    private let actual: [SchemaObject]
    private let expected: [SchemaObject]
    private let flaws: [SchemaFlaw]

    init(_ actual: [SchemaObject], _ expected: [SchemaObject], _ flaws: [SchemaFlaw]) {
        self.actual = actual
        self.expected = expected
        self.flaws = flaws.filter { $0.kind != .foreign }
    }

    var script: String {
        let steps =
            lost + sequencesKept + replaced.flatMap(setAside) + dropped + made(["table"])
            + made(["index"]) + replaced.flatMap(refill) + sequencesRestored + made(["view"])
            + made(["trigger"]) + columnsDropped
        return """
            -- For the sqlite3 shell, while neither the daemon nor another program has the database open.
            .bail on
            .timeout 5000
            BEGIN IMMEDIATE;
            \(steps.joined(separator: "\n"))
            COMMIT;

            """
    }

    /// Existing objects that are rebuilt, except tables.
    private var changed: [SchemaObject] {
        flaws.filter { $0.kind == .changed && $0.extraColumns.isEmpty }.compactMap(inFile)
    }

    /// Tables that are dropped with everything that depends on them, and whose rows are kept.
    private var replaced: [SchemaObject] { changed.filter { $0.type == "table" } }

    /// Views that are dropped with their triggers.
    private var replacedViewKeys: Set<String> {
        Set(changed.filter { $0.type == "view" }.map(\.key))
    }

    private func inFile(_ flaw: SchemaFlaw) -> SchemaObject? {
        actual.first { $0.key == flaw.name.lowercased() }
    }

    private var replacedKeys: Set<String> { Set(replaced.map(\.key)) }

    /// Other programs' objects on a table are dropped with it.
    private var lost: [String] {
        let ours = Set(expected.map(\.key))
        return actual.filter {
            ["index", "trigger"].contains($0.type) && replacedKeys.contains($0.table.lowercased())
                && !ours.contains($0.key)
        }.map { "-- Goes with its table, and is not asinqd's: \($0.type) \(Self.line($0.name))" }
    }

    private func setAside(_ table: SchemaObject) -> [String] {
        [
            "CREATE TABLE \(quoted(savedName(table))) AS SELECT * FROM \(quoted(table.name));",
            "DROP TABLE \(quoted(table.name));",
        ]
    }

    private var dropped: [String] {
        ["trigger", "index", "view"].flatMap { type in
            changed.filter {
                $0.type == type
                    && (type == "view" || !replacedKeys.contains($0.table.lowercased()))
            }
        }.map { "DROP \($0.type.uppercased()) \(quoted($0.name));" }
    }

    private func made(_ types: [String]) -> [String] {
        let flawed = Set(flaws.filter(\.extraColumns.isEmpty).map { $0.name.lowercased() })
        return expected.filter { object in
            types.contains(object.type)
                && (flawed.contains(object.key)
                    || object.type != "view"
                        && replacedKeys.union(replacedViewKeys).contains(object.table.lowercased()))
        }.map { $0.sql + ";" }
    }

    private func refill(_ old: SchemaObject) -> [String] {
        guard let new = expected.first(where: { $0.key == old.key && $0.type == "table" })
        else { return [] }
        let there = Set(old.columns.map { $0.name.lowercased() })
        let columns = new.columns.filter { there.contains($0.name.lowercased()) }
        let saved = quoted(savedName(old))
        if columns.isEmpty { return [] }
        let values = columns.map { column in
            let name = quoted(column.name)
            guard column.isRequired, let value = column.defaultValue else { return name }
            return "coalesce(\(name), \(value))"
        }
        // The triggers that check this do not exist yet at this point.
        let known =
            new.key == "queue" && there.contains("endpoint")
            ? """
             AND (endpoint IN (SELECT name FROM endpoint) OR NOT EXISTS (SELECT 1 FROM endpoint))
            """ : ""
        // A STRICT table rejects a value of another type, whatever the statement's conflict clause.
        let fits = columns.map { column in
            let name = quoted(column.name)
            return column.type == "INTEGER"
                ? "(\(name) IS NULL OR CAST(\(name) AS INTEGER) = \(name))"
                : "typeof(\(name)) <> 'blob'"
        }
        return [
            """
            INSERT OR IGNORE INTO \(quoted(new.name)) (\(columns.map { quoted($0.name) }.joined(separator: ", ")))
            SELECT \(values.joined(separator: ", ")) FROM \(saved)
            WHERE \(fits.joined(separator: " AND "))\(known) ORDER BY rowid;
            SELECT '\(new.name): ' || (SELECT count(*) FROM \(quoted(new.name))) || ' of '
                || (SELECT count(*) FROM \(saved)) || ' rows kept; all of them are still in \(savedName(old)).';
            """
        ]
    }

    /// Ids and revisions are not reused, even if their rows were lost.
    private var countsRows: Bool {
        replaced.contains { SQLTokens.of($0.sql).contains("autoincrement") }
    }

    private var sequencesKept: [String] {
        countsRows
            ? ["CREATE TEMP TABLE sequence_kept AS SELECT name, seq FROM sqlite_sequence;"] : []
    }

    private var sequencesRestored: [String] {
        guard countsRows else { return [] }
        return [
            """
            INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM sequence_kept
            WHERE name NOT IN (SELECT name FROM sqlite_sequence);
            UPDATE sqlite_sequence SET seq = max(seq, ifnull(
                (SELECT kept.seq FROM sequence_kept AS kept WHERE kept.name = sqlite_sequence.name), 0));
            DROP TABLE sequence_kept;
            """
        ]
    }

    private var columnsDropped: [String] {
        flaws.flatMap { flaw in
            flaw.extraColumns.map {
                "ALTER TABLE \(quoted(flaw.name)) DROP COLUMN \(quoted($0));"
            }
        }
    }

    /// `queue_replaced`, or with a number if that name is in use.
    private func savedName(_ table: SchemaObject) -> String {
        let taken = Set(actual.map(\.key))
        let names = ["\(table.key)_replaced"] + (2...99).map { "\(table.key)_replaced_\($0)" }
        return names.first { !taken.contains($0) } ?? "\(table.key)_replaced_100"
    }

    private func quoted(_ name: String) -> String {
        "\"\(name.replacing("\"", with: "\"\""))\""
    }

    private static func line(_ name: String) -> String {
        name.replacing("\n", with: " ").replacing("\r", with: " ")
    }
}
