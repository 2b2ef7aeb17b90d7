internal import GRDB
internal import Planning

/// The jobs that wait under a label in one line. Numbers are of the calls that they may take.
struct LabelPlace {
    /// As people read it: statements name it by `jobID`.
    var label: String
    /// One of the jobs.
    var jobID: Int64
    var endpoint: String
    var priority: Int
    var ready = 0
    var lastReadyID: Int64?
    var putOff = 0
    var lastDueAt: Timestamp?
    var paused = 0
}

extension Database {
    /// Where labelled jobs wait: from one label to the next in `queue_label_waiting`, which costs a
    /// seek each rather than a look at every job.
    func waitingLabels(upTo most: Int, of endpoints: [Endpoint]) throws -> (
        places: [LabelPlace], leftOut: Int
    ) {
        guard most > 0 else { return ([], 0) }
        // No label is empty, so what stands for a job that is none is before all of them. The next place
        // is sought from the next priority on: SQLite would go through all jobs of a place to find what
        // is greater.
        let next = try cachedStatement(
            sql: """
                SELECT id, \(Self.bytes("label")), endpoint, priority,
                    label IS NOT (SELECT label FROM queue WHERE id = ?1)
                FROM queue INDEXED BY queue_label_waiting
                WHERE label IS NOT NULL AND state = 'available'
                  AND account IS NULL AND (label, endpoint, priority) >= (
                    coalesce((SELECT label FROM queue WHERE id = ?1), ''),
                    coalesce((SELECT endpoint FROM queue WHERE id = ?1), ''),
                    coalesce((SELECT priority + 1 FROM queue WHERE id = ?1), 0))
                ORDER BY label, endpoint, priority LIMIT 1
                """)
        var places: [LabelPlace] = []
        var labels = 0
        while let row = try Row.fetchOne(next, arguments: [places.last?.jobID]) {
            let place = LabelPlace(
                label: row.text(at: 1), jobID: row[0], endpoint: row[2], priority: row[3])
            if row[4] { labels += 1 }
            if labels > most { return (places, try waitingLabels(from: place.jobID)) }
            places.append(try counted(place, endpoints))
        }
        return (places, 0)
    }

    /// How many labels of jobs that wait there are, from that of a job on.
    private func waitingLabels(from jobID: Int64) throws -> Int {
        let statement = try cachedStatement(
            sql: """
                WITH RECURSIVE waiting (label) AS (
                    SELECT label FROM queue WHERE id = ?
                    UNION ALL
                    SELECT (SELECT min(label) FROM queue INDEXED BY queue_label_waiting
                            WHERE label > waiting.label AND state = 'available')
                    FROM waiting WHERE label IS NOT NULL)
                SELECT count(label) FROM waiting
                """)
        return try Int.fetchOne(statement, arguments: [jobID]) ?? 0
    }

    private func counted(_ place: LabelPlace, _ endpoints: [Endpoint]) throws -> LabelPlace {
        // The greatest ones apart from the numbers: each is one seek.
        func select(_ column: String, _ notBefore: String) -> String {
            """
            (SELECT \(column) FROM queue INDEXED BY queue_label_waiting
             WHERE label = (SELECT label FROM queue WHERE id = ?1) AND endpoint = ?2
               AND account IS NULL AND priority = ?3 AND state = 'available'
               AND not_before \(notBefore))
            """
        }
        let endpoint = endpoints.first { $0.name == place.endpoint }
        let calls = endpoint.map(Self.calls) ?? "count(*)"
        let paused = Store.pausedUntil.milliseconds
        let putOff = "BETWEEN 1 AND \(paused - 1)"
        let statement = try cachedStatement(
            sql: """
                SELECT \(select(calls, "= 0")), \(select("max(id)", "= 0")),
                    \(select(calls, putOff)), \(select("max(not_before)", putOff)),
                    \(select(calls, "= \(paused)"))
                """)
        var counted = place
        if let row = try Row.fetchOne(
            statement, arguments: [place.jobID, place.endpoint, place.priority])
        {
            counted.ready = row[0]
            counted.lastReadyID = row[1]
            counted.putOff = row[2]
            counted.lastDueAt = (row[3] as Int64?).map(Timestamp.init(milliseconds:))
            counted.paused = row[4]
        }
        return counted
    }
}
