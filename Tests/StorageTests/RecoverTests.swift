import Planning
import StoreSupport
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// The effect of a daemon's start on calls that the last run left open.
struct RecoverTests {
    private func open(
        _ store: Store, _ product: String, at endpoint: Endpoint, slot: Int = 0,
        among endpoints: [Endpoint]
    ) throws {
        _ = try store.enqueue(
            [product], at: endpoint.name, EnqueueOptions(account: endpoint.account), now: .noon)
        let claim = try store.claim(endpoint, slot: slot, among: endpoints, at: .noon) {
            .call(
                CallPlan(
                    jobs: $0.ready, reservedTokens: endpoint.tariff.cost(of: $0.ready.count),
                    leaseUntil: .noon + endpoint.lease))
        }
        guard case .call(let call) = claim else {
            Issue.record("\(claim)")
            return
        }
        #expect(call.jobs.map(\.product) == [product])
    }

    /// When the daemon starts: on a server, another host may make a call until its lease is over.
    private let start =
        TestServer.current == nil ? Timestamp.noon.after(5_000) : Timestamp.noon.after(600_000)

    private func expire(
        _ call: LedgerEntry, _ endpoint: Endpoint, _ jobs: [Job], _ ledger: Ledger
    ) -> Settlement {
        Planner.resolve(
            .expired, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: start)
    }

    @Test(
        "The calls of every slot are settled, including slots that the endpoint no longer has",
        arguments: Medium.allCases)
    func slots(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for slot in 0..<8 {
                try open(
                    store, asin(slot + 1), at: .images, slot: slot, among: Endpoint.both)
            }
            #expect(Endpoint.images.lanes.count == 1)
            let recovered = try store.recover(Endpoint.both, now: start, expire: expire)
            #expect(recovered.expired.map(\.slot) == Array(0..<8))
            #expect(try store.openCalls() == [])
            #expect(
                try store.rows("SELECT DISTINCT state, failures, not_before FROM queue")
                    == ["available|1|\(start.after(5_000).milliseconds)"])
            #expect(recovered.orphans == 0)
        }
    }

    @Test(
        "On a server, calls whose lease is not over are left to their host",
        .enabled(if: TestServer.current != nil))
    func lease() throws {
        let store = try Store()
        try open(store, asin(1), at: .images, among: Endpoint.both)
        let lease = try #require(try store.openCalls().first?.leaseUntil)
        let before = lease - .milliseconds(1)
        #expect(try store.recover(Endpoint.both, now: before, expire: expire).expired == [])
        #expect(try store.openCalls().count == 1)
        #expect(try store.recover(Endpoint.both, now: lease, expire: expire).expired.count == 1)
        #expect(try store.openCalls() == [])
    }

    @Test(
        "A settlement that could not be written holds the account's lanes, but none of a later start"
    )
    func unwritten() throws {
        let isFull = Mutex(false)
        let store = try Store(beforeCommit: {
            if isFull.withLock(\.self) { throw StoreError.full(path: "disk") }
        })
        try store.add(asins(1...2))
        let call = try store.call(1)
        isFull.withLock { $0 = true }
        #expect(throws: StoreError.self) { try store.settle(call, answer([asin(1)])) }
        isFull.withLock { $0 = false }
        func decides() throws -> Bool {
            var isAsked = false
            _ = try store.claim(.barcodes, among: Endpoint.both, at: .noon.after(2_000)) { _ in
                isAsked = true
                return .hold(.idle, until: nil)
            }
            return isAsked
        }
        #expect(try !decides())
        _ = try store.recover(Endpoint.both, now: .noon.after(2_000), expire: expire)
        #expect(try decides())
    }

    @Test(
        "The calls of an account that is no longer worked are settled by the same rules",
        arguments: Medium.allCases)
    func account(_ medium: Medium) throws {
        let former = Endpoint.both.map { endpoint in
            var former = endpoint
            former.account = "second"
            return former
        }
        try medium.withStore { (store: Store) throws in
            try store.register([StoredAccount(name: "second", provider: "asinscope")])
            try open(store, asin(1), at: .images, among: Endpoint.both)
            for (number, endpoint) in former.enumerated() {
                try open(store, asin(2 + number), at: endpoint, slot: 3, among: former)
            }
            let own = try store.recover(Endpoint.both, now: start, expire: expire)
            #expect(own.expired.map(\.account) == ["asinscope"])
            #expect(try store.openCalls().map(\.account) == ["second", "second"])
            let calls = try store.openCalls()
            let lost = try store.settleLost(at: former, now: start, expire: expire)
            #expect(Set(lost) == Set(calls))
            #expect(try store.openCalls() == [])
            #expect(
                try store.rows(
                    "SELECT state, failures, not_before, count(*) FROM queue GROUP BY 1, 2, 3")
                    == ["available|1|\(start.after(5_000).milliseconds)|3"])
            #expect(
                try store.rows("SELECT outcome, settled_at, charged = reserved FROM ledger")
                    == Array(repeating: "expired|\(start.milliseconds)|1", count: 3))
            let limits = AccountLimits.always(Endpoint.both + former)
            let problems = try store.audit(limits, at: start).findings
            #expect(problems.map(\.code) == [])
        }
    }

    @Test("Open calls are found by their index", .onSQLite)
    func plan() throws {
        let store = try Store()
        let plans = try store.plans { _ = try store.openCalls() }
        #expect(plans.contains { $0.has("INDEX ledger_open") }, "\(plans)")
    }
}
