internal import GRDB
package import Planning

/// Which jobs a command is about: all parts that are given must hold. At least one is.
package struct JobSelection: Equatable, Sendable {
    package var endpoint: String?
    package var label: String?
    package var products: [String]

    package init(endpoint: String? = nil, label: String? = nil, products: [String] = []) {
        precondition(endpoint != nil || label != nil || !products.isEmpty)
        self.endpoint = endpoint
        self.label = label
        self.products = products
    }
}

extension Store {
    /// Puts dead letters back into the queue, their counts cleared. One whose product has an open job
    /// stays as it is. A search goes on where it was, unless its result is of a later one by now.
    /// - Returns: How many were put back.
    package func retry(_ selection: JobSelection) throws -> Int {
        // OR IGNORE: of several dead letters for one product the first is put back.
        try update(
            selection,
            """
            UPDATE OR IGNORE queue SET state = 'available', not_before = 0, failures = 0,
                snoozes = 0, batch_limit = 100, finished_at = NULL, error = NULL,
                (pages_done, page_offset) = (
                    SELECT iif(is_replaced, 0, pages_done), iif(is_replaced, 0, page_offset)
                    FROM (SELECT EXISTS (
                        SELECT 1 FROM result WHERE result.endpoint = queue.endpoint
                            AND result.product = queue.product AND result.call_id > queue.call_id
                    ) AS is_replaced))
            WHERE state = 'discarded' AND finished_at IS NOT NULL
            """)
    }

    /// Cancels jobs that wait. A running one's call is under way, so it is left to finish.
    package func cancel(_ selection: JobSelection, now: Timestamp) throws -> Int {
        try update(
            selection,
            """
            UPDATE queue SET state = 'cancelled', finished_at = \(now.milliseconds)
            WHERE state = 'available' AND state IN ('available', 'running')
            """)
    }

    /// Puts jobs that wait off until they are resumed.
    package func pause(_ selection: JobSelection) throws -> Int {
        try update(
            selection,
            """
            UPDATE queue SET not_before = \(Self.pausedUntil.milliseconds)
            WHERE state = 'available' AND state IN ('available', 'running') AND not_before <> \(Self.pausedUntil.milliseconds)
            """)
    }

    package func resume(_ selection: JobSelection) throws -> Int {
        try update(
            selection,
            """
            UPDATE queue SET not_before = 0
            WHERE state = 'available' AND state IN ('available', 'running') AND not_before = \(Self.pausedUntil.milliseconds)
            """)
    }

    /// Stops a lane: it finishes the call in flight and makes no other until it is resumed.
    package func pauseLane(_ endpoint: String, now: Timestamp) throws {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO lane (endpoint, paused_at) VALUES (?, ?)
                    ON CONFLICT (endpoint) DO UPDATE SET paused_at = excluded.paused_at
                    """,
                arguments: [endpoint, now.milliseconds])
        }
    }

    /// Whether somebody paused the whole lane.
    package func isLanePaused(_ endpoint: String) throws -> Bool {
        try read { try $0.lane(endpoint).isPaused }
    }

    /// Lets a lane go on that was paused, halted by a refused key, or backing off. What the server
    /// itself asked to wait for stays in force.
    package func resumeLane(_ endpoint: String) throws {
        try write { db in
            try db.liftHalt(endpoint)
            try db.execute(
                sql: "UPDATE lane SET paused_at = NULL WHERE endpoint = ?", arguments: [endpoint])
        }
    }

    /// Lets a lane that was halted or backing off try at once, as a start of the daemon does. A
    /// paused one stays paused.
    package func liftHalt(_ endpoint: String) throws {
        try write { try $0.liftHalt(endpoint) }
    }

    /// - Parameter sql: An update whose condition names the states as the index `queue_open` does, so
    ///   that products are sought and not scanned for.
    private func update(_ selection: JobSelection, _ sql: String) throws -> Int {
        try write { db in
            var conditions: [String] = []
            var arguments: StatementArguments = []
            if let endpoint = selection.endpoint {
                conditions.append("endpoint = ?")
                arguments += [endpoint]
            }
            if let label = selection.label {
                conditions.append("label = ?")
                arguments += [label]
            }
            if !selection.products.isEmpty {
                conditions.append("product IN (SELECT value FROM json_each(?))")
                arguments += [try Database.jsonArray(selection.products)]
            }
            let wheres = conditions.map { " AND \($0)" }.joined()
            try db.execute(sql: sql + wheres, arguments: arguments)
            return db.changesCount
        }
    }
}

extension Database {
    fileprivate func liftHalt(_ endpoint: String) throws {
        try execute(
            sql: """
                INSERT INTO lane (endpoint, resumed_after)
                VALUES (?1, (SELECT coalesce(max(id), 0) FROM ledger WHERE endpoint = ?1))
                ON CONFLICT (endpoint) DO UPDATE SET resumed_after = excluded.resumed_after
                """,
            arguments: [endpoint])
    }
}
