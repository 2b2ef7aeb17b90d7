internal import GRDB
package import Planning

extension Store {
    /// How many labels a backlog has groups for, at most: each needs some statements.
    package static let labelsMax = 1_000

    /// The waiting jobs of one provider, as counts, for a forecast. Rows are read only to be counted in an
    /// index. If an answer has pages, a job counts as the pages that it may still take, each of which is a
    /// call; those of a running job are in the line, except for the one in progress.
    ///
    /// - Parameters:
    ///   - endpoints: The endpoints of all of one provider's accounts.
    ///   - labelsMax: How many labels get a group in their queues; the others are counted.
    package func backlog(
        of endpoints: [Endpoint], at now: Timestamp, labelsMax: Int = Store.labelsMax
    ) throws -> Backlog {
        try read { db in
            let labels = try db.waitingLabels(upTo: labelsMax, of: endpoints)
            var ledgers: [String: Ledger] = [:]
            for (account, own) in Dictionary(grouping: endpoints, by: \.account) {
                ledgers[account] = try db.ledger(of: own, asOf: now, now: now)
            }
            let lanes = try endpoints.map { endpoint in
                let lane = try db.lane(endpoint)
                return LaneCondition(
                    endpoint: endpoint, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter)
            }
            return Backlog(
                at: now, ledgers: ledgers, lanes: lanes,
                queues: try QueueLine.all(of: endpoints, naming: db.accounts()).map { queue in
                    try db.backlog(queue, labels.places, at: now, withRunning: labelsMax > 0)
                },
                labelsLeftOut: labelsMax > 0 ? labels.leftOut : 0)
        }
    }
}

/// The jobs of an endpoint that name one account, or none: one range in each of the queue's indexes.
struct QueueLine {
    var endpoint: Endpoint
    var account: String?

    /// - Parameters:
    ///   - endpoints: The endpoints of all of one provider's accounts.
    ///   - accounts: All that jobs may name. No lane takes jobs for an account without an endpoint here.
    static func all(of endpoints: [Endpoint], naming accounts: [StoredAccount]) -> [QueueLine] {
        var names: [String] = []
        for endpoint in endpoints where !names.contains(endpoint.name) {
            names.append(endpoint.name)
        }
        return names.flatMap { name in
            let own = endpoints.filter { $0.name == name }
            let others = accounts.filter { account in
                account.provider == own[0].provider
                    && !own.contains { $0.account == account.name }
            }
            return ([nil] + own.map(\.account) + others.map(\.name)).map {
                QueueLine(endpoint: own[0], account: $0)
            }
        }
    }
}

extension Database {
    fileprivate func backlog(
        _ queue: QueueLine, _ places: [LabelPlace], at now: Timestamp, withRunning: Bool
    ) throws -> QueueBacklog {
        var backlog = QueueBacklog(endpoint: queue.endpoint.name, account: queue.account)
        var groups: [String: JobGroup] = [:]
        var labels = places.filter {
            $0.endpoint == queue.endpoint.name && $0.account == queue.account
        }
        if withRunning, queue.endpoint.hasPages {
            for place in try runningPages(queue) where !place.label.isEmpty { labels.add(place) }
        }
        for priority in 0...9 {
            let places = labels.filter { $0.priority == priority }
            let line = try line(queue, priority, places, at: now)
            backlog.lines[priority] = line.backlog
            backlog.paused += try pausedJobs(queue, priority)
            for (place, marks) in zip(places, line.marks) {
                var group = groups[place.label] ?? JobGroup(label: place.label, jobs: 0)
                group.jobs += place.ready + place.scheduled
                group.paused += place.paused
                group.marks += marks
                groups[place.label] = group
            }
        }
        for running in try runningJobs(queue) {
            backlog.running.append(running.jobs)
            guard withRunning else { continue }
            for (label, count) in running.labels {
                var group = groups[label] ?? JobGroup(label: label, jobs: 0)
                group.jobs += count
                group.calls.append(running.jobs.callID)
                groups[label] = group
            }
        }
        backlog.groups = groups.values.sorted { $0.label! < $1.label! }
        return backlog
    }

    /// A line's counts and, in the order of `places`, the position of each label's last jobs in it.
    private func line(
        _ queue: QueueLine, _ priority: Int, _ places: [LabelPlace], at now: Timestamp
    ) throws -> (backlog: LineBacklog, marks: [[JobGroup.Mark]]) {
        let scheduled = try scheduledJobs(queue, priority, at: now)
        let ids = Set(places.compactMap(\.lastReadyID) + scheduled.map(\.firstID)).sorted()
        var positions: [Int64: Int] = [:]
        var ready = 0
        var after: Int64 = .min
        for id in ids {
            ready += try readyJobs(queue, priority, after: after, upTo: id)
            positions[id] = ready
            after = id
        }
        ready += try readyJobs(queue, priority, after: after, upTo: .max)
        var backlog = LineBacklog(
            ready: ready,
            scheduled: scheduled.map {
                ScheduledJobs(dueAt: $0.lastDueAt, count: $0.count, ahead: positions[$0.firstID]!)
            })
        if ready > 0, let ends = try readyEnds(queue, priority) {
            (backlog.firstID, backlog.lastID, backlog.lastEnqueuedAt) = ends
        }
        if queue.endpoint.leadsTo != nil { backlog.leading = try leadingJobs(queue, priority) }
        let marks = places.map { place in
            var marks: [JobGroup.Mark] = []
            if let id = place.lastReadyID {
                marks.append(.init(priority: priority, part: 0, position: positions[id]!))
            }
            if let dueAt = place.lastDueAt,
                let index = backlog.scheduled.firstIndex(where: { $0.dueAt >= dueAt })
            {
                marks.append(
                    .init(
                        priority: priority, part: index + 1,
                        position: backlog.scheduled[index].count))
            }
            return marks
        }
        return (backlog, marks)
    }

    private func readyJobs(
        _ queue: QueueLine, _ priority: Int, after: Int64, upTo last: Int64
    ) throws -> Int {
        // One range of each index: a GROUP BY over the same rows takes half as long again.
        let calls = Self.calls(at: queue.endpoint)
        let statement = try cachedStatement(
            sql: """
                SELECT
                  (SELECT \(calls) FROM queue INDEXED BY queue_ready
                   WHERE endpoint = ?1 AND account IS ?2 AND priority = ?3 AND state = 'available'
                     AND not_before = 0 AND failures = 0 AND id > ?4 AND id <= ?5)
                + (SELECT \(calls) FROM queue INDEXED BY queue_retry
                   WHERE endpoint = ?1 AND account IS ?2 AND priority = ?3 AND state = 'available'
                     AND not_before = 0 AND failures > 0 AND id > ?4 AND id <= ?5)
                """)
        let waiting =
            try Int.fetchOne(
                statement,
                arguments: [queue.endpoint.name, queue.account, priority, after, last]) ?? 0
        guard queue.endpoint.hasPages else { return waiting }
        return try runningPages(queue).reduce(waiting) { sum, place in
            let isHere =
                place.priority == priority && after < place.lastReadyID!
                && place.lastReadyID! <= last
            return sum + (isHere ? place.ready : 0)
        }
    }

    /// The first and the last id of the jobs that never failed, and when the last one was enqueued.
    private func readyEnds(
        _ queue: QueueLine, _ priority: Int
    ) throws -> (Int64, Int64, Timestamp)? {
        func select(_ columns: String, _ order: String) throws -> Statement {
            try cachedStatement(
                sql: """
                    SELECT \(columns) FROM queue INDEXED BY queue_ready
                    WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                      AND not_before = 0 AND failures = 0 ORDER BY id \(order) LIMIT 1
                    """)
        }
        let arguments: StatementArguments = [queue.endpoint.name, queue.account, priority]
        guard
            let first = try Int64.fetchOne(select("id", "ASC"), arguments: arguments),
            let last = try Row.fetchOne(select("id, enqueued_at", "DESC"), arguments: arguments)
        else { return nil }
        return (first, last[0], Timestamp(milliseconds: last[1]))
    }

    /// How many of a line's jobs may lead to another endpoint.
    private func leadingJobs(_ queue: QueueLine, _ priority: Int) throws -> Int {
        let statement = try cachedStatement(
            sql: """
                SELECT count(*) FROM queue INDEXED BY queue_leading
                WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                  AND then_lookup IS NOT NULL AND not_before < ?
                """)
        return try Int.fetchOne(
            statement,
            arguments: [
                queue.endpoint.name, queue.account, priority, Store.pausedUntil.milliseconds,
            ]) ?? 0
    }

    private func pausedJobs(_ queue: QueueLine, _ priority: Int) throws -> Int {
        let statement = try cachedStatement(
            sql: """
                SELECT \(Self.calls(at: queue.endpoint)) FROM queue INDEXED BY queue_scheduled
                WHERE endpoint = ? AND account IS ? AND priority = ? AND state = 'available'
                  AND not_before > 0 AND not_before = ?
                """)
        return try Int.fetchOne(
            statement,
            arguments: [
                queue.endpoint.name, queue.account, priority, Store.pausedUntil.milliseconds,
            ]) ?? 0
    }

    /// The jobs of the open calls, by call, and how many of them have each label.
    private func runningJobs(
        _ queue: QueueLine
    ) throws -> [(jobs: RunningJobs, labels: [(String, Int)])] {
        let statement = try cachedStatement(
            sql: """
                SELECT call_id, \(Self.bytes("label")), label IS NULL, priority,
                    then_lookup IS NOT NULL, count(*)
                FROM queue INDEXED BY queue_running
                WHERE state = 'running' AND account IS ?1 AND call_id IN
                  (SELECT ledger.id FROM account CROSS JOIN ledger ON ledger.account = account.name
                   WHERE ledger.settled_at IS NULL AND ledger.endpoint = ?2)
                GROUP BY call_id, label, priority, then_lookup IS NOT NULL
                ORDER BY call_id, label NULLS FIRST
                """)
        let rows = try Row.fetchAll(
            statement, arguments: [queue.account, queue.endpoint.name])
        var found: [(jobs: RunningJobs, labels: [(String, Int)])] = []
        for row in rows {
            if found.last?.jobs.callID != row[0] {
                found.append((RunningJobs(callID: row[0], count: 0), []))
            }
            let (index, count): (Int, Int) = (found.count - 1, row[5])
            found[index].jobs.count += count
            if row[4], queue.endpoint.leadsTo != nil {
                if found[index].jobs.leading.isEmpty {
                    found[index].jobs.leading = Array(repeating: 0, count: 10)
                }
                found[index].jobs.leading[row[3] as Int] += count
            }
            if row[2] { continue }
            let label = row.text(at: 1)
            if found[index].labels.last?.0 == label {
                found[index].labels[found[index].labels.count - 1].1 += count
            } else {
                found[index].labels.append((label, count))
            }
        }
        return found
    }
}

extension [LabelPlace] {
    /// Adds ready jobs to those that wait under the same label in the same line.
    fileprivate mutating func add(_ place: LabelPlace) {
        guard
            let index = firstIndex(where: {
                $0.label == place.label && $0.priority == place.priority
            })
        else { return append(place) }
        self[index].ready += place.ready
        self[index].lastReadyID = Swift.max(self[index].lastReadyID ?? 0, place.lastReadyID!)
    }
}
