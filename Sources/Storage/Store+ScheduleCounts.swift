internal import GRDB
package import Planning

/// The size of a schedule, for reports.
package struct ScheduleCounts: Equatable, Sendable {
    package var products: Int
    /// Products whose answer is missing or as old as the interval.
    package var due: Int

    package init(products: Int, due: Int) {
        self.products = products
        self.due = due
    }
}

extension Store {
    /// Counted in indexes, without reading a result.
    package func counts(of schedule: Schedule, at now: Timestamp) throws -> ScheduleCounts {
        try read { db in
            let due = try Int.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT count(*) FROM schedule_product INDEXED BY schedule_due
                        WHERE schedule_id = ? AND due_at <= ?
                        """), arguments: [schedule.id, now.milliseconds])
            let products =
                schedule.isAllKnown
                ? try Int.fetchOne(
                    db.cachedStatement(
                        sql:
                            "SELECT count(*) FROM result INDEXED BY result_product WHERE endpoint = ?"
                    ),
                    arguments: [schedule.endpoint])
                : try Int.fetchOne(
                    db.cachedStatement(
                        sql: "SELECT count(*) FROM schedule_product WHERE schedule_id = ?"),
                    arguments: [schedule.id])
            let known = schedule.isAllKnown ? try db.dueResults(of: schedule, at: now) : 0
            return ScheduleCounts(products: products ?? 0, due: (due ?? 0) + known)
        }
    }
}

extension Database {
    /// Results that were not examined yet and are old enough. Revisions are in the order of age, so the last
    /// one of these is found by bisection.
    fileprivate func dueResults(of schedule: Schedule, at now: Timestamp) throws -> Int {
        let examined =
            try Int64.fetchOne(
                cachedStatement(sql: "SELECT last_revision FROM schedule WHERE id = ?"),
                arguments: [schedule.id]) ?? 0
        var old = examined
        var young = try Int64.fetchOne(self, sql: "SELECT max(revision) + 1 FROM result") ?? 1
        let next = try cachedStatement(
            sql: """
                SELECT revision, fetched_at FROM result WHERE revision > ? ORDER BY revision LIMIT 1
                """)
        while young - old > 1 {
            let middle = old + (young - old) / 2
            guard let row = try Row.fetchOne(next, arguments: [middle - 1]) else { break }
            let revision: Int64 = row[0]
            if revision < young,
                schedule.isDue(Timestamp(milliseconds: row[1]), at: now)
            {
                old = revision
            } else {
                young = middle
            }
        }
        guard old > examined else { return 0 }
        return try Int.fetchOne(
            cachedStatement(
                sql: """
                    SELECT count(*) FROM result INDEXED BY result_product
                    WHERE endpoint = ? AND revision > ? AND revision <= ?
                    """), arguments: [schedule.endpoint, examined, old]) ?? 0
    }
}
