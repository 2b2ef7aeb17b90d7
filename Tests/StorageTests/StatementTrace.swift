import GRDB
import StoreSupport
import Synchronization

@testable import Storage

/// SQLite's plan for a statement that ran.
struct Plan: Sendable {
    let sql: String
    let steps: [String]

    func has(_ step: String) -> Bool { steps.contains { $0.contains(step) } }
}

extension Store {
    /// The plans of all statements that `body` runs, in their order.
    func plans(_ body: () throws -> Void) throws -> [Plan] {
        let seen = Mutex<[String]>([])
        try inFile { db, _ in
            db.trace(options: .statement) { event in
                guard case .statement(let statement) = event else { return }
                seen.withLock { $0.append(statement.sql) }
            }
        }
        try body()
        return try inFile { db, _ in
            db.trace(options: [])
            return try seen.withLock(\.self).filter(Self.hasPlan).map { sql in
                let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                statement.setUncheckedArguments(GRDB.StatementArguments())
                return Plan(sql: sql, steps: try GRDB.Row.fetchAll(statement).map { $0["detail"] })
            }
        }
    }

    private static func hasPlan(_ sql: String) -> Bool {
        ["SELECT", "UPDATE", "INSERT", "DELETE", "WITH"].contains { sql.hasPrefix($0) }
    }
}
