import StoreSupport

@testable import Storage

/// The invariants of the tables after every transaction, each as a query for its violations.
enum Invariants {
    static let queries: [(rule: String, sql: String)] = [
        (
            "a running job belongs to the open call of its endpoint, which names its product",
            """
            SELECT queue.id FROM queue LEFT JOIN ledger
                ON ledger.id = queue.call_id AND ledger.endpoint = queue.endpoint
                    AND ledger.settled_at IS NULL
            WHERE queue.state = 'running' AND (ledger.id IS NULL OR queue.product NOT IN
                (SELECT value FROM json_each(ledger.products)))
            """
        ),
        (
            "an open call's products are all running",
            """
            SELECT id FROM ledger WHERE settled_at IS NULL AND json_array_length(products) <>
                (SELECT count(*) FROM queue WHERE call_id = ledger.id AND state = 'running')
            """
        ),
        (
            "one call is open at an endpoint",
            "SELECT endpoint FROM ledger WHERE settled_at IS NULL GROUP BY 1 HAVING count(*) > 1"
        ),
        (
            "a completed job has a result, at least as recent",
            """
            SELECT queue.id FROM queue LEFT JOIN result USING (endpoint, product)
            WHERE queue.state = 'completed' AND (result.call_id IS NULL
                OR result.call_id < queue.call_id)
            """
        ),
        (
            "one job is open for each product at an endpoint",
            """
            SELECT min(id) FROM queue WHERE state IN ('available', 'running')
            GROUP BY endpoint, product HAVING count(*) > 1
            """
        ),
        (
            "a job has an end exactly in a final state, and a dead letter its reason",
            """
            SELECT id FROM queue
            WHERE (state IN ('completed', 'discarded', 'cancelled')) <> (finished_at IS NOT NULL)
                OR (state = 'discarded' AND error IS NULL)
                OR state NOT IN ('available', 'running', 'completed', 'discarded', 'cancelled')
            """
        ),
        (
            "a call is charged no more than was reserved for it, and only once it is over",
            """
            SELECT id FROM ledger
            WHERE charged > reserved OR (charged IS NULL) <> (settled_at IS NULL)
                OR (outcome IS NULL) <> (settled_at IS NULL)
            """
        ),
        (
            "only a taken job has failed, been deferred by a limit, or finished by a call",
            """
            SELECT id FROM queue WHERE call_id IS NULL
                AND (failures > 0 OR snoozes > 0 OR state NOT IN ('available', 'cancelled'))
            """
        ),
        (
            "a search has its pages in their order, none twice and none left out",
            """
            SELECT product FROM result WHERE endpoint = 'search' AND substr(CAST(body AS TEXT), 1, 1) = '['
                AND EXISTS (SELECT 1 FROM json_each(body)
                    WHERE value NOT LIKE '%"page":' || key || '}%')
            """
        ),
        (
            "a search that waits for a further page has those before it",
            """
            SELECT queue.id FROM queue LEFT JOIN result USING (endpoint, product)
            WHERE state IN ('available', 'running') AND pages_done > 0
                AND json_array_length(body) IS NOT pages_done
            """
        ),
        (
            "barcodes whose job asked for it lead on to a lookup that waits, runs or is done",
            """
            SELECT queue.id FROM queue JOIN code ON code.asin = queue.product
            JOIN result ON result.endpoint = queue.endpoint AND result.product = queue.product
                AND result.call_id = queue.call_id
            WHERE queue.endpoint = 'barcodes' AND queue.state = 'completed'
                AND queue.then_lookup IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM queue AS next
                    WHERE next.endpoint = 'lookup' AND next.product = code.code)
            """
        ),
    ]

    /// The violated rules, each with an example.
    static func broken(in store: Store) throws -> [String] {
        try queries.flatMap { rule, sql in
            try store.rows("\(sql) LIMIT 1").map { "\(rule): \($0)" }
        }
    }
}
