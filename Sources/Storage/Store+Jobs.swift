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
        var rest = try selectedIDs(selections, for: command)[...]
        progress.selected = rest.count
        while !rest.isEmpty {
            let ids = rest.prefix(rowsMax)
            rest = rest.dropFirst(rowsMax)
            progress.changed += try write { try $0.change(ids, by: command) }
            progress.visited += ids.count
            try afterEach(progress)
        }
        return progress
    }

    /// How many jobs `change` would select.
    package func count(_ selections: [JobSelection], for command: JobCommand) throws -> Int {
        try selectedIDs(selections, for: command).count
    }

    /// In ascending order. They are kept in memory, at 8 bytes each: a table of the connection would be lost
    /// where a pooler gives each transaction another session.
    private func selectedIDs(
        _ selections: [JobSelection], for command: JobCommand
    ) throws -> [Int64] {
        let ids = try read { db in
            var ids: [Int64] = []
            for selection in selections {
                let condition = try selection.condition
                let cursor = try Row.fetchCursor(
                    db.makeStatement(
                        sql: "SELECT id FROM queue WHERE \(command.condition)\(condition.sql)"),
                    arguments: condition.arguments)
                while let row = try cursor.next() { ids.append(row[0]) }
            }
            return ids
        }
        return (selections.count == 1 ? ids : Array(Set(ids))).sorted()
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
    /// Changes jobs that still meet the command's condition. One that would be the second open job of its
    /// product stays.
    fileprivate func change(_ ids: some Collection<Int64>, by command: JobCommand) throws -> Int {
        guard isPostgreSQL else { return try changeAll(ids, by: command) }
        // There is no UPDATE OR IGNORE: a conflict undoes the statement.
        var changed = 0
        if try refusal(of: { changed = try changeAll(ids, by: command) }) == nil { return changed }
        changed = 0
        for id in ids { _ = try refusal { changed += try changeAll([id], by: command) } }
        return changed
    }

    private func changeAll(_ ids: some Sequence<Int64>, by command: JobCommand) throws -> Int {
        try execute(
            sql: """
                UPDATE OR IGNORE queue NOT INDEXED SET \(command.assignments)
                WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?))
                  AND \(command.condition)
                """,
            arguments: command.arguments + [Self.jsonArray(Array(ids))])
        return changesCount
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
