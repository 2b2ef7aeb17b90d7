import Planning
import Storage
import StoreSupport
import Testing

extension Store {
    /// Adds `products` with the options' defaults.
    func add(
        _ products: [String], at endpoint: Endpoint = .images,
        _ options: EnqueueOptions = EnqueueOptions()
    )
        throws
    {
        let enqueued = try enqueue(products, at: endpoint.name, options, now: .noon)
        #expect(enqueued.added == products.count)
    }

    /// Pauses the endpoint of its provider's first account.
    func pauseLane(_ endpoint: String, now: Timestamp) throws {
        let account = try accounts(ofEndpoint: endpoint).first?.name
        try pauseLane(endpoint, of: account ?? "none", now: now)
    }

    func resumeLane(_ endpoint: String) throws {
        let account = try accounts(ofEndpoint: endpoint).first?.name
        try resumeLane(endpoint, of: account ?? "none")
    }

    /// Claims, and makes no call.
    /// - Returns: The snapshot of the decision.
    func look(
        _ endpoint: Endpoint = .images, among endpoints: [Endpoint] = Endpoint.both,
        at now: Timestamp = .noon
    ) throws -> Snapshot {
        var seen: Snapshot?
        let claim = try claim(endpoint, among: endpoints, at: now) { snapshot in
            seen = snapshot
            return .hold(.idle, until: nil)
        }
        #expect(claim == .hold(.idle, until: nil))
        return try #require(seen)
    }

    /// Opens a call for the first `count` ready jobs, whatever the limits allow.
    func call(
        _ count: Int = 100, at endpoint: Endpoint = .images, now: Timestamp = .noon
    ) throws -> OpenCall {
        let claim = try claim(endpoint, among: endpoint.siblings, at: now) { snapshot in
            let jobs = Array(snapshot.ready.prefix(count))
            return .call(
                CallPlan(
                    jobs: jobs, reservedTokens: endpoint.tariff.cost(of: jobs.count),
                    leaseUntil: now + endpoint.lease))
        }
        guard case .call(let call) = claim else { throw NoCall(claim: claim) }
        return call
    }

    /// Settles a call as the planner resolves it.
    @discardableResult
    func settle(
        _ call: OpenCall, _ outcome: CallOutcome, at endpoint: Endpoint = .images,
        now: Timestamp = .noon.after(1_000)
    ) throws -> Settlement? {
        try settle(call.entry.id, at: endpoint, among: endpoint.siblings, now: now) {
            Planner.resolve(outcome, of: $0, jobs: $1, endpoint: endpoint, ledger: $2, at: now)
        }
    }

    /// A call for one product, from claim to settlement.
    func complete(
        _ product: String, at endpoint: Endpoint = .images, now: Timestamp = .noon,
        _ outcome: CallOutcome? = nil
    ) throws {
        _ = try enqueue([product], at: endpoint.name, EnqueueOptions(priority: 0), now: now)
        let call = try call(1, at: endpoint, now: now)
        #expect(call.jobs.map(\.product) == [product])
        try settle(call, outcome ?? answer([product]), at: endpoint, now: now)
    }

    private struct NoCall: Error { let claim: Decision<OpenCall> }
}
