internal import GRDB
package import Planning

extension Store {
    /// All schedules, by endpoint and label.
    package func schedules() throws -> [Schedule] {
        try read { try $0.schedules() }
    }

    /// Adds a schedule, or changes the interval and the priority of the one with that label at the endpoint.
    /// The account, and whether it has a list, never change.
    ///
    /// - Returns: The schedule as it is then. It has another account or kind than `new` if it was there before.
    package func add(_ new: NewSchedule, now: Timestamp) throws -> Schedule {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO schedule (endpoint, label, account, every_ms, priority, is_all_known, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (endpoint, label) DO UPDATE SET every_ms = excluded.every_ms,
                        priority = excluded.priority
                    WHERE schedule.account IS excluded.account
                      AND schedule.is_all_known = excluded.is_all_known
                    """,
                arguments: [
                    new.endpoint, new.label, new.account, new.every.milliseconds, new.priority,
                    new.isAllKnown, now.milliseconds,
                ])
            return try db.schedules("WHERE endpoint = ? AND label = ?", [new.endpoint, new.label])[
                0]
        }
    }

    /// Adds products to a schedule's list, each due when its result is as old as the interval. Those that are
    /// in the list stay as they are.
    ///
    /// - Returns: How many were added.
    package func add(_ products: [String], to schedule: Schedule) throws -> Int {
        try write { db in
            let statement = try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO schedule_product (schedule_id, product, due_at)
                    VALUES (?1, ?2, ifnull(
                        (SELECT fetched_at FROM result WHERE endpoint = ?3 AND product = ?2) + ?4, 0))
                    """)
            var added = 0
            for product in products {
                try statement.execute(arguments: [
                    schedule.id, product, schedule.endpoint, schedule.every.milliseconds,
                ])
                added += db.changesCount
            }
            return added
        }
    }

    package func setPaused(_ isPaused: Bool, _ schedule: Schedule) throws {
        try write { db in
            try db.execute(
                sql: "UPDATE schedule SET is_paused = ? WHERE id = ?",
                arguments: [isPaused, schedule.id])
        }
    }

    /// Deletes a part of a schedule's list, and the schedule itself once the list is empty. The transaction is
    /// bounded, so that other writers do not wait long. Its jobs stay in the queue.
    ///
    /// - Returns: Whether the schedule is deleted.
    package func removePart(of schedule: Schedule, rowsMax: Int = 20_000) throws -> Bool {
        try write { db in
            try db.execute(
                sql: """
                    DELETE FROM schedule_product WHERE schedule_id = ?1 AND product IN (
                        SELECT product FROM schedule_product WHERE schedule_id = ?1
                        ORDER BY product LIMIT ?2)
                    """, arguments: [schedule.id, rowsMax])
            guard db.changesCount < rowsMax else { return false }
            try db.execute(sql: "DELETE FROM schedule WHERE id = ?", arguments: [schedule.id])
            return true
        }
    }
}

extension Database {
    func schedules(
        _ condition: String = "", _ arguments: StatementArguments = []
    ) throws -> [Schedule] {
        try all(
            cachedStatement(
                sql:
                    "SELECT \(Schedule.columns) FROM schedule \(condition) ORDER BY endpoint, label"
            ),
            arguments
        ) { Schedule($0) }
    }
}
