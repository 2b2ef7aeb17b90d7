internal import GRDB

/// The last id or revision that a table gave: it may be higher than that of any row, and no number is given twice.
extension Database {
    /// The entry of `sqlite_sequence` for the ledger's last id on a server: up to it ids may be missing without
    /// a call, because a server draws an id before its transaction commits.
    static let ledgerGaps = "ledger_gaps"

    /// nil: the table has no numbers, or gave none.
    func lastNumber(_ table: MovedTable) throws -> Int64? {
        guard table.key.count == 1, let key = table.key.first else { return nil }
        if isPostgreSQL {
            guard let sequence = try serverSequence(table.name, key) else { return nil }
            return try Int64.fetchOne(
                self, sql: "SELECT last_value FROM \(sequence) WHERE is_called")
        }
        guard table.source.columns.contains(where: { $0.name == key && $0.isNumber }) else {
            return nil
        }
        return try Int64.fetchOne(
            self,
            sql: """
                SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0),
                           coalesce((SELECT max("\(key)") FROM \(table.name)), 0))
                """, arguments: [table.name])
    }

    /// The next number that this database gives is higher.
    func raiseLastNumber(_ table: MovedTable, to number: Int64) throws {
        guard number > 0, let key = table.key.first else { return }
        if isPostgreSQL {
            guard let sequence = try serverSequence(table.name, key) else { return }
            _ = try Int64.fetchOne(
                self,
                sql: """
                    SELECT setval(CAST(?1 AS regclass), max(CAST(?2 AS bigint), last_value))
                    FROM \(sequence)
                    """, arguments: [sequence, number])
        } else if try isAutoincremented(table.name) {
            try raiseSequence(table.name, to: number)
        }
    }

    /// Whether the database remembers the number of a row that is gone. A file does not for `queue`.
    func keepsLastNumber(_ table: MovedTable) throws -> Bool {
        try isPostgreSQL ? lastNumber(table) != nil : isAutoincremented(table.name)
    }

    /// Says that the ledger of this file comes from a server.
    func noteLedgerGaps(upTo number: Int64) throws {
        if !isPostgreSQL { try raiseSequence(Self.ledgerGaps, to: number) }
    }

    private func raiseSequence(_ name: String, to number: Int64) throws {
        try execute(
            sql: "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
            arguments: [name, number])
        if changesCount == 0 {
            try execute(
                sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                arguments: [name, number])
        }
    }

    private func serverSequence(_ table: String, _ column: String) throws -> String? {
        try String.fetchOne(
            self,
            sql: """
                SELECT pg_get_serial_sequence(oid::regclass::text, ?)
                FROM pg_class WHERE oid = to_regclass(?) AND relkind = 'r'
                """, arguments: [column, table])
    }

    private func isAutoincremented(_ table: String) throws -> Bool {
        try Bool.fetchOne(
            self,
            sql: """
                SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema
                WHERE type = 'table' AND name = ?
                """, arguments: [table]) ?? false
    }
}

extension TableShape.Column {
    fileprivate var isNumber: Bool { type == "INTEGER" || type == "bigint" || type == "integer" }
}
