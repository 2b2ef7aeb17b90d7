internal import GRDB
package import Planning

/// The jobs that a command changes: those that match all given parts. At least one is given.
package struct JobSelection: Equatable, Sendable {
    package var endpoint: String?
    /// The account that the jobs name.
    package var account: String?
    package var label: String?
    package var products: [String]
    /// Only waiting jobs with a time in this range.
    package var notBefore: ClosedRange<Timestamp>?

    package init(
        endpoint: String? = nil, account: String? = nil, label: String? = nil,
        products: [String] = [], notBefore: ClosedRange<Timestamp>? = nil
    ) {
        precondition(endpoint != nil || account != nil || label != nil || !products.isEmpty)
        self.notBefore = notBefore
        self.endpoint = endpoint
        self.account = account
        self.label = label
        self.products = products
    }
}

/// What a command does to the selected jobs.
package enum JobCommand: Equatable, Sendable {
    /// A running job's call is in progress, so it is not cancelled.
    case cancel(at: Timestamp)
    /// Defers waiting jobs until they are resumed.
    case pause
    case resume
    /// Returns dead letters to the queue, with their counts cleared. A dead letter whose product has an open
    /// job stays as it is. A search continues where it was, unless its result is a later one's by now.
    case retry
}

/// The progress of a command.
package struct JobProgress: Equatable, Sendable {
    /// Jobs that were selected.
    package var selected = 0
    /// The selected jobs that the command has visited.
    package var visited = 0
    /// The visited jobs that it changed. The others were taken, finished or changed in between.
    package var changed = 0

    package init() {}
}

extension Store {
    /// Changes jobs in transactions of bounded size, so that other writers do not wait long. The jobs are
    /// selected at the start: later ones are not changed. An interrupted command can be repeated.
    ///
    /// - Parameters:
    ///   - rowsMax: The most rows of one transaction.
    ///   - afterEach: Runs after each transaction; an error that it throws ends the command.
    package func change(
        _ selections: [JobSelection], by command: JobCommand, rowsMax: Int = 1_000,
        afterEach: (JobProgress) throws -> Void = { _ in }
    ) throws -> JobProgress {
        var progress = JobProgress()
        progress.selected = try read { try $0.select(selections, for: command) }
        var lastID = Int64.min
        while let next = try read({ try $0.selectedJobs(after: lastID, rowsMax: rowsMax) }) {
            progress.changed += try write { db in
                try db.execute(
                    sql: """
                        UPDATE OR IGNORE queue NOT INDEXED SET \(command.assignments)
                        WHERE id IN (SELECT id FROM temp.selected_job WHERE id > ? AND id <= ?)
                          AND \(command.condition)
                        """,
                    arguments: [lastID, next.lastID])
                return db.changesCount
            }
            progress.visited += next.count
            lastID = next.lastID
            try afterEach(progress)
        }
        return progress
    }

    /// How many jobs `change` would select.
    package func count(_ selections: [JobSelection], for command: JobCommand) throws -> Int {
        try read { try $0.select(selections, for: command) }
    }

    package func retry(_ selection: JobSelection) throws -> Int {
        try change([selection], by: .retry).changed
    }

    package func cancel(_ selection: JobSelection, now: Timestamp) throws -> Int {
        try change([selection], by: .cancel(at: now)).changed
    }

    package func pause(_ selection: JobSelection) throws -> Int {
        try change([selection], by: .pause).changed
    }

    package func resume(_ selection: JobSelection) throws -> Int {
        try change([selection], by: .resume).changed
    }

    /// Pauses an endpoint of an account: it finishes the calls in flight and makes no other until it is
    /// resumed.
    package func pauseLane(_ endpoint: String, of account: String, now: Timestamp) throws {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO lane (account, endpoint, paused_at) VALUES (?, ?, ?)
                    ON CONFLICT (account, endpoint) DO UPDATE SET paused_at = excluded.paused_at
                    """,
                arguments: [account, endpoint, now.milliseconds])
        }
    }

    /// Whether a person paused the endpoint as a whole.
    package func isLanePaused(_ endpoint: Endpoint) throws -> Bool {
        try read { try $0.lane(endpoint).isPaused }
    }

    /// Lets an endpoint continue that was paused, halted by a refused key, or backing off. A wait that the
    /// server asked for stays in force.
    package func resumeLane(_ endpoint: String, of account: String) throws {
        try write { db in
            try db.liftHalt(endpoint, of: account)
            try db.execute(
                sql: "UPDATE lane SET paused_at = NULL WHERE account = ? AND endpoint = ?",
                arguments: [account, endpoint])
        }
    }

    /// Lets an endpoint that was halted or backing off try at once, as at a daemon's start. A paused one
    /// stays paused.
    package func liftHalt(_ endpoint: Endpoint) throws {
        try write { try $0.liftHalt(endpoint.name, of: endpoint.account) }
    }
}

extension JobCommand {
    /// Names the states as the index `queue_open` does, so that SQLite seeks products instead of scanning.
    private static let waiting = "state = 'available' AND state IN ('available', 'running')"

    /// The jobs that it can change.
    fileprivate var condition: String {
        let paused = Store.pausedUntil.milliseconds
        return switch self {
        case .cancel: Self.waiting
        case .pause: "\(Self.waiting) AND not_before <> \(paused)"
        case .resume: "\(Self.waiting) AND not_before = \(paused)"
        case .retry: "state = 'discarded' AND finished_at IS NOT NULL"
        }
    }

    fileprivate var assignments: String {
        switch self {
        case .cancel(let now): "state = 'cancelled', finished_at = \(now.milliseconds)"
        case .pause: "not_before = \(Store.pausedUntil.milliseconds)"
        case .resume: "not_before = 0"
        case .retry:
            """
            state = 'available', not_before = 0, failures = 0,
            snoozes = 0, batch_limit = 100, finished_at = NULL, error = NULL,
            (pages_done, page_offset) = (
                SELECT iif(is_replaced, 0, pages_done), iif(is_replaced, 0, page_offset)
                FROM (SELECT EXISTS (
                    SELECT 1 FROM result WHERE result.endpoint = queue.endpoint
                        AND result.product = queue.product AND result.call_id > queue.call_id
                ) AS is_replaced))
            """
        }
    }
}

extension Database {
    /// Stores the ids of the selected jobs in a table of this connection, which is on disk if it is large. A
    /// later command replaces it.
    /// - Returns: How many there are.
    fileprivate func select(_ selections: [JobSelection], for command: JobCommand) throws -> Int {
        try execute(
            sql: "CREATE TEMP TABLE IF NOT EXISTS selected_job (id INTEGER PRIMARY KEY)")
        try execute(sql: "DELETE FROM temp.selected_job")
        for selection in selections {
            var conditions = [command.condition]
            var arguments: StatementArguments = []
            if let endpoint = selection.endpoint {
                conditions.append("endpoint = ?")
                arguments += [endpoint]
            }
            if let account = selection.account {
                conditions.append("account = ?")
                arguments += [account]
            }
            if let label = selection.label {
                conditions.append(
                    label.unicodeScalars.contains("\u{FFFD}")
                        ? "label IS NOT NULL AND \(Self.isShown("label"))" : "label = ?")
                arguments += [label]
            }
            if !selection.products.isEmpty {
                conditions.append("product IN (SELECT value FROM json_each(?))")
                arguments += [try Self.jsonArray(selection.products)]
            }
            if let times = selection.notBefore {
                conditions.append("not_before BETWEEN ? AND ?")
                arguments += [times.lowerBound.milliseconds, times.upperBound.milliseconds]
            }
            try execute(
                sql: """
                    INSERT OR IGNORE INTO temp.selected_job
                    SELECT id FROM queue WHERE \(conditions.joined(separator: " AND "))
                    """,
                arguments: arguments)
        }
        return try Int.fetchOne(self, sql: "SELECT count(*) FROM temp.selected_job") ?? 0
    }

    /// The next of the selected jobs in the order of their ids; nil if there are no more.
    fileprivate func selectedJobs(
        after id: Int64, rowsMax: Int
    ) throws -> (count: Int, lastID: Int64)? {
        let statement = try cachedStatement(
            sql: """
                SELECT count(*), max(id) FROM (
                    SELECT id FROM temp.selected_job WHERE id > ? ORDER BY id LIMIT ?)
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id, rowsMax]), row[0] > 0 else {
            return nil
        }
        return (row[0], row[1])
    }
}

extension Database {
    fileprivate func liftHalt(_ endpoint: String, of account: String) throws {
        try execute(
            sql: """
                INSERT INTO lane (account, endpoint, resumed_after)
                VALUES (?1, ?2, (SELECT coalesce(max(id), 0) FROM ledger
                                 WHERE account = ?1 AND endpoint = ?2))
                ON CONFLICT (account, endpoint) DO UPDATE SET resumed_after = excluded.resumed_after
                """,
            arguments: [account, endpoint])
    }
}
