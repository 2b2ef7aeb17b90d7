import Planning
import Providers
import Storage
import StoreSupport
import TestSupport
import Testing

/// The statements that really ran, explained: with a million rows, a scan is an outage.
@Suite(.onSQLite)
struct QueryPlanTests {
    /// A store with an example of everything.
    private func filled() throws -> Store {
        let store = try Store()
        for number in 1...20 { try store.complete(asin(number)) }
        try store.complete(asin(21), .rejected(status: 400, message: "no"))
        for endpoint in Endpoint.both {
            try store.add(asins(100...400), at: endpoint, EnqueueOptions(label: "red"))
            try store.add(asins(500...700), at: endpoint, EnqueueOptions(notBefore: .midnight))
        }
        _ = try store.cancel(JobSelection(products: asins(100...120)), now: .noon)
        return store
    }

    private func expectNoScan(
        _ plans: [Plan], atLeast count: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(plans.count >= count, sourceLocation: sourceLocation)
        for plan in plans {
            for table in ["queue", "ledger", "result"] {
                let scans = plan.steps.filter { $0.hasPrefix("SCAN \(table)") }
                #expect(scans == [], "\(plan.sql)", sourceLocation: sourceLocation)
            }
        }
    }

    private func expectNoSort(_ plans: [Plan], sourceLocation: SourceLocation = #_sourceLocation) {
        for plan in plans {
            #expect(!plan.has("USE TEMP B-TREE"), "\(plan.sql)", sourceLocation: sourceLocation)
        }
    }

    @Test("a claim seeks in queue_ready and queue_scheduled, and sorts nothing of the queue")
    func claim() throws {
        let store = try filled()
        let plans = try store.plans { _ = try store.call(now: .midnight) }
        expectNoScan(plans, atLeast: 10)
        let ready = plans.filter {
            $0.sql.contains("ORDER BY priority, id") && $0.sql.contains("failures = 0")
        }
        let again = plans.filter {
            $0.sql.contains("ORDER BY priority, id") && $0.sql.contains("failures > 0")
        }
        let later = plans.filter { $0.sql.contains("ORDER BY not_before") }
        let due = plans.filter { $0.sql.contains("min(not_before)") }
        let waiting = plans.filter { $0.sql.contains("count(*)") }
        for (plans, index) in [
            (ready, "queue_ready"), (again, "queue_retry"), (later, "queue_scheduled"),
            (due, "queue_scheduled"),
        ] {
            #expect(!plans.isEmpty)
            #expect(plans.allSatisfy { $0.has("INDEX \(index) (endpoint=?") })
            expectNoSort(plans)
        }
        let plan = try #require(waiting.first)
        #expect(plan.has("INDEX queue_ready (endpoint=?"), "\(plan.steps)")
        #expect(plan.has("INDEX queue_retry (endpoint=?"), "\(plan.steps)")
        #expect(plan.has("INDEX queue_scheduled (endpoint=?"), "\(plan.steps)")
        expectNoSort(waiting)
        #expect(later.allSatisfy { $0.has("not_before>? AND not_before<?)") })
    }

    @Test("the ledger is read by its indexes alone")
    func ledger() throws {
        let store = try filled()
        let plans = try store.plans { _ = try store.look() }
            .filter { $0.sql.contains("FROM ledger") }
        expectNoScan(plans, atLeast: 8)
        #expect(
            plans.contains {
                $0.has("INDEX ledger_settled (account=? AND endpoint=? AND settled_at>?)")
            })
        // The last ten by their end are as many in a ledger of any length.
        expectNoSort(plans)
    }

    @Test("a settlement finds its jobs by queue_running, and each by its id")
    func settle() throws {
        let store = try filled()
        let call = try store.call(now: .noon.after(9_000))
        let plans = try store.plans {
            try store.settle(call, .unauthorized(status: 401, message: ""), now: .midnight)
        }
        expectNoScan(plans, atLeast: 5)
        #expect(plans.contains { $0.has("INDEX queue_running (call_id=?)") })
    }

    @Test("the rate seeks in the tally and in the settled calls, however old they are")
    func recentAnswers() throws {
        let store = try filled()
        let plans = try store.plans { _ = try store.recentAnswers(at: .noon) }
        expectNoScan(plans, atLeast: 1)
        #expect(plans.allSatisfy { plan in !plan.steps.contains { $0.hasPrefix("SCAN tally") } })
        #expect(plans.contains { $0.has("(account=? AND endpoint=? AND hour>?)") })
        #expect(plans.contains { $0.has("ledger_settled") })
    }

    @Test("enqueueing seeks")
    func enqueue() throws {
        let store = try filled()
        let plans = try store.plans {
            let options = EnqueueOptions(freshSince: .noon)
            _ = try store.enqueue(asins(1...3), at: "images", options, now: .midnight)
        }
        expectNoScan(plans, atLeast: 3)
    }

    @Test("counts come from the indexes of waiting and finished jobs")
    func jobCounts() throws {
        let store = try filled()
        let plans = try store.plans { _ = try store.jobCounts(at: .noon) }
        #expect(plans.count == 4)
        for index in ["queue_ready", "queue_scheduled", "queue_finished"] {
            let plan = try #require(plans.first { $0.has(index) })
            #expect(plan.has("INDEX \(index)"))
            #expect(!plan.steps.contains("SCAN queue"))
            if index != "queue_scheduled" { expectNoSort([plan]) }
        }
        #expect(plans.contains { $0.has("USING INDEX queue_running") })
    }

    @Test("a backlog is counted in ranges of the indexes alone, and labels are sought one by one")
    func backlog() throws {
        let store = try filled()
        let plans = try store.plans { _ = try store.backlog(of: Endpoint.both, at: .noon) }
        expectNoScan(plans, atLeast: 30)
        let counts = plans.filter { $0.sql.contains("count(*)") && $0.sql.contains("queue_ready") }
        #expect(!counts.isEmpty)
        for plan in counts {
            #expect(
                plan.has(
                    "INDEX queue_ready (endpoint=? AND account=? AND priority=? AND rowid>? AND rowid<?)"
                ))
            #expect(
                plan.has(
                    "INDEX queue_retry (endpoint=? AND account=? AND priority=? AND rowid>? AND rowid<?)"
                ))
        }
        let labels = plans.filter { $0.sql.contains("queue_label_waiting") }
        // One for each of the two endpoints and one past them; in each, one for its only priority in the
        // queue without an account and one past it, one in the account's; and one for each place.
        #expect(labels.count == 11)
        #expect(
            labels.allSatisfy { $0.has("INDEX queue_label_waiting (") })
        for plan in plans where plan.sql.contains("queue_scheduled") {
            #expect(
                plan.has(
                    "INDEX queue_scheduled (endpoint=? AND account=? AND priority=? AND not_before"
                ))
        }
        expectNoSort(counts + labels)
    }

    @Test("a rehearsal seeks")
    func rehearsal() throws {
        let store = try filled()
        let plans = try store.plans {
            let options = EnqueueOptions(freshSince: .noon)
            _ = try Rehearsal(store).enqueue(asins(1...3), at: "images", options, now: .midnight)
        }
        expectNoScan(plans, atLeast: 3)
    }

    @Test("reports seek", arguments: [0, 1, 2, 3])
    func reports(_ number: Int) throws {
        let store = try filled()
        let plans = try store.plans {
            switch number {
            case 0: _ = try store.deadLetters(at: "images", limit: 5)
            case 1: try store.results(at: "images", products: []) { _ in }
            case 2: try store.results(at: "images", products: asins(1...3)) { _ in }
            default: _ = try store.openCalls(at: Endpoint.both)
            }
        }
        expectNoScan(plans, atLeast: 1)
        // Only the requested products are sorted in the order of the request.
        if number != 2 { expectNoSort(plans) }
    }

    @Test("offers, and the chain of an ASIN, are sought, and a list of them is not sorted")
    func offers() throws {
        let store = try filled()
        for number in 1...20 {
            try store.complete(
                asin(number), at: .barcodes, barcodes([asin(number): code(number)]))
            try store.complete(code(number), at: .lookup, answer([code(number)]))
        }
        let plans = try store.plans {
            try store.offers(at: "lookup", products: []) { _ in }
            try store.offers(at: "lookup", products: [code(1), code(2)]) { _ in }
            try store.chain([]) { _ in }
            try store.chain(asins(1...2)) { _ in }
        }
        expectNoScan(plans, atLeast: 6)
        #expect(!plans.contains { $0.has("AUTOMATIC") || $0.has("MATERIALIZE") })
        for plan in plans where plan.sql.contains("FROM chain") {
            let isOne = plan.sql.contains("asin = ?")
            let first = "SEARCH barcodes USING INDEX result_product (endpoint=?"
            #expect(plan.has(first + (isOne ? " AND product=?)" : ")")), "\(plan.steps)")
            #expect(
                !plan.steps.contains {
                    $0.hasPrefix("SCAN barcodes") || $0.hasPrefix("SCAN lookup")
                })
            #expect(
                plan.has(
                    "SEARCH lookup USING INDEX result_product (endpoint=? AND product=?)"
                ))
            // One: of the few candidates for an ASIN's code.
            #expect(plan.steps.count { $0.contains("USE TEMP B-TREE") } == 1)
        }
        expectNoSort(
            plans.filter { $0.sql.contains("FROM offer") && !$0.sql.contains("FROM chain") })
    }

    @Test("lookups that follow from barcodes are found and added by seeking")
    func lookUps() throws {
        let store = try filled()
        try store.add(
            asins(900...903), at: .barcodes, EnqueueOptions(priority: 0, thenLookup: .seconds(60)))
        let call = try store.call(4, at: .barcodes, now: .noon.after(9_000))
        let codes = Dictionary(uniqueKeysWithValues: (900...903).map { (asin($0), code($0)) })
        let plans = try store.plans {
            try store.settle(call, barcodes(codes), at: .barcodes, now: .noon.after(10_000))
            let options = EnqueueOptions(
                freshSince: Timestamp(milliseconds: 0), pages: 5, thenLookup: .zero)
            _ = try store.enqueue(
                asins(900...910), at: "barcodes", options, now: .midnight,
                followUp: barcodeLead)
            _ = try Rehearsal(store).enqueue(
                asins(900...910), at: "barcodes", options, now: .midnight,
                followUp: barcodeLead)
            for _ in 1...2 {
                _ = try store.enqueue(["a", "b"], at: "search", options, now: .midnight)
            }
        }
        #expect(try store.number("SELECT count(*) FROM queue WHERE endpoint = 'lookup'") == 4)
        expectNoScan(plans, atLeast: 20)
        #expect(
            plans.filter { $0.sql.contains("FROM code") }
                .allSatisfy {
                    $0.has(
                        "SEARCH result USING INDEX result_product (endpoint=? AND product=?)"
                    )
                })
    }

    @Test("pruning seeks old rows, rather than reading every row for each batch")
    func prune() throws {
        let store = try filled()
        let plans = try store.plans {
            _ = try store.prune(
                Retention(jobs: .zero, deadLetters: .zero, ledger: .zero), now: .midnight)
        }
        expectNoScan(plans, atLeast: 3)
        #expect(plans.filter { $0.has("queue_finished") }.count == 2)
        #expect(plans.contains { $0.has("ledger_calls (account=? AND endpoint=? AND rowid<?)") })
    }

    @Test("a selection by label seeks")
    func selections() throws {
        let store = try filled()
        let selection = JobSelection(label: "red")
        let plans = try store.plans {
            _ = try store.pause(selection)
            _ = try store.resume(selection)
            _ = try store.cancel(selection, now: .noon)
        }
        expectNoScan(plans, atLeast: 3)
    }

    @Test("when the clock was set back, the jobs to move are found among the scheduled ones")
    func clockSetBack() throws {
        let store = try filled()
        try store.complete(
            asin(800), now: .midnight, .rateLimited(.minute, hint: .seconds(5), message: ""))
        let plans = try store.plans { _ = try store.look(at: .noon.after(9_000)) }
            .filter { $0.sql.contains("not_before = max(") }
        #expect(plans.count == 1)
        #expect(plans.allSatisfy { $0.has("queue_scheduled") })
    }
}
