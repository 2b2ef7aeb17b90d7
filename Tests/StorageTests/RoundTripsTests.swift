import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// A lane waits for each round trip to the server, and its account's other lanes wait with it.
@Suite(.onServer)
struct RoundTripsTests {
    private static let most = 4

    private func counting<Value>(
        _ store: Store, _ body: () throws -> Value
    ) throws -> (Value, roundTrips: Int) {
        guard case .postgreSQL(let server) = store.engine else {
            preconditionFailure("the tests run on a server")
        }
        let before = server.roundTrips
        return (try body(), server.roundTrips - before)
    }

    @Test("A claim takes at most four round trips, with other calls, a full line and a peer's jobs")
    func claim() throws {
        let store = try Store()
        try store.add(asins(1...250))
        try store.add(asins(1...250), at: .barcodes)
        // The second claim of each endpoint finds jobs that have become due.
        for start in [0, 40_000] {
            for endpoint in [Endpoint.images, .barcodes] {
                let (call, count) = try counting(store) {
                    try store.call(at: endpoint, now: .noon.after(start))
                }
                #expect(1...Self.most ~= count, "\(endpoint.name): \(count)")
                try store.settle(call, .expired, at: endpoint, now: .noon.after(start))
            }
        }
    }

    @Test("A look that finds nothing to do takes at most four round trips")
    func idle() throws {
        let store = try Store()
        try store.complete(asin(1))
        let (snapshot, count) = try counting(store) {
            try store.look(at: .noon.after(3_600_000))
        }
        #expect(snapshot.ready.isEmpty)
        #expect(1...Self.most ~= count, "\(count)")
    }

    @Test("Settling takes at most four round trips, whatever the outcome", arguments: 0...11)
    func settle(_ index: Int) throws {
        let outcomes = CallOutcome.every + [answer(asins(1...100), left: 500)]
        let outcome = try #require(outcomes.dropFirst(index).first)
        let store = try Store()
        try store.add(asins(1...100))
        let call = try store.call()
        let (settlement, count) = try counting(store) { try store.settle(call, outcome) }
        #expect(settlement != nil)
        #expect(1...Self.most ~= count, "\(outcome): \(count)")
    }

    @Test("An answer that leads to a hundred lookups is settled in at most four round trips")
    func lookups() throws {
        let store = try Store()
        try store.add(asins(1...100), at: .barcodes, EnqueueOptions(thenLookup: .zero))
        let call = try store.call(at: .barcodes)
        let codes = Dictionary(uniqueKeysWithValues: (1...100).map { (asin($0), code($0)) })
        let (_, count) = try counting(store) {
            try store.settle(call, barcodes(codes), at: .barcodes)
        }
        #expect(1...Self.most ~= count, "\(count)")
        #expect(try store.rows("SELECT count(*) FROM queue WHERE endpoint = 'lookup'") == ["100"])
    }

    @Test("A claim decides again without a job that another program has locked, and does not wait")
    func lockedJob() throws {
        let store = try Store()
        try store.add(asins(1...3))
        guard case .postgreSQL(let server) = store.engine else { return }
        try server.another().write { other in
            try other.execute(sql: "UPDATE queue SET label = 'mine' WHERE id = 2")
            let call = try store.call()
            #expect(call.jobs.map(\.product) == [asin(1), asin(3)])
        }
        #expect(
            try store.rows("SELECT id, state FROM queue ORDER BY id")
                == ["1|running", "2|available", "3|running"])
        #expect(try store.rows("SELECT count(*) FROM ledger") == ["1"])
    }

    @Test(
        "Enqueueing takes as many round trips for a hundred products as for one, whatever is stored about them",
        arguments: ["new", "open", "more urgent", "fresh", "leading"], [false, true])
    func enqueue(_ situation: String, _ isRehearsed: Bool) throws {
        let store = try Store()
        let products = asins(1...100)
        let codes = Dictionary(
            uniqueKeysWithValues: (1...100).map { (asin($0), Optional(code($0))) })
        var options = EnqueueOptions(label: "later")
        switch situation {
        case "open": try store.add(products, at: .barcodes)
        case "more urgent":
            try store.add(products, at: .barcodes)
            options.priority = 1
        case "fresh", "leading":
            try store.add(products, at: .barcodes)
            let call = try store.call(at: .barcodes, now: .noon)
            try store.settle(call, barcodes(codes), at: .barcodes, now: .noon)
            options.freshSince = .noon
            options.thenLookup = situation == "leading" ? .day : nil
        default: break
        }
        func trips(_ list: [String]) throws -> Int {
            let rehearsal = try Rehearsal(store)
            return try counting(store) {
                isRehearsed
                    ? try rehearsal.enqueue(
                        list, at: "barcodes", options, now: .noon, followUp: barcodeLead)
                    : try store.enqueue(
                        list, at: "barcodes", options, now: .noon, followUp: barcodeLead)
            }.roundTrips
        }
        let one = try trips(Array(products.prefix(1)))
        let all = try trips(Array(products.dropFirst()))
        #expect(all <= one && 1...9 ~= one, "\(one), \(all)")
    }
}
