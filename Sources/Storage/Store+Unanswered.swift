internal import GRDB
package import Planning

/// The state of a requested product without a row of results.
package enum Whereabouts: Hashable, Sendable {
    /// In the queue; if there is an instant, deferred until then.
    case waiting(notBefore: Timestamp?)
    case paused
    case running
    /// A dead letter.
    case discarded(error: String)
    case cancelled
    /// Neither a job nor a result is known.
    case neverRequested
    /// There is a result.
    case answered(isFound: Bool)

    package var isAnswered: Bool {
        if case .answered = self { true } else { false }
    }

    package var isDeadLetter: Bool {
        if case .discarded = self { true } else { false }
    }
}

extension Store {
    /// The state of each of `products` at `endpoint`, in their order: its open job first, then a later dead
    /// letter, its result, its last job.
    package func whereabouts(
        of products: [String], at endpoint: String, now: Timestamp
    ) throws -> [Whereabouts] {
        if products.isEmpty { return [] }
        let asked = try Database.jsonArray(products)
        return try read { db in
            var places = [Whereabouts](repeating: .neverRequested, count: products.count)
            let last = try db.lastFinished(asked, endpoint)
            try db.each(
                """
                SELECT asked.key,
                    (SELECT iif(state = 'running', -1, not_before)
                     FROM queue INDEXED BY queue_open
                     WHERE endpoint = ?2 AND product = asked.value
                       AND state IN ('available', 'running')),
                    result.found, result.call_id
                FROM json_each(?1) AS asked
                LEFT JOIN result ON result.endpoint = ?2 AND result.product = asked.value
                """, [asked, endpoint]
            ) { row in
                let index: Int = row[0]
                if let notBefore = row[1] as Int64? {
                    places[index] = Self.open(notBefore, now)
                } else if let finished = last[products[index]],
                    (row[3] as Int64?).map({ $0 < finished.callID && finished.place.isDeadLetter })
                        ?? true
                {
                    places[index] = finished.place
                } else if let isFound = row[2] as Bool? {
                    places[index] = .answered(isFound: isFound)
                }
            }
            return places
        }
    }

    private static func open(_ notBefore: Int64, _ now: Timestamp) -> Whereabouts {
        switch Timestamp(milliseconds: notBefore) {
        case ..<Timestamp(milliseconds: 0): .running
        case pausedUntil: .paused
        case let instant: .waiting(notBefore: instant > now ? instant : nil)
        }
    }
}

extension Database {
    /// By product. No index has the products of finished jobs, so this reads all dead letters and cancelled
    /// jobs of the endpoint once.
    fileprivate func lastFinished(
        _ asked: String, _ endpoint: String
    ) throws -> [String: (place: Whereabouts, callID: Int64)] {
        var last: [String: (place: Whereabouts, callID: Int64)] = [:]
        try each(
            """
            SELECT product, state = 'cancelled', coalesce(error, ''), coalesce(call_id, 0)
            FROM queue INDEXED BY queue_finished
            WHERE endpoint = ?2 AND state IN ('discarded', 'cancelled')
              AND finished_at IS NOT NULL AND product IN (SELECT value FROM json_each(?1))
            ORDER BY id
            """, [asked, endpoint]
        ) { row in
            last[row[0]] = (row[1] ? .cancelled : .discarded(error: row[2]), row[3])
        }
        return last
    }
}
