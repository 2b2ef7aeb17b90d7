internal import GRDB
package import Planning

extension Store {
    /// How many labels a backlog tells of, at most: each costs some statements.
    package static let labelsMost = 1_000

    /// What waits, as counts, for a forecast. Nothing is read row by row, save to be counted in an
    /// index. A search counts as the pages that it may still take, each of which is a call; those of
    /// one that is running stand in line, but for the one that is under way.
    ///
    /// - Parameters:
    ///   - endpoints: All of one provider.
    ///   - labelsMost: How many labels get a group in their lanes; the others are counted.
    package func backlog(
        of endpoints: [Endpoint], at now: Timestamp, labelsMost: Int = Store.labelsMost
    ) throws -> Backlog {
        try read { db in
            let labels = try db.waitingLabels(upTo: labelsMost, of: endpoints)
            return Backlog(
                at: now, ledger: try db.ledger(of: endpoints, asOf: now, now: now),
                lanes: try endpoints.map { endpoint in
                    try db.laneBacklog(
                        endpoint, labels.places.filter { $0.endpoint == endpoint.name }, at: now,
                        withRunning: labelsMost > 0)
                },
                labelsLeftOut: labelsMost > 0 ? labels.leftOut : 0)
        }
    }
}

extension Database {
    fileprivate func laneBacklog(
        _ endpoint: Endpoint, _ labels: [LabelPlace], at now: Timestamp, withRunning: Bool
    ) throws -> LaneBacklog {
        let lane = try lane(endpoint)
        var backlog = LaneBacklog(
            endpoint: endpoint, isPaused: lane.isPaused, resumedAfter: lane.resumedAfter)
        var groups: [String: JobGroup] = [:]
        var labels = labels
        if withRunning, endpoint.hasPages {
            for place in try runningPages(at: endpoint) where !place.label.isEmpty {
                labels.add(place)
            }
        }
        for priority in 0...9 {
            let places = labels.filter { $0.priority == priority }
            let line = try line(endpoint, priority, places, at: now)
            backlog.lines[priority] = line.backlog
            backlog.paused += try pausedJobs(endpoint, priority)
            for (place, marks) in zip(places, line.marks) {
                var group = groups[place.label] ?? JobGroup(label: place.label, jobs: 0)
                group.jobs += place.ready + place.putOff
                group.paused += place.paused
                group.marks += marks
                groups[place.label] = group
            }
        }
        for (label, count) in try runningJobs(at: endpoint) {
            backlog.running += count
            guard withRunning, let label else { continue }
            var group = groups[label] ?? JobGroup(label: label, jobs: 0)
            group.jobs += count
            group.running += count
            groups[label] = group
        }
        backlog.groups = groups.values.sorted { $0.label! < $1.label! }
        return backlog
    }

    /// A line's counts, and in the order of `places` where each label's last jobs stand in it.
    private func line(
        _ endpoint: Endpoint, _ priority: Int, _ places: [LabelPlace], at now: Timestamp
    ) throws -> (backlog: LineBacklog, marks: [[JobGroup.Mark]]) {
        let putOff = try putOffJobs(endpoint, priority, at: now)
        let ids = Set(places.compactMap(\.lastReadyID) + putOff.map(\.firstID)).sorted()
        var positions: [Int64: Int] = [:]
        var ready = 0
        var after: Int64 = .min
        for id in ids {
            ready += try readyJobs(endpoint, priority, after: after, upTo: id)
            positions[id] = ready
            after = id
        }
        ready += try readyJobs(endpoint, priority, after: after, upTo: .max)
        let backlog = LineBacklog(
            ready: ready,
            lastEnqueuedAt: ready > 0
                ? try lastEnqueuedAt(endpoint, priority) : .init(milliseconds: 0),
            putOff: putOff.map {
                PutOffJobs(dueAt: $0.lastDueAt, count: $0.count, ahead: positions[$0.firstID]!)
            })
        let marks = places.map { place in
            var marks: [JobGroup.Mark] = []
            if let id = place.lastReadyID {
                marks.append(.init(priority: priority, part: 0, position: positions[id]!))
            }
            if let dueAt = place.lastDueAt,
                let index = backlog.putOff.firstIndex(where: { $0.dueAt >= dueAt })
            {
                marks.append(
                    .init(
                        priority: priority, part: index + 1,
                        position: backlog.putOff[index].count))
            }
            return marks
        }
        return (backlog, marks)
    }

    private func readyJobs(
        _ endpoint: Endpoint, _ priority: Int, after: Int64, upTo last: Int64
    ) throws -> Int {
        // One range of each index: a GROUP BY over the same rows takes half as long again.
        let calls = Self.calls(at: endpoint)
        let statement = try cachedStatement(
            sql: """
                SELECT
                  (SELECT \(calls) FROM queue INDEXED BY queue_ready
                   WHERE endpoint = ?1 AND account IS NULL AND priority = ?2 AND state = 'available'
                     AND not_before = 0 AND failures = 0 AND id > ?3 AND id <= ?4)
                + (SELECT \(calls) FROM queue INDEXED BY queue_retry
                   WHERE endpoint = ?1 AND account IS NULL AND priority = ?2 AND state = 'available'
                     AND not_before = 0 AND failures > 0 AND id > ?3 AND id <= ?4)
                """)
        let waiting =
            try Int.fetchOne(statement, arguments: [endpoint.name, priority, after, last]) ?? 0
        guard endpoint.hasPages else { return waiting }
        return try runningPages(at: endpoint).reduce(waiting) { sum, place in
            let isHere =
                place.priority == priority && after < place.lastReadyID!
                && place.lastReadyID! <= last
            return sum + (isHere ? place.ready : 0)
        }
    }

    private func lastEnqueuedAt(_ endpoint: Endpoint, _ priority: Int) throws -> Timestamp {
        let statement = try cachedStatement(
            sql: """
                SELECT enqueued_at FROM queue INDEXED BY queue_ready
                WHERE endpoint = ? AND account IS NULL AND priority = ? AND state = 'available'
                  AND not_before = 0 AND failures = 0 ORDER BY id DESC LIMIT 1
                """)
        let milliseconds = try Int64.fetchOne(statement, arguments: [endpoint.name, priority])
        return Timestamp(milliseconds: milliseconds ?? 0)
    }

    private func pausedJobs(_ endpoint: Endpoint, _ priority: Int) throws -> Int {
        let statement = try cachedStatement(
            sql: """
                SELECT \(Self.calls(at: endpoint)) FROM queue INDEXED BY queue_scheduled
                WHERE endpoint = ? AND account IS NULL AND priority = ? AND state = 'available' AND not_before > 0
                  AND not_before = ?
                """)
        return try Int.fetchOne(
            statement, arguments: [endpoint.name, priority, Store.pausedUntil.milliseconds]) ?? 0
    }

    /// The jobs of the open call, by label.
    private func runningJobs(at endpoint: Endpoint) throws -> [(label: String?, count: Int)] {
        let statement = try cachedStatement(
            sql: """
                SELECT \(Self.bytes("label")), count(*), label IS NULL
                FROM queue INDEXED BY queue_running
                WHERE state = 'running' AND call_id IN
                  (SELECT id FROM ledger WHERE account = ? AND endpoint = ? AND settled_at IS NULL)
                GROUP BY label
                """)
        return try Row.fetchAll(statement, arguments: [endpoint.account, endpoint.name]).map {
            row in
            (row[2] ? nil : row.text(at: 0), row[1])
        }
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
