import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Accounts that the settings of the daemon add and remove.
struct AccountRowsTests {
    private let first = StoredAccount(name: "asinscope", provider: "asinscope")
    private let second = StoredAccount(name: "second", provider: "asinscope")

    private func history(_ store: Store) throws -> [String] {
        try store.rows("SELECT account, since, figures FROM limit_setting ORDER BY account, since")
    }

    @Test(
        "A start marks accounts that it does not work, once; their rows and their history stay",
        arguments: Medium.allCases)
    func removed(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let at = [0, 1, 2, 3].map { Timestamp.noon.after($0) }
            try store.setLimits([(first, #"{"a":1}"#), (second, #"{"a":2}"#)], now: at[0])
            for now in at[1...2] { try store.setLimits([(first, #"{"a":1}"#)], now: now) }
            let before = [
                #"asinscope|\#(at[0].milliseconds)|{"a":1}"#,
                #"second|\#(at[0].milliseconds)|{"a":2}"#,
                #"second|\#(at[1].milliseconds)|{"configured":false}"#,
            ]
            #expect(try history(store) == before)
            #expect(try store.accounts().filter { $0.provider == "asinscope" } == [first, second])
            try store.setLimits([(first, #"{"a":1}"#), (second, #"{"a":2}"#)], now: at[3])
            #expect(
                try history(store) == before + [#"second|\#(at[3].milliseconds)|{"a":2}"#])
        }
    }

    @Test("An account that no daemon has worked gets no mark")
    func neverWorked() throws {
        let store = try Store()
        try store.register([second])
        try store.setLimits([(first, "{}")], now: .noon)
        #expect(try history(store) == ["asinscope|\(Timestamp.noon.milliseconds)|{}"])
    }

    @Test(
        "Jobs that wait for an account are counted by endpoint, ready, scheduled and paused",
        .onSQLite)
    func waiting() throws {
        let store = try Store()
        try store.register([second])
        let named = EnqueueOptions(account: "second")
        try store.add(asins(1...4), named)
        try store.add(asins(5...6), at: .barcodes, named)
        try store.add(asins(7...9))
        _ = try store.pause(JobSelection(products: [asin(1)]))
        try store.execute(
            """
            UPDATE queue SET failures = 1 WHERE product = '\(asin(2))';
            UPDATE queue SET state = 'cancelled', finished_at = 1 WHERE product = '\(asin(3))'
            """)
        #expect(
            try store.waitingJobs(naming: ["second", "upcitemdb", "none"]) == [
                AccountJobs(account: "second", endpoint: "barcodes", jobs: 2),
                AccountJobs(account: "second", endpoint: "images", jobs: 3),
            ])
        #expect(try store.waitingJobs(naming: ["asinscope"]) == [])
        let plans = try store.plans { _ = try store.waitingJobs(naming: ["second"]) }
        for plan in plans where plan.sql.contains("FROM queue") {
            #expect(!plan.steps.contains { $0.hasPrefix("SCAN queue") }, "\(plan.steps)")
            #expect(plan.has("INDEX queue_ready (endpoint=? AND account=?"), "\(plan.steps)")
        }
    }

    @Test("A backlog has the jobs of an account that is not worked in a line without a lane")
    func backlog() throws {
        let store = try Store()
        try store.register([second])
        try store.add(asins(1...3), EnqueueOptions(label: "red", account: "second"))
        let backlog = try store.backlog(of: Endpoint.both, at: .noon)
        #expect(backlog["images", account: "second"]?.lines[5].ready == 3)
        let forecast = try #require(Forecast(backlog)["images"])
        #expect(forecast.jobs == 3 && forecast.calls == 0)
        #expect(forecast.standstill == .missingAccount && forecast.finishesAt == nil)
        #expect(forecast.accounts.map(\.account) == ["asinscope"])
        #expect(forecast.groups.map(\.label) == ["red"])
    }
}
