import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct ClaimTests {
    @Test("a call's ledger row and its jobs match the plan", arguments: Medium.allCases)
    func records(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...3), at: .barcodes)
            try store.add([asin(9)], at: .barcodes, EnqueueOptions(priority: 1))
            let claim = try store.claim(.barcodes, among: Endpoint.both, at: .noon) { snapshot in
                .call(
                    CallPlan(
                        jobs: [snapshot.ready[0], snapshot.ready[2]], reservedTokens: 10,
                        leaseUntil: .noon.after(61_000)))
            }
            let entry = LedgerEntry(
                id: 1, account: "asinscope", endpoint: "barcodes", reserved: 10, startedAt: .noon,
                leaseUntil: .noon.after(61_000))
            let jobs = [
                Job(id: 4, product: asin(9), priority: 1, enqueuedAt: .noon, lastCallID: 1),
                Job(id: 2, product: asin(2), enqueuedAt: .noon, lastCallID: 1),
            ]
            #expect(claim == .call(OpenCall(entry: entry, jobs: jobs)))
            #expect(try store.openCalls(at: Endpoint.both) == [entry])
            #expect(
                try store.rows("SELECT id, state, call_id FROM queue ORDER BY id")
                    == ["1|available|-", "2|running|1", "3|available|-", "4|running|1"])
            #expect(
                try store.rows("SELECT products, settled_at, outcome, charged FROM ledger")
                    == [#"["\#(asin(9))","\#(asin(2))"]|-|-|-"#])
        }
    }

    @Test("call ids increase, and are never reused", arguments: Medium.allCases)
    func numbers(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...3 {
                try store.complete(asin(number), now: .noon.after(number * 10_000))
                try store.execute("DELETE FROM ledger")
            }
            try store.add([asin(4)])
            #expect(try store.call(now: .midnight).entry.id == 4)
        }
    }

    static let decisions: [(Decision<CallPlan>, Decision<OpenCall>)] = [
        (.hold(.idle, until: nil), .hold(.idle, until: nil)),
        (.hold(.tokenBucket, until: .midnight), .hold(.tokenBucket, until: .midnight)),
        (.expire(callID: 7), .expire(callID: 7)),
    ]

    @Test(
        "a hold and an expiry are passed on, and nothing is written", arguments: Medium.allCases,
        decisions.indices)
    func hold(_ medium: Medium, index: Int) throws {
        let (decision, expected) = Self.decisions[index]
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(3))
            try store.add(asins(1...2))
            let changes = try store.totalChanges()
            let before = try store.contents()
            for now in [Timestamp.noon.after(9_000), .midnight, .midnight.after(1)] {
                let claim = try store.claim(.images, among: Endpoint.both, at: now) { _ in decision
                }
                #expect(claim == expected)
            }
            #expect(try store.totalChanges() == changes)
            #expect(try store.contents() == before)
        }
    }

    @Test("a hold is no commit for other connections")
    func holdUnseen() throws {
        try TemporaryFolder.with { folder in
            let lane = try Store(path: folder.database, access: .create)
            try lane.add(asins(1...2))
            let other = try Store(path: folder.database, access: .read)
            let version = try other.dataVersion()
            for _ in 1...3 { _ = try lane.look() }
            #expect(try other.dataVersion() == version)
            _ = try lane.call()
            #expect(try other.dataVersion() != version)
        }
    }

    @Test(
        "one call is open at an endpoint; another endpoint's does not count",
        arguments: Medium.allCases)
    func oneOpen(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...2))
            try store.add(asins(1...2), at: .barcodes)
            _ = try store.call(1)
            let before = try store.contents()
            #expect(throws: StoreError.self) { try store.call(1) }
            #expect(try store.contents() == before)
            _ = try store.call(1, at: .barcodes)
            #expect(
                try store.openCalls(at: Endpoint.both).map(\.endpoint) == ["images", "barcodes"])
            #expect(try store.openCalls(at: [.barcodes]).count == 1)
        }
    }

    @Test(
        "with the planner, a lowered batch limit applies to the whole batch",
        arguments: Medium.allCases)
    func batchLimit(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...9))
            try store.execute("UPDATE queue SET batch_limit = 2 WHERE id IN (1, 5)")
            let claim = try store.claim(.images, among: Endpoint.both, at: .noon) {
                Planner.decide($0, at: .noon)
            }
            guard case .call(let call) = claim else {
                Issue.record("\(claim)")
                return
            }
            #expect(call.jobs.map(\.id) == [1, 2])
            #expect(call.entry.reserved == 2)
        }
    }
}
