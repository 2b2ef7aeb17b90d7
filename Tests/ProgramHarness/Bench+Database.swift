package import GRDB

/// The database as another program sees it.
extension Bench {
    package var database: String { path("queue.sqlite") }

    package func open(_ name: String = "queue.sqlite") throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(20)
        // The pragmas that the contract requires of other programs.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
        return try DatabaseQueue(path: path(name), configuration: configuration)
    }

    /// The first column of all rows.
    package func column<Value: DatabaseValueConvertible>(_ sql: String) throws -> [Value] {
        try open().read { try Value.fetchAll($0, sql: sql) }
    }

    package func number(_ sql: String) throws -> Int {
        try open().read { try Int.fetchOne($0, sql: sql) } ?? 0
    }

    package func execute(_ sql: String) throws {
        try open().write { try $0.execute(sql: sql) }
    }

    /// Waits until the query's number is `expected`.
    package func until(_ sql: String, is expected: Int) async throws {
        let queue = try open()
        do {
            try await eventually("\(expected) of \(sql)") {
                try queue.read { try Int.fetchOne($0, sql: sql) } == expected ? () : nil
            }
        } catch is NeverCame {
            let rows: [String] = try column(
                """
                SELECT json_array(endpoint, product, state, not_before, failures) FROM queue
                UNION ALL
                SELECT json_array(id, endpoint, started_at, outcome, retry_at, message)
                FROM ledger
                """)
            throw NeverCame(what: "\(expected) of \(sql)", seen: rows.joined(separator: "\n"))
        }
    }
}
