import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct JobCommandTests {
    /// A selection, and the ids of the selected jobs of `fill`.
    static let selections: [(JobSelection, ids: [Int])] = [
        (JobSelection(endpoint: "images"), [1, 2, 3]),
        (JobSelection(endpoint: "barcodes"), [4, 5, 6]),
        (JobSelection(endpoint: "lookup"), []),
        (JobSelection(label: "red"), [1, 2, 4]),
        (JobSelection(label: "none"), []),
        (JobSelection(products: [asin(1)]), [1, 4]),
        (JobSelection(products: [asin(3), asin(2), asin(3), "no such"]), [2, 3, 5, 6]),
        (JobSelection(endpoint: "images", label: "red"), [1, 2]),
        (JobSelection(endpoint: "barcodes", products: [asin(1), asin(2)]), [4, 5]),
        (JobSelection(label: "red", products: asins(1...3)), [1, 2, 4]),
        (JobSelection(endpoint: "images", label: "red", products: [asin(2), asin(3)]), [2]),
        (JobSelection(label: "it's"), [6]),
    ]

    /// Three products at two endpoints, some with a label.
    private func fill(_ store: Store) throws {
        for (number, (endpoint, label)) in [
            (Endpoint.images, "red"), (.images, "red"), (.images, nil), (.barcodes, "red"),
            (.barcodes, "blue"), (.barcodes, "it's"),
        ].enumerated() {
            try store.add([asin(number % 3 + 1)], at: endpoint, EnqueueOptions(label: label))
        }
    }

    private func ids(_ store: Store, _ condition: String) throws -> [Int] {
        try store.rows("SELECT id FROM queue WHERE \(condition) ORDER BY id").map { Int($0)! }
    }

    @Test(
        "cancelling changes only the selected jobs", arguments: Medium.allCases, selections.indices)
    func cancel(_ medium: Medium, index: Int) throws {
        let (selection, expected) = Self.selections[index]
        try medium.withStore { (store: Store) throws in
            try fill(store)
            #expect(try store.cancel(selection, now: .noon) == expected.count)
            let cancelled = "state = 'cancelled' AND finished_at = \(Timestamp.noon.milliseconds)"
            #expect(try ids(store, cancelled) == expected)
            #expect(try ids(store, "state = 'available'").count == 6 - expected.count)
            #expect(try store.cancel(selection, now: .midnight) == 0)
        }
    }

    @Test(
        "pausing and resuming change only the selected jobs", arguments: Medium.allCases,
        selections.indices)
    func pause(_ medium: Medium, index: Int) throws {
        let (selection, expected) = Self.selections[index]
        try medium.withStore { (store: Store) throws in
            try fill(store)
            let paused = "not_before = \(Store.pausedUntil.milliseconds)"
            #expect(try store.pause(selection) == expected.count)
            #expect(try ids(store, paused) == expected)
            #expect(try store.pause(selection) == 0)
            _ = try store.pause(JobSelection(products: asins(1...3)))
            #expect(try store.resume(selection) == expected.count)
            #expect(try ids(store, "not_before = 0") == expected)
            #expect(try store.resume(selection) == 0)
        }
    }

    @Test(
        "retrying changes only the selected dead letters", arguments: Medium.allCases,
        selections.indices)
    func retry(_ medium: Medium, index: Int) throws {
        let (selection, expected) = Self.selections[index]
        try medium.withStore { (store: Store) throws in
            try fill(store)
            #expect(try store.retry(selection) == 0)
            for _ in 1...3 {
                for endpoint in Endpoint.both {
                    let call = try store.call(1, at: endpoint)
                    _ = try store.settle(
                        call.entry.id, at: endpoint, among: Endpoint.both, now: .noon.after(1_000)
                    ) { entry, jobs, _ in
                        Planner.resolve(
                            .rejected(status: 400, message: "no"), of: entry, jobs: jobs,
                            endpoint: endpoint, ledger: Ledger(), at: .noon.after(1_000))
                    }
                }
            }
            #expect(try ids(store, "state = 'discarded'").count == 6)
            try store.execute("UPDATE queue SET failures = 4, snoozes = 3, batch_limit = 1")
            #expect(try store.retry(selection) == expected.count)
            #expect(
                try ids(
                    store,
                    """
                    state = 'available' AND not_before = 0 AND failures = 0 AND snoozes = 0
                        AND batch_limit = 100 AND finished_at IS NULL AND error IS NULL
                    """) == expected)
            #expect(try ids(store, "state = 'discarded'").count == 6 - expected.count)
        }
    }

    @Test(
        "one of two dead letters for one product returns, and none if a job is open",
        arguments: Medium.allCases)
    func retryTwice(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for seconds in [0, 10] {
                try store.complete(
                    asin(1), now: .noon.after(seconds * 1_000),
                    .rejected(status: 400, message: "no"))
            }
            let selection = JobSelection(endpoint: "images")
            #expect(try store.retry(selection) == 1)
            #expect(try ids(store, "state = 'available'") == [1])
            #expect(try store.retry(selection) == 0)
            #expect(try ids(store, "state = 'discarded'") == [2])
        }
    }

    @Test(
        "running and finished jobs are not cancelled, paused or retried",
        arguments: Medium.allCases)
    func untouchable(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1))
            try store.add(asins(2...3))
            _ = try store.cancel(JobSelection(products: [asin(3)]), now: .noon)
            _ = try store.call(now: .noon.after(5_000))
            #expect(
                try store.rows("SELECT state FROM queue ORDER BY id") == [
                    "completed", "running", "cancelled",
                ])
            let before = try store.contents()
            let all = JobSelection(endpoint: "images")
            #expect(try store.cancel(all, now: .midnight) == 0)
            #expect(try store.pause(all) == 0)
            #expect(try store.resume(all) == 0)
            #expect(try store.retry(all) == 0)
            #expect(try store.contents() == before)
        }
    }
}
