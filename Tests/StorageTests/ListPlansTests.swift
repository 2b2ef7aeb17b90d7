import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// The statements of lists and reports that are read page by page, explained.
@Suite(.onSQLite)
struct ListPlansTests {
    private func filled() throws -> Store {
        let store = try Store()
        for number in 1...20 { try store.complete(asin(number)) }
        try store.complete(asin(21), .rejected(status: 400, message: "no"))
        for endpoint in Endpoint.both {
            try store.add(asins(100...300), at: endpoint, EnqueueOptions(label: "red"))
        }
        return store
    }

    /// No table is read from its beginning to its end, and nothing is sorted. A list that no index serves is
    /// walked by the row ids: the number of rows is bounded by the caller.
    private func expectSeeks(
        _ plans: [Plan], mayScan: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(!plans.isEmpty, sourceLocation: sourceLocation)
        for plan in plans {
            for table in ["queue", "ledger", "result"] where !mayScan {
                #expect(
                    !plan.has("SCAN \(table)"), "\(plan.sql) \(plan.steps)",
                    sourceLocation: sourceLocation)
            }
            #expect(
                !plan.has("USE TEMP B-TREE"), "\(plan.sql) \(plan.steps)",
                sourceLocation: sourceLocation)
        }
    }

    @Test("a page of jobs is read in the order of an index")
    func jobs() throws {
        let store = try filled()
        for (filter, index) in [
            (JobFilter(), "USING INTEGER PRIMARY KEY (rowid<?)"),
            (
                JobFilter(endpoint: "images", state: .ready, product: asin(5)),
                "USING INTEGER PRIMARY KEY (rowid<?)"
            ),
            (
                JobFilter(label: "red"),
                "INDEX queue_label (label=? AND endpoint=? AND state=? AND rowid<?)"
            ),
            (
                JobFilter(state: .discarded),
                "INDEX queue_finished (endpoint=? AND state=? AND finished_at"
            ),
        ] {
            let plans = try store.plans {
                _ = try store.jobs(filter, limit: 10, after: nil, at: .noon)
            }.filter { $0.sql.contains("FROM queue") }
            expectSeeks(plans)
            #expect(plans.allSatisfy { $0.has(index) }, "\(plans.map(\.steps))")
        }
    }

    @Test("a page of calls is read in the order of an index")
    func calls() throws {
        let store = try filled()
        for filter in [
            LedgerFilter(), LedgerFilter(outcome: "failed"), LedgerFilter(endpoint: "images"),
            LedgerFilter(account: "asinscope", product: asin(1)),
        ] {
            let plans = try store.plans {
                _ = try store.calls(filter, limit: 10, after: nil)
            }.filter { $0.sql.contains("FROM ledger") }
            expectSeeks(plans)
            let isByAccount = filter.endpoint != nil || filter.account != nil
            let index =
                isByAccount
                ? "INDEX ledger_calls (account=? AND endpoint=? AND rowid<?)"
                : "USING INTEGER PRIMARY KEY (rowid<?)"
            #expect(plans.allSatisfy { $0.has(index) }, "\(plans.map(\.steps))")
        }
    }

    @Test("results are read in the order of their revisions, and those of a label by its jobs")
    func results() throws {
        let store = try filled()
        let plans = try store.plans {
            _ = try store.results(after: 3, endpoint: "images", label: nil, limit: 10)
            _ = try store.result(asin(1), at: "images")
            _ = try store.lastJob(of: asin(1), at: "images", now: .noon)
        }
        // A product has one open job for each account.
        expectSeeks(
            plans.filter { !$0.sql.contains("FROM endpoint") && !$0.sql.contains("queue_open") })
        let labelled = try store.plans {
            _ = try store.results(after: 3, endpoint: nil, label: "red", limit: 10)
        }.filter { $0.sql.contains("queue_label") }
        #expect(labelled.count == 1)
        #expect(labelled[0].has("SEARCH queue USING INDEX queue_label (label=?)"))
        #expect(
            labelled[0].has("INDEX result_product (endpoint=? AND product=? AND rowid>?)"),
            "\(labelled[0].steps)")
    }

    @Test("a job's place and a call's jobs are sought")
    func places() throws {
        let store = try filled()
        let job = try #require(
            try store.jobs(JobFilter(label: "red"), limit: 1, after: nil, at: .noon).items.first)
        let endpoint: Endpoint = job.endpoint == "images" ? .images : .barcodes
        let places = try store.plans { _ = try store.place(of: job, at: endpoint) }
            .filter { $0.sql.contains("FROM queue") }
        expectSeeks(places)
        #expect(
            places.allSatisfy {
                $0.has("INDEX queue_ready (endpoint=? AND account=? AND priority=? AND rowid<?)")
            })
        let call = try #require(try store.calls(LedgerFilter(), limit: 1, after: nil).items.first)
        let plans = try store.plans { _ = try store.jobIDs(of: call) }
        for plan in plans {
            #expect(!plan.has("SCAN queue"), "\(plan.steps)")
            #expect(
                plan.has("queue_finished (endpoint=? AND state=? AND finished_at=?)"),
                "\(plan.steps)")
            #expect(plan.has("INDEX queue_open (endpoint=? AND product=?)"), "\(plan.steps)")
        }
    }

    @Test(
        "a product's history is sought, but for the calls and dead letters that are read one by one"
    )
    func history() throws {
        let store = try filled()
        let plans = try store.plans {
            _ = try store.history(
                of: asin(1), at: "images", jobsMax: 5, callsMax: 5, now: .noon)
        }.filter { $0.sql.contains("FROM queue") || $0.sql.contains("FROM ledger") }
        #expect(plans.count > 5)
        for plan in plans {
            for table in ["queue", "ledger", "result"] {
                #expect(!plan.has("SCAN \(table)"), "\(plan.sql) \(plan.steps)")
            }
        }
        #expect(plans.contains { $0.has("INDEX queue_open (endpoint=? AND product=?)") })
        #expect(
            plans.contains { $0.has("queue_finished (endpoint=? AND state=? AND finished_at=?)") })
    }

    @Test(
        "later calls are sought by their ids, their dead letters and a lane's last calls in an index"
    )
    func events() throws {
        let store = try filled()
        let rejected = LedgerFilter(product: asin(21))
        let call = try #require(try store.calls(rejected, limit: 1, after: nil).items.first)
        let plans = try store.plans {
            _ = try store.calls(after: EarlierCalls(last: 9, open: [3, 7]), limit: 100)
            #expect(try store.deadLetters(of: call).map(\.product) == [asin(21)])
            _ = try store.standing(of: .images)
        }
        expectSeeks(plans)
        #expect(plans.count == 5)
        #expect(plans.count { $0.has("ledger USING INTEGER PRIMARY KEY") } == 2)
        #expect(
            plans.contains { $0.has("queue_finished (endpoint=? AND state=? AND finished_at=?)") })
        #expect(plans.contains { $0.has("INDEX ledger_settled (account=? AND endpoint=?") })
    }

    @Test("labels are sought one by one, and the past of a ledger by the ends of calls")
    func others() throws {
        let store = try filled()
        let labels = try store.plans { _ = try store.labels(after: nil, limit: 5, at: .noon) }
        for plan in labels where plan.sql.contains("queue") {
            #expect(!plan.has("SCAN queue"), "\(plan.steps)")
        }
        let ledgers = try store.plans {
            _ = try store.pastLedger(of: Endpoint.both, at: .noon, before: 9)
            _ = try store.entries(of: Endpoint.both, from: .noon, to: .midnight)
            _ = try store.refusals(at: .images, from: .noon, to: .midnight, limit: 9)
        }
        expectSeeks(ledgers)
        #expect(
            ledgers.contains {
                $0.has(
                    "INDEX ledger_settled (account=? AND endpoint=? AND settled_at>? AND settled_at<?)"
                )
            })
        let ready = try store.plans { _ = try store.oldestReady() }
        for plan in ready {
            #expect(
                plan.has("INDEX queue_ready (endpoint=? AND account=? AND priority=?)"),
                "\(plan.steps)")
        }
    }
}
