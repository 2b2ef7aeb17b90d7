internal import GRDB
internal import Planning

/// Finds due products of schedules and enqueues them, within one transaction.
struct DueLook {
    private let db: Database
    private let account: String?
    private let lookedAt: Timestamp
    private let most: Int
    /// Jobs that were enqueued.
    private(set) var added = 0
    /// Whether there may be more due products, because as many rows were examined as may be.
    private(set) var isCutShort = false
    private var rowsLeft = Self.rowsMax

    /// Rows of lists that one look examines. Most are due and are enqueued; others were answered meanwhile.
    static let rowsMax = 2_000
    /// Results that one look passes over, because they belong to other endpoints.
    static let resultsMax = 10_000
    /// When a product that has an open job is examined again: no interval is shorter. That is also when its
    /// answer is noticed, so that a settlement costs nothing more.
    static let checkPause = Duration.seconds(3_600)

    init(_ db: Database, naming account: String?, most: Int, now: Timestamp) {
        self.db = db
        self.account = account
        self.most = most
        lookedAt = now
    }

    private var room: Int { most - added }

    mutating func take(_ schedule: Schedule) throws {
        try pullInLate(schedule)
        try takeListed(schedule)
        if schedule.isAllKnown { try takeKnown(schedule) }
    }

    /// See `Database.nextListed`.
    private func pullInLate(_ schedule: Schedule) throws {
        try db.cachedStatement(
            sql: """
                UPDATE schedule_product SET due_at = ?1 WHERE schedule_id = ?2 AND product IN (
                    SELECT product FROM schedule_product INDEXED BY schedule_due
                    WHERE schedule_id = ?2 AND due_at > ?3 ORDER BY due_at DESC LIMIT ?4)
                """
        ).execute(arguments: [
            lookedAt.milliseconds, schedule.id, (lookedAt + schedule.every).milliseconds,
            Self.rowsMax,
        ])
    }

    // MARK: Lists

    private struct Listed {
        var product: String
        var jobID: Int64?
    }

    private mutating func takeListed(_ schedule: Schedule) throws {
        let due = try db.cachedStatement(
            sql: """
                SELECT product, job_id FROM schedule_product INDEXED BY schedule_due
                WHERE schedule_id = ? AND due_at <= ? ORDER BY due_at LIMIT ?
                """)
        while room > 0 {
            guard rowsLeft > 0 else {
                isCutShort = true
                return
            }
            let rows = try db.all(
                due, [schedule.id, lookedAt.milliseconds, min(max(room, 20), rowsLeft)]
            ) { Listed(product: $0[0], jobID: $0[1]) }
            if rows.isEmpty { return }
            for row in rows where room > 0 {
                rowsLeft -= 1
                try examine(row, of: schedule)
            }
        }
    }

    /// Each way ends with a later `due_at`, or without the row.
    private mutating func examine(_ row: Listed, of schedule: Schedule) throws {
        // An instant in the future, from before the clock was set back, says nothing about the age.
        let fresh = { [lookedAt] (instant: Timestamp?) in
            instant.flatMap { schedule.isDue($0, at: lookedAt) ? nil : $0 }
        }
        let fetchedAt = fresh(try db.fetchedAt(row.product, at: schedule.endpoint))
        let failedAt = fresh(
            try row.jobID.flatMap { try endOfFailedJob($0, row.product, schedule) }.map {
                min($0, lookedAt)
            })
        if let lastAt = [fetchedAt, failedAt].compactMap(\.self).max() {
            if schedule.isAllKnown && fetchedAt != nil {
                try db.cachedStatement(
                    sql: "DELETE FROM schedule_product WHERE schedule_id = ? AND product = ?"
                ).execute(arguments: [schedule.id, row.product])
            } else {
                try set(row.product, schedule, dueAt: lastAt + schedule.every, jobID: nil)
            }
            return
        }
        if let open = try db.openJobID(row.product, at: schedule.endpoint) {
            return try set(row.product, schedule, dueAt: lookedAt + Self.checkPause, jobID: open)
        }
        let job = try enqueue(schedule, "?", [row.product])
        try set(
            row.product, schedule,
            dueAt: lookedAt + (job == nil ? schedule.every : Self.checkPause),
            jobID: job)
    }

    /// When the product's last job was given up or cancelled.
    private func endOfFailedJob(
        _ id: Int64, _ product: String, _ schedule: Schedule
    ) throws -> Timestamp? {
        try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT finished_at FROM queue WHERE id = ? AND endpoint = ? AND product = ?
                    AND state IN ('discarded', 'cancelled')
                    """), arguments: [id, schedule.endpoint, product]
        ).map(Timestamp.init(milliseconds:))
    }

    private func set(
        _ product: String, _ schedule: Schedule, dueAt: Timestamp, jobID: Int64?
    ) throws {
        try db.cachedStatement(
            sql: """
                UPDATE schedule_product SET due_at = ?, job_id = ?
                WHERE schedule_id = ? AND product = ?
                """
        ).execute(arguments: [dueAt.milliseconds, jobID, schedule.id, product])
    }

    // MARK: Results

    /// A product that gets a job also gets a row, which stays until it is answered: then its result is behind
    /// all that were examined, with a new revision.
    private mutating func takeKnown(_ schedule: Schedule) throws {
        guard room > 0 else { return }
        let walk = try db.knownResults(of: schedule, most: room, rowsMax: Self.resultsMax)
        var examined = walk.othersUntil
        for result in walk.results {
            guard schedule.isDue(result.fetchedAt, at: lookedAt) else { break }
            examined = result.revision
            try take(result.revision, of: schedule)
        }
        if walk.isCutShort, examined == (walk.results.last?.revision ?? walk.othersUntil) {
            isCutShort = true
        }
        guard let examined else { return }
        try db.cachedStatement(sql: "UPDATE schedule SET last_revision = ? WHERE id = ?")
            .execute(arguments: [examined, schedule.id])
    }

    /// The text of the product stays in SQL: an earlier version accepted some that is no `String`.
    private mutating func take(_ revision: Int64, of schedule: Schedule) throws {
        let product = "(SELECT product FROM result WHERE revision = ?)"
        let refusal = try db.refusal {
            try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO schedule_product (schedule_id, due_at, product)
                    VALUES (?, ?, \(product))
                    """
            ).execute(arguments: [
                schedule.id, (lookedAt + Self.checkPause).milliseconds, revision,
            ])
        }
        // A row is there already if the product was enqueued and not answered.
        guard refusal == nil, db.changesCount == 1 else { return }
        let open = try Int64.fetchOne(
            db.cachedStatement(sql: Database.openJobID(of: product)),
            arguments: [schedule.endpoint, revision])
        let job = try open ?? enqueue(schedule, product, [revision])
        try db.cachedStatement(
            sql: """
                UPDATE schedule_product SET job_id = ?
                WHERE schedule_id = ? AND product = \(product)
                """
        ).execute(arguments: [job, schedule.id, revision])
    }

    /// - Parameter product: An expression, and its arguments.
    /// - Returns: The job's id; nil if the schema refuses it.
    private mutating func enqueue(
        _ schedule: Schedule, _ product: String, _ arguments: StatementArguments
    ) throws -> Int64? {
        var jobID: Int64?
        let refusal = try db.refusal {
            jobID = try Int64.fetchOne(
                db.cachedStatement(
                    sql: """
                        INSERT INTO queue (endpoint, account, priority, label, enqueued_at, product)
                        VALUES (?, ?, ?, ?, ?, \(product)) RETURNING id
                        """),
                arguments: [
                    schedule.endpoint, schedule.account ?? account, schedule.priority,
                    schedule.label, lookedAt.milliseconds,
                ] + arguments)
        }
        guard refusal == nil else { return nil }
        added += 1
        return jobID
    }
}

extension Database {
    fileprivate func fetchedAt(_ product: String, at endpoint: String) throws -> Timestamp? {
        try Int64.fetchOne(
            cachedStatement(
                sql: "SELECT fetched_at FROM result WHERE endpoint = ? AND product = ?"),
            arguments: [endpoint, product]
        ).map(Timestamp.init(milliseconds:))
    }

    /// The first open job for a product at an endpoint, whatever its account.
    fileprivate static func openJobID(of product: String) -> String {
        """
        SELECT id FROM queue INDEXED BY queue_open
        WHERE endpoint = ? AND product = \(product) AND state IN ('available', 'running') LIMIT 1
        """
    }

    fileprivate func openJobID(_ product: String, at endpoint: String) throws -> Int64? {
        try Int64.fetchOne(
            cachedStatement(sql: Self.openJobID(of: "?")), arguments: [endpoint, product])
    }
}
