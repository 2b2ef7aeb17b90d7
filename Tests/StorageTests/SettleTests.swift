import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct SettleTests {
    private static let done = Timestamp.noon.after(1_000)

    /// A call for one product that ends in `change` of its job.
    private func settle(_ store: Store, _ change: (Job) -> JobChange) throws {
        try store.add([asin(1)], EnqueueOptions(priority: 3, label: "x"))
        let call = try store.call()
        let settlement = try store.settle(
            call.entry.id, at: .images, among: Endpoint.both, now: Self.done
        ) { entry, jobs, _ in
            #expect(entry == call.entry && jobs == call.jobs)
            return Settlement(
                outcome: .succeeded, chargedTokens: 1, changes: jobs.map(change))
        }
        #expect(settlement?.changes == call.jobs.map(change))
        #expect(try store.openCalls(at: Endpoint.both).isEmpty)
    }

    @Test(
        "the server's time and the request's travel from the reply to the ledger",
        arguments: Medium.allCases)
    func serverTime(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for serverAt in [nil, Timestamp.noon] {
                try store.add([asin(1)])
                let call = try store.call()
                _ = try store.settle(
                    call.entry.id, at: .images, among: Endpoint.both, now: Self.done
                ) {
                    Planner.resolve(
                        DatedOutcome(
                            answer([asin(1)]), serverAt: serverAt,
                            sentAt: serverAt.map { $0.after(-70) }), of: $0, jobs: $1,
                        endpoint: .images, ledger: $2, at: Self.done)
                }
            }
            #expect(
                try store.rows("SELECT server_at, sent_at FROM ledger ORDER BY id")
                    == [
                        "-|-",
                        "\(Timestamp.noon.milliseconds)|\(Timestamp.noon.milliseconds - 70)",
                    ])
            #expect(try store.look().ledger.lastDated?.serverAt == .noon)
            #expect(try store.look().ledger.lastDated?.sentAt == .noon.after(-70))
        }
    }

    private let columns =
        "state, not_before, failures, snoozes, batch_limit, call_id, finished_at, error"

    @Test("an answered job is completed, with its item", arguments: Medium.allCases, [true, false])
    func completed(_ medium: Medium, isFound: Bool) throws {
        try medium.withStore { (store: Store) throws in
            let body = #"{"title":"Caf\u00e9 ☕","n":1.50}"#
            try settle(store) { .completed($0, Item(isFound: isFound, body: body)) }
            let done = Self.done.milliseconds
            #expect(
                try store.rows("SELECT \(columns) FROM queue") == [
                    "completed|0|0|0|100|1|\(done)|-"
                ])
            #expect(
                try store.rows(
                    "SELECT endpoint, product, found, body, fetched_at, call_id FROM result"
                ) == [
                    "images|\(asin(1))|\(isFound ? 1 : 0)|\(body)|\(done)|1"
                ])
        }
    }

    @Test(
        "a product that the reply omits is completed, as not found", arguments: Medium.allCases
    )
    func absent(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try settle(store) { .completed($0, nil) }
            #expect(try store.rows("SELECT state FROM queue") == ["completed"])
            #expect(try store.rows("SELECT found, body FROM result") == ["0|-"])
        }
    }

    @Test(
        "a returned job has its new counts, and waits until its time",
        arguments: Medium.allCases)
    func available(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try settle(store) { job in
                let changed = Job(
                    id: job.id, product: job.product, failures: 2, snoozes: 7, batchLimit: 12)
                return .available(changed, notBefore: .midnight)
            }
            let due = Timestamp.midnight.milliseconds
            #expect(
                try store.rows("SELECT \(columns) FROM queue") == ["available|\(due)|2|7|12|1|-|-"])
            #expect(try store.rows("SELECT priority, label FROM queue") == ["3|x"])
        }
    }

    @Test("a job that returns at once may be taken by the next call", arguments: Medium.allCases)
    func availableAtOnce(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try settle(store) { .available($0, notBefore: nil) }
            #expect(try store.rows("SELECT \(columns) FROM queue") == ["available|0|0|0|100|1|-|-"])
            #expect(try store.call(now: Self.done).entry.id == 2)
            #expect(try store.rows("SELECT state, call_id FROM queue") == ["running|2"])
        }
    }

    @Test("a dead letter keeps its reason", arguments: Medium.allCases)
    func discarded(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try settle(store) { job in
                var failed = job
                failed.failures = 5
                return .discarded(failed, error: "it's \"bad\"")
            }
            let done = Self.done.milliseconds
            #expect(
                try store.rows("SELECT \(columns) FROM queue") == [
                    "discarded|0|5|0|100|1|\(done)|it's \"bad\""
                ])
            #expect(try store.number("SELECT count(*) FROM result") == 0)
        }
    }

    @Test("a later answer replaces the earlier one", arguments: Medium.allCases)
    func upsert(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let first = CallOutcome.succeeded(
                Answer(items: [asin(1): Item(isFound: false, body: "{}")]))
            try store.complete(asin(1), first)
            try store.complete(asin(1), now: .noon.after(50_000))
            #expect(
                try store.rows("SELECT product, found, body, fetched_at, call_id FROM result")
                    == [
                        #"\#(asin(1))|1|{"asin":"\#(asin(1))"}|\#(Timestamp.noon.after(50_000).milliseconds)|2"#
                    ]
            )
        }
    }

    @Test("the ledger has every field of the settlement", arguments: Medium.allCases)
    func ledger(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)])
            let call = try store.call()
            _ = try store.settle(1, at: .images, among: Endpoint.both, now: Self.done) {
                _, jobs, _ in
                Settlement(
                    outcome: .failed, chargedTokens: 1, httpStatus: 502, dailyRemaining: 9,
                    dailyResetAt: .midnight, dailyPool: "images", driftTokens: -3,
                    retryAt: .noon.after(2_000),
                    fullAt: .noon.after(3_000), message: "bad gateway",
                    changes: jobs.map { .available($0, notBefore: nil) })
            }
            var lines: [LedgerLine] = []
            try store.ledger(limit: nil, since: nil) { lines.append($0) }
            var entry = call.entry
            entry.settledAt = Self.done
            entry.outcome = .failed
            entry.charged = 1
            entry.dailyRemaining = 9
            entry.dailyResetAt = .midnight
            entry.dailyPool = "images"
            entry.retryAt = .noon.after(2_000)
            entry.fullAt = .noon.after(3_000)
            entry.isAlone = true
            let line = try #require(lines.first)
            #expect(lines.count == 1 && line.entry == entry && line.products == [asin(1)])
            #expect(
                line.httpStatus == 502 && line.driftTokens == -3 && line.message == "bad gateway")
        }
    }
}
