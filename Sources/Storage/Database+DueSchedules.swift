internal import GRDB
internal import Planning

/// A schedule, and when its next product is due.
struct DueSchedule {
    var schedule: Schedule
    var dueAt: Timestamp
}

extension Schedule {
    /// Whether an answer of that age is to be replaced. If the clock was set back, an instant in the future
    /// says nothing about the age.
    func isDue(_ fetchedAt: Timestamp, at now: Timestamp) -> Bool {
        fetchedAt > now || fetchedAt + every <= now
    }
}

extension Database {
    /// The schedules whose jobs an endpoint's lanes take, without paused ones and those that have no product:
    /// first those with a due product, the most urgent and oldest first, then the others by their time.
    func dueSchedules(at endpoint: Endpoint, now: Timestamp) throws -> [DueSchedule] {
        let statement = try cachedStatement(
            sql: """
                SELECT \(Schedule.columns) FROM schedule
                WHERE endpoint = ? AND is_paused = 0 AND (account = ? OR account IS NULL AND ?)
                """)
        let schedules = try all(
            statement, [endpoint.name, endpoint.account, endpoint.isShared]
        ) { Schedule($0) }
        let due = try schedules.compactMap { schedule in
            let listed = try nextListed(schedule, now: now)
            let known = schedule.isAllKnown ? try nextKnown(schedule, now: now) : nil
            return [listed, known].compactMap(\.self).min().map {
                DueSchedule(schedule: schedule, dueAt: $0)
            }
        }
        func key(_ due: DueSchedule) -> (Int, Int64) {
            (due.dueAt <= now ? due.schedule.priority : .max, due.dueAt.milliseconds)
        }
        return due.sorted { key($0) < key($1) }
    }

    /// A product that would be due later than an interval from now is due: the interval was shortened, or the
    /// clock was set back.
    private func nextListed(_ schedule: Schedule, now: Timestamp) throws -> Timestamp? {
        func end(_ order: String) throws -> Timestamp? {
            try Int64.fetchOne(
                cachedStatement(
                    sql: """
                        SELECT due_at FROM schedule_product INDEXED BY schedule_due
                        WHERE schedule_id = ? ORDER BY due_at \(order) LIMIT 1
                        """), arguments: [schedule.id]
            ).map(Timestamp.init(milliseconds:))
        }
        guard let first = try end("ASC"), let last = try end("DESC") else { return nil }
        return last > now + schedule.every ? min(first, now) : first
    }

    /// The oldest result that was not examined yet. Results of other endpoints lie between; after some of
    /// them a look is due all the same, which remembers its place.
    private func nextKnown(_ schedule: Schedule, now: Timestamp) throws -> Timestamp? {
        let walk = try knownResults(of: schedule, most: 1, rowsMax: 500)
        guard let result = walk.results.first else { return walk.isCutShort ? now : nil }
        let dueAt = result.fetchedAt + schedule.every
        return schedule.isDue(result.fetchedAt, at: now) ? min(now, dueAt) : dueAt
    }

    /// A schedule's results that were not examined yet, in the order of age.
    ///
    /// - Parameters:
    ///   - most: How many are read.
    ///   - rowsMax: The rows that are read for them, which include those of other endpoints.
    func knownResults(of schedule: Schedule, most: Int, rowsMax: Int) throws -> KnownResults {
        // The instant is stored after the body, which may be long.
        let statement = try cachedStatement(
            sql: """
                SELECT revision, iif(endpoint = ?1, fetched_at, NULL) FROM result
                WHERE revision > (SELECT last_revision FROM schedule WHERE id = ?2) ORDER BY revision
                """)
        let rows = try Row.fetchCursor(statement, arguments: [schedule.endpoint, schedule.id])
        var walk = KnownResults()
        var count = 0
        while walk.results.count < most, let row = try rows.next() {
            count += 1
            if let fetchedAt: Int64 = row[1] {
                walk.results.append(
                    .init(revision: row[0], fetchedAt: Timestamp(milliseconds: fetchedAt)))
            } else {
                walk.othersUntil = walk.results.isEmpty ? row[0] : walk.othersUntil
            }
            if count == rowsMax {
                walk.isCutShort = true
                break
            }
        }
        return walk
    }
}

/// A part of the results of an all-known schedule.
struct KnownResults {
    struct Result {
        var revision: Int64
        var fetchedAt: Timestamp
    }

    var results: [Result] = []
    /// The last revision of other endpoints' results before the first of these.
    var othersUntil: Int64?
    /// Whether there may be more, because as many rows were read as may be.
    var isCutShort = false
}
