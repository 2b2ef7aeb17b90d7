import Planning
import Providers
import Sandbox
import Storage
import StoreSupport
import Testing

@testable import Simulation

/// The value that stands for the store does what the store does.
struct ModelStoreTests {
    /// A product of a small world as the queue's contract wants it, and back.
    private static func contracted(_ product: String) -> String {
        codes[product] ?? product.prefix(1) + "00000000" + product.suffix(1)
    }

    /// EAN-8s.
    private static let codes = ["L1": "00000017", "L2": "00000024", "L3": "00000031"]

    private static func named(_ job: Job) -> Job {
        var named = job
        named.product =
            codes.first { $0.value == job.product }?.key
            ?? String(job.product.prefix(1) + job.product.suffix(1))
        return named
    }

    /// Whose endpoint it is in the database's table of endpoints.
    private static func provider(of endpoint: String) -> String {
        Catalog.current.provider(ofEndpoint: endpoint)!.name
    }

    /// Rules that do on `store` whatever is done on the model's, and compare what the two are shown.
    private func mirrored(_ store: Store, _ endpoints: [Endpoint]) -> ModelRules {
        var rules = ModelRules()
        rules.decide = { snapshot, now in
            let decision = Planner.decide(snapshot, at: now)
            do {
                let endpoint = snapshot.endpoint
                _ = try store.claim(
                    endpoint, slot: snapshot.slot, among: endpoints.of(endpoint.account), at: now
                ) { seen in
                    var seen = seen
                    seen.ready = seen.ready.map(Self.named)
                    #expect(seen == snapshot)
                    return decision
                }
            } catch {
                Issue.record(error)
            }
            return decision
        }
        rules.resolve = { outcome, call, jobs, endpoint, ledger, now in
            let settlement = Planner.resolve(
                outcome, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
            do {
                let written = try store.settle(
                    call.id, at: endpoint, among: endpoints.of(endpoint.account), now: now
                ) {
                    #expect($0 == call)
                    #expect($1.map(Self.named) == jobs)
                    // No small world lasts a day, so what fails alone is not counted in it.
                    #expect($2.entries == ledger.entries)
                    return settlement
                }
                #expect(written != nil)
            } catch {
                Issue.record(error)
            }
            return settlement
        }
        return rules
    }

    @Test(
        "claims and settlements are shown what the real ones are, along random paths",
        arguments: ModelWorld.all.map(\.name))
    func agrees(world name: String) throws {
        let world = ModelWorld.named(name)
        let endpoints = world.endpoints
        for seed in 1...15 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let store = try Store()
            try store.register(
                endpoints.map {
                    StoredAccount(name: $0.account, provider: Self.provider(of: $0.name))
                })
            var state = ModelState(world)
            for queued in state.store.jobs {
                let enqueued = try store.enqueue(
                    [Self.contracted(queued.job.product)], at: world.names[queued.kind],
                    EnqueueOptions(
                        priority: queued.job.priority, account: queued.account, pages: 1),
                    now: world.start)
                #expect(enqueued.added == 1)
            }
            let rules = mirrored(store, endpoints)
            while case let actions = state.actions(world), !actions.isEmpty {
                let action = random.pick(actions)
                if let after = try state.after(action, world, endpoints, rules) { state = after }
                if action == .restart {
                    for endpoint in endpoints { try store.liftHalt(endpoint) }
                }
                // Only looks are left, and the clock stands still.
                if state.tick == world.ticks && random.below(9) == 0 { break }
            }
            let open = try store.openCalls(at: endpoints).sorted { $0.id < $1.id }
            #expect(open == state.store.openCalls)
        }
    }
}

extension [Endpoint] {
    fileprivate func of(_ account: String) -> [Endpoint] { filter { $0.account == account } }
}
