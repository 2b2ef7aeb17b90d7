internal import GRDB
internal import Planning

/// The jobs that wait under a label in one line. Numbers are of the calls that they may take.
struct LabelPlace {
    var label: String
    var endpoint: String
    var priority: Int
    var ready = 0
    var lastReadyID: Int64?
    var putOff = 0
    var lastDueAt: Timestamp?
    var paused = 0
}

extension Database {
    /// How many labels are counted beyond those that are told of.
    private static let labelsCountedMost = 10_000

    /// Where labelled jobs wait: from one label to the next in `queue_label_waiting`, which costs a
    /// seek each rather than a look at every job.
    func waitingLabels(upTo most: Int) throws -> (places: [LabelPlace], leftOut: Int) {
        guard most > 0 else { return ([], 0) }
        let next = try cachedStatement(
            sql: """
                SELECT label, endpoint, priority FROM queue INDEXED BY queue_label_waiting
                WHERE label IS NOT NULL AND state = 'available'
                  AND (label, endpoint, priority) >= (?, ?, ?)
                ORDER BY label, endpoint, priority LIMIT 1
                """)
        var places: [LabelPlace] = []
        var labels = 0
        // No label is empty, so this is before all of them. The next place is sought from the next
        // priority on: SQLite would go through all jobs of a place to find what is greater.
        var seen = LabelPlace(label: "", endpoint: "", priority: 0)
        while let row = try Row.fetchOne(
            next, arguments: [seen.label, seen.endpoint, seen.priority + 1])
        {
            let place = LabelPlace(label: row[0], endpoint: row[1], priority: row[2])
            if place.label != seen.label { labels += 1 }
            if labels > most { return (places, try waitingLabels(from: place.label)) }
            places.append(try counted(place))
            seen = place
        }
        return (places, 0)
    }

    /// How many labels of jobs that wait there are from `first` on.
    private func waitingLabels(from first: String) throws -> Int {
        let statement = try cachedStatement(
            sql: """
                WITH RECURSIVE waiting (label) AS (
                    SELECT ?1
                    UNION ALL
                    SELECT (SELECT min(label) FROM queue INDEXED BY queue_label_waiting
                            WHERE label > waiting.label AND state = 'available')
                    FROM waiting WHERE label IS NOT NULL
                    LIMIT ?2)
                SELECT count(label) FROM waiting
                """)
        return try Int.fetchOne(statement, arguments: [first, Self.labelsCountedMost]) ?? 0
    }

    private func counted(_ place: LabelPlace) throws -> LabelPlace {
        // The greatest ones apart from the numbers: each is one seek.
        func select(_ column: String, _ notBefore: String) -> String {
            """
            (SELECT \(column) FROM queue INDEXED BY queue_label_waiting
             WHERE label = ?1 AND endpoint = ?2 AND priority = ?3 AND state = 'available'
               AND not_before \(notBefore))
            """
        }
        let calls = Self.calls(at: place.endpoint)
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
            statement, arguments: [place.label, place.endpoint, place.priority])
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
