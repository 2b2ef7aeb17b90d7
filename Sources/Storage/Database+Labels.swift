internal import GRDB
internal import Planning

/// The jobs that wait under a label in one line. Counts are of the calls that they may take.
struct LabelPlace {
    /// As people read it: statements refer to it by `jobID`.
    var label: String
    /// One of the jobs.
    var jobID: Int64
    var endpoint: String
    /// The account that the jobs name.
    var account: String?
    var priority: Int
    var ready = 0
    var lastReadyID: Int64?
    var scheduled = 0
    var lastDueAt: Timestamp?
    var paused = 0
}

extension Database {
    /// The labelled jobs that wait at these endpoints, from one label to the next in `queue_label_waiting`:
    /// one seek for each instead of reading every job.
    ///
    /// - Parameter endpoints: The endpoints of all of one provider's accounts. The labels of all endpoints
    ///   are counted.
    func waitingLabels(
        upTo most: Int, of endpoints: [Endpoint]
    ) throws -> (places: [LabelPlace], leftOut: Int) {
        guard most > 0 else { return ([], 0) }
        // No label is empty, so the row of NULLs for a missing job sorts before all labels. The next search
        // begins just after the endpoint's name: SQLite would read all jobs of a place to find a greater
        // label.
        let next = try cachedStatement(
            sql: """
                SELECT id, \(Self.bytes("label")), endpoint,
                    label IS NOT (SELECT label FROM queue WHERE id = ?1)
                FROM queue INDEXED BY queue_label_waiting
                WHERE label IS NOT NULL AND state = 'available'
                  AND (label, endpoint) >= (
                    coalesce((SELECT label FROM queue WHERE id = ?1), ''),
                    coalesce((SELECT endpoint || char(1) FROM queue WHERE id = ?1), ''))
                ORDER BY label, endpoint LIMIT 1
                """)
        let lines = Dictionary(
            grouping: QueueLine.all(of: endpoints, naming: try accounts()), by: \.endpoint.name)
        var places: [LabelPlace] = []
        var labels = 0
        var last: Int64?
        while let row = try Row.fetchOne(next, arguments: [last]) {
            let jobID: Int64 = row[0]
            last = jobID
            if row[3] { labels += 1 }
            if labels > most { return (places, try waitingLabels(from: jobID)) }
            for line in lines[row[2]] ?? [] {
                places += try self.places(of: row.text(at: 1), jobID, in: line)
            }
        }
        return (places, 0)
    }

    /// The number of labels of jobs that wait there, from the label of a job on.
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

    /// The lines of a queue in which jobs with the label of `jobID` wait.
    private func places(
        of label: String, _ jobID: Int64, in queue: QueueLine
    ) throws -> [LabelPlace] {
        let next = try cachedStatement(
            sql: """
                SELECT min(priority) FROM queue INDEXED BY queue_label_waiting
                WHERE label = (SELECT label FROM queue WHERE id = ?) AND endpoint = ?
                  AND account IS ? AND state = 'available' AND priority >= ?
                """)
        var places: [LabelPlace] = []
        var priority = 0
        while let found = try Int.fetchOne(
            next, arguments: [jobID, queue.endpoint.name, queue.account, priority])
        {
            places.append(
                try counted(
                    LabelPlace(
                        label: label, jobID: jobID, endpoint: queue.endpoint.name,
                        account: queue.account, priority: found), queue))
            priority = found + 1
        }
        return places
    }

    private func counted(_ place: LabelPlace, _ queue: QueueLine) throws -> LabelPlace {
        // The greatest values apart from the counts: each is one seek.
        func select(_ column: String, _ notBefore: String) -> String {
            """
            (SELECT \(column) FROM queue INDEXED BY queue_label_waiting
             WHERE label = (SELECT label FROM queue WHERE id = ?1) AND endpoint = ?2
               AND account IS ?3 AND priority = ?4 AND state = 'available'
               AND not_before \(notBefore))
            """
        }
        let calls = Self.calls(at: queue.endpoint)
        let paused = Store.pausedUntil.milliseconds
        let scheduled = "BETWEEN 1 AND \(paused - 1)"
        let statement = try cachedStatement(
            sql: """
                SELECT \(select(calls, "= 0")), \(select("max(id)", "= 0")),
                    \(select(calls, scheduled)), \(select("max(not_before)", scheduled)),
                    \(select(calls, "= \(paused)"))
                """)
        var counted = place
        if let row = try Row.fetchOne(
            statement,
            arguments: [place.jobID, place.endpoint, place.account, place.priority])
        {
            counted.ready = row[0]
            counted.lastReadyID = row[1]
            counted.scheduled = row[2]
            counted.lastDueAt = (row[3] as Int64?).map(Timestamp.init(milliseconds:))
            counted.paused = row[4]
        }
        return counted
    }
}
