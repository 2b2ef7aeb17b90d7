internal import PostgreSQL

/// One transaction on a server, in few round trips: what needs no answer is sent with the next statement that
/// does.
final class PostgreSQLTransaction {
    /// Statements without a result, such as the one that begins the transaction, which go before the next one.
    private var unsent: [(statement: PostgreSQLStatement, changes: Int?)]
    private var connection: PostgreSQLConnection
    /// Opens another connection in place of one that was lost since its last use.
    private let reconnect: (() throws -> PostgreSQLConnection)?
    private let beforeCommit: (() throws -> Void)?
    private var hasBegun = false
    private(set) var isCommitted = false
    private(set) var isBatching = false
    /// The rows that the last statement changed.
    private(set) var changedRows = 0
    private var names = 0

    /// Reads that are sent together: nil outside of `together`.
    private var reads: Reads?

    private struct Reads {
        var known: [PostgreSQLStatement: PostgreSQLResult] = [:]
        var wanted: [PostgreSQLStatement] = []
    }

    /// A read cannot continue before the rows that are wanted are there.
    private struct RowsAwaited: Error {}

    init(
        _ begin: [PostgreSQLStatement], on connection: PostgreSQLConnection,
        reconnect: (() throws -> PostgreSQLConnection)?, beforeCommit: (() throws -> Void)?
    ) {
        unsent = begin.map { ($0, nil) }
        self.connection = connection
        self.reconnect = reconnect
        self.beforeCommit = beforeCommit
    }

    /// Runs a statement.
    /// - Returns: nil within `together` if the result is not known yet.
    func result(_ statement: PostgreSQLStatement) throws -> PostgreSQLResult? {
        guard reads == nil else {
            if let known = reads?.known[statement] { return known }
            reads?.wanted.append(statement)
            return nil
        }
        return try send([statement])[0]
    }

    /// Runs a statement without a result.
    /// - Parameter changes: How many rows it must change.
    func execute(_ statement: PostgreSQLStatement, changes: Int? = nil) throws {
        precondition(reads == nil, "a write among reads that are sent together")
        unsent.append((statement, changes))
        if !isBatching { _ = try send([]) }
    }

    /// Runs a statement without a result that cannot fail, together with the next one.
    func enqueue(_ sql: String) {
        unsent.append((PostgreSQLStatement(sql), nil))
    }

    func newName() -> String {
        names += 1
        return "part\(names)"
    }

    /// Runs `body`, which only reads, in as few round trips as its reads depend on each other.
    ///
    /// It is run again until it knows all of its rows. Until then, a statement whose result is not known yet has
    /// no rows, and is sent with the others at the end or at `awaitRows`.
    func together<Value>(_ body: () throws -> Value) throws -> Value {
        precondition(reads == nil, "within another one")
        reads = Reads()
        defer { reads = nil }
        while true {
            do {
                let value = try body()
                if reads!.wanted.isEmpty { return value }
            } catch {
                if reads!.wanted.isEmpty { throw error }
            }
            let wanted = reads!.wanted
            for (statement, result) in zip(wanted, try send(wanted)) {
                reads!.known[statement] = result
            }
            reads!.wanted = []
        }
    }

    /// Within `together`: what follows depends on rows that were read before.
    func awaitRows() throws {
        if let reads, !reads.wanted.isEmpty { throw RowsAwaited() }
    }

    /// Runs `body`, the last writes, together with the commit. If the schema rejects one of them, they are run
    /// again one by one.
    func finish<Value>(_ body: () throws -> Value) throws -> Value {
        let name = newName()
        enqueue("SAVEPOINT \(name)")
        do {
            isBatching = true
            defer { isBatching = false }
            let value = try body()
            try commit()
            return value
        } catch let error as PostgreSQLError where error.isFinal {
            enqueue("ROLLBACK TO \(name)")
        }
        return try body()
    }

    /// - Parameter last: A statement that is run before, in the same round trip.
    @discardableResult
    func commit(after last: PostgreSQLStatement? = nil) throws -> PostgreSQLResult? {
        if isCommitted { return nil }
        var statements = last.map { [$0] } ?? []
        var results: [PostgreSQLResult] = []
        if let beforeCommit {
            // It comes when everything is written.
            results = try send(statements)
            statements = []
            try beforeCommit()
        }
        results += try send(statements + [PostgreSQLStatement("COMMIT")])
        isCommitted = true
        return last.map { _ in results[0] }
    }

    func rollBack() {
        if hasBegun && connection.isOpen { try? connection.run("ROLLBACK") }
    }

    /// A connection that was lost since its last use is opened again: nothing of the transaction was done.
    private func send(_ statements: [PostgreSQLStatement]) throws -> [PostgreSQLResult] {
        let sent = unsent
        unsent = []
        let all = sent.map(\.statement) + statements
        let results: [PostgreSQLResult]
        do {
            results = try connection.execute(all)
        } catch let error as PostgreSQLError where error.isConnectionLost && !hasBegun {
            guard let reconnect else { throw error }
            connection = try reconnect()
            results = try connection.execute(all)
        }
        hasBegun = true
        for (one, result) in zip(sent, results) {
            precondition(
                one.changes.map { $0 == result.changedRows } ?? true,
                "other rows were read in this transaction: \(one.statement.sql)")
        }
        changedRows = results.last?.changedRows ?? 0
        return Array(results.suffix(statements.count))
    }
}
