import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// The statements that a look for due products, and the reports about schedules, run.
@Suite(.onSQLite)
struct ScheduleQueryPlanTests {
    /// Results and jobs, of which some are among the products of the tests.
    private func filled() throws -> Store {
        let store = try Store()
        for number in 1...20 { try store.complete(asin(number)) }
        try store.complete(asin(21), .rejected(status: 400, message: "no"))
        for endpoint in Endpoint.both {
            try store.add(asins(100...400), at: endpoint, EnqueueOptions(label: "red"))
        }
        return store
    }

    private func expectNoScan(_ plans: [Plan], atLeast count: Int) {
        #expect(plans.count >= count)
        for plan in plans {
            for table in ["queue", "ledger", "result", "schedule"] {
                let scans = plan.steps.filter { $0.hasPrefix("SCAN \(table)") }
                #expect(scans == [], "\(plan.sql)")
            }
            #expect(!plan.has("USE TEMP B-TREE"), "\(plan.sql)")
        }
    }

    @Test("a look for due products seeks, and reads a bounded part of the results in order")
    func dueProducts() throws {
        let store = try filled()
        _ = try store.schedule(asins(1...200) + asins(900...999))
        _ = try store.schedule([], "known", isAllKnown: true)
        let later = Timestamp.noon.after(days: 3)
        let plans = try store.plans { try store.lookForDue(50, now: later) }
        #expect(try store.number("SELECT count(*) FROM queue WHERE label = 'catalog'") == 50)
        expectNoScan(plans, atLeast: 12)
        #expect(plans.contains { $0.has("INDEX schedule_due (schedule_id=? AND due_at<?)") })
        #expect(plans.contains { $0.has("SEARCH result USING INTEGER PRIMARY KEY (rowid>?)") })
        #expect(
            plans.contains {
                $0.has("INDEX queue_open (endpoint=? AND product=?")
            })
    }

    @Test("a schedule is counted in indexes, without its results")
    func scheduleCounts() throws {
        let store = try filled()
        let list = try store.schedule(asins(1...200))
        let known = try store.schedule([], "known", isAllKnown: true)
        let plans = try store.plans {
            _ = try store.counts(of: list, at: .noon.after(days: 3))
            _ = try store.counts(of: known, at: .noon.after(days: 3))
        }.filter { $0.sql.contains("count(*)") }
        #expect(plans.count == 5)
        expectNoScan(plans, atLeast: 5)
        #expect(plans.allSatisfy { $0.has("COVERING INDEX") || $0.has("PRIMARY KEY") })
    }
}
