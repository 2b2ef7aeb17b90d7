internal import GRDB
package import Planning

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
            progress.changed += try write {
                try $0.change(by: command, after: lastID, to: next.lastID)
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

    /// Whether a job that matches waits or runs.
    ///
    /// - Parameter isPausedCounted: Whether a paused job waits.
    package func hasOpenJob(_ selection: JobSelection, isPausedCounted: Bool) throws -> Bool {
        try read { db in
            let condition = try selection.condition
            let paused =
                isPausedCounted ? "" : " AND not_before <> \(Self.pausedUntil.milliseconds)"
            return try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM queue
                        WHERE state IN ('available', 'running')\(condition.sql)\(paused))
                    """,
                arguments: condition.arguments) ?? false
        }
    }

    /// How many jobs that match are open, and how many are dead letters whose product was not answered since.
    package func standing(
        of selection: JobSelection
    ) throws -> (open: Int, deadLetters: Int) {
        try read { db in
            let condition = try selection.condition
            func count(_ state: String) throws -> Int {
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM queue WHERE \(state)\(condition.sql)",
                    arguments: condition.arguments) ?? 0
            }
            return (
                try count("state IN ('available', 'running')"),
                try count(
                    """
                    state = 'discarded' AND finished_at IS NOT NULL
                    AND NOT \(JobCommand.isAnsweredSince)
                    """)
            )
        }
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

extension Database {
    /// Stores the ids of the selected jobs in a table of this connection, which is on disk if it is large. A
    /// later command replaces it.
    /// - Returns: How many there are.
    fileprivate func select(_ selections: [JobSelection], for command: JobCommand) throws -> Int {
        try execute(
            sql: "CREATE TEMP TABLE IF NOT EXISTS selected_job (id INTEGER PRIMARY KEY)")
        try execute(sql: "DELETE FROM temp.selected_job")
        for selection in selections {
            let condition = try selection.condition
            try execute(
                sql: """
                    INSERT OR IGNORE INTO temp.selected_job
                    SELECT id FROM queue WHERE \(command.condition)\(condition.sql)
                    """,
                arguments: condition.arguments)
        }
        return try Int.fetchOne(self, sql: "SELECT count(*) FROM temp.selected_job") ?? 0
    }

    /// Changes the selected jobs of a range of ids. One that would be the second open job of its product stays.
    fileprivate func change(
        by command: JobCommand, after first: Int64, to last: Int64
    ) throws -> Int {
        guard isPostgreSQL else { return try changeAll(by: command, after: first, to: last) }
        // There is no UPDATE OR IGNORE: a conflict undoes the statement.
        var changed = 0
        if try refusal(of: { changed = try changeAll(by: command, after: first, to: last) }) == nil
        {
            return changed
        }
        changed = 0
        let ids = try Int64.fetchAll(
            self, sql: "SELECT id FROM temp.selected_job WHERE id > ? AND id <= ? ORDER BY id",
            arguments: [first, last])
        for id in ids {
            _ = try refusal { changed += try changeAll(by: command, after: id - 1, to: id) }
        }
        return changed
    }

    private func changeAll(
        by command: JobCommand, after first: Int64, to last: Int64
    ) throws -> Int {
        try execute(
            sql: """
                UPDATE OR IGNORE queue NOT INDEXED SET \(command.assignments)
                WHERE id IN (SELECT id FROM temp.selected_job WHERE id > ? AND id <= ?)
                  AND \(command.condition)
                """,
            arguments: command.arguments + [first, last])
        return changesCount
    }

    /// The next of the selected jobs in the order of their ids; nil if there are no more.
    fileprivate func selectedJobs(
        after id: Int64, rowsMax: Int
    ) throws -> (count: Int, lastID: Int64)? {
        let statement = try cachedStatement(
            sql: """
                SELECT count(*), max(id) FROM (
                    SELECT id FROM temp.selected_job WHERE id > ? ORDER BY id LIMIT ?) AS part
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
