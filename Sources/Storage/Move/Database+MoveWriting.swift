internal import GRDB
internal import PostgreSQL

/// Rows that come from another database. They were counted and announced there, so no trigger of the table runs.
extension Database {
    /// Inserts the rows into a table of which this transaction has turned the triggers off.
    func insert(_ rows: [MovedRow], into table: MovedTable) throws {
        let names = table.target.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        switch connection {
        case .sqlite(let db):
            let places = table.target.columns.map { _ in "?" }.joined(separator: ", ")
            let statement = try db.cachedStatement(
                sql: "INSERT INTO \(table.target.rowsAreIn) (\(names)) VALUES (\(places))")
            for row in rows {
                statement.setUncheckedArguments(
                    GRDB.StatementArguments(row.values.map { $0?.databaseValue ?? .null }))
                try statement.execute()
            }
        case .postgreSQL:
            // One array for each column: a round trip for each row would take most of the time.
            let arrays = table.target.columns.map { "CAST(? AS \($0.type)[])" }
            var arguments: StatementArguments = []
            for column in table.target.columns.indices {
                arguments += [Self.arrayLiteral(rows.map { $0.values[column] })]
            }
            try execute(
                sql: """
                    INSERT INTO \(table.target.rowsAreIn) (\(names)) OVERRIDING SYSTEM VALUE
                    SELECT * FROM unnest(\(arrays.joined(separator: ", ")))
                    """, arguments: arguments)
        }
    }

    /// An array as PostgreSQL reads it. Source: PostgreSQL's manual, section 8.15.6.
    static func arrayLiteral(_ values: [String?]) -> String {
        var bytes = Array("{".utf8)
        for value in values {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            guard let value else {
                bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in value.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    bytes.append(UInt8(ascii: "\\"))
                }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Turns the table's triggers off for `body`, and on again in the same transaction. Other connections never see
    /// the table without them, and a process that is killed leaves them on.
    func withoutTriggers(_ table: MovedTable, _ body: () throws -> Void) throws {
        let name = table.target.rowsAreIn
        if isPostgreSQL {
            // What a table's owner may do. A trigger that is off already stays off.
            let triggers = try String.fetchAll(
                self,
                sql: """
                    SELECT quote_ident(tgname) FROM pg_trigger
                    WHERE tgrelid = CAST(? AS regclass) AND NOT tgisinternal AND tgenabled = 'O'
                    ORDER BY tgname
                    """, arguments: [name])
            func turn(_ verb: String) throws {
                if triggers.isEmpty { return }
                let actions = triggers.map { "\(verb) TRIGGER \($0)" }
                try execute(sql: "ALTER TABLE \(name) \(actions.joined(separator: ", "))")
            }
            try turn("DISABLE")
            try body()
            try turn("ENABLE")
        } else {
            let triggers = try Row.fetchAll(
                self,
                sql: """
                    SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?
                    ORDER BY rowid
                    """, arguments: [name]
            ).map { (name: $0[0] as String, sql: $0[1] as String) }
            for trigger in triggers {
                try execute(sql: "DROP TRIGGER \"\(trigger.name)\"")
            }
            try body()
            for trigger in triggers { try execute(sql: trigger.sql) }
        }
    }
}

extension Store {
    /// Writes rows of another database in one transaction.
    /// - Throws: `MoveError.refused` with the row that breaks a rule of this database; `StoreError`
    func insertMoved(_ rows: [MovedRow], _ table: MovedTable) throws {
        func write(_ body: (Database) throws -> Void) throws {
            try self.write { db in try db.withoutTriggers(table) { try body(db) } }
        }
        do {
            try write { try $0.insert(rows, into: table) }
        } catch let error as StoreError {
            guard case .other = error else { throw error }
            // Again, one by one: the engines name the rule, not the row.
            try write { db in
                for row in rows {
                    do {
                        try db.inSavepoint { try db.insert([row], into: table) }
                    } catch let error as PostgreSQLError where error.isConnectionLost {
                        throw error
                    } catch {
                        throw MoveError.refused(
                            target: path, place: table.place(row.values),
                            detail: Self.detail(error))
                    }
                }
            }
        }
    }

    private static func detail(_ error: any Error) -> String {
        switch error {
        case let error as DatabaseError: error.message ?? "\(error.resultCode)"
        case let error as PostgreSQLError: error.message
        default: "\(error)"
        }
    }
}
