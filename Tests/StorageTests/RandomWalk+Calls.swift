import Planning
import Testing

@testable import Storage

/// What the lanes do, and the daemon when it starts.
extension RandomWalk {
    mutating func claim(_ endpoint: Endpoint) throws {
        let now = now
        let claim = try store.claim(endpoint, among: Self.endpoints, at: now) {
            Planner.decide($0, at: now)
        }
        switch claim {
        case .call: break
        case .expire(let id): try settle(id, .expired)
        case .hold(let hold, _): holds.insert(hold)
        }
    }

    mutating func settleSome() throws {
        for call in try store.openCalls(at: Self.endpoints) where !random.once(in: 3) {
            now = now.after(random.pick([0, 1, 700, 5_000]))
            let products = try store.rows(
                "SELECT product FROM queue WHERE call_id = \(call.id) AND state = 'running'")
            try settle(call.id, outcome(products))
        }
    }

    private mutating func outcome(_ products: [String]) -> CallOutcome {
        let hint = random.pick([nil, Duration.seconds(7), .seconds(70)])
        switch random.below(16) {
        case 0: return .rateLimited(.minute, hint: hint, message: "minute")
        case 1: return .rateLimited(.day, hint: hint.map { $0 * 60 }, message: "day")
        case 2: return .rejected(status: 400, message: "bad")
        case 3: return random.once(in: 3) ? .unauthorized(status: 401, message: "key") : .expired
        case 4, 5: return .failed(status: random.pick([nil, 500]), message: "down")
        default:
            let left = random.pick([nil, random.below(900)])
            // Not every item is there, but those that are not are answered as not found.
            var answered: [String: Item] = [:]
            for product in products {
                answered[product] = Item(isFound: !random.once(in: 5), body: "{}")
            }
            let resetsIn = left.map { _ in now.nextMidnight - now }
            return .succeeded(Answer(items: answered, dailyLeft: left, resetsIn: resetsIn))
        }
    }

    private mutating func settle(_ id: Int64, _ outcome: CallOutcome) throws {
        let (now, endpoints) = (now, Self.endpoints)
        let name = try store.rows("SELECT endpoint FROM ledger WHERE id = \(id)")[0]
        let endpoint = try #require(endpoints.first { $0.name == name })
        let settlement = try store.settle(id, at: endpoint, among: endpoints, now: now) {
            Planner.resolve(outcome, of: $0, jobs: $1, endpoint: endpoint, ledger: $2, at: now)
        }
        #expect((settlement == nil) == (settled[id] != nil))
        settled[id] = try ending(id)
        if random.once(in: 10) { try settle(id, .expired) }
    }

    private func ending(_ id: Int64) throws -> String {
        try store.rows(
            "SELECT outcome, charged, http_status, daily_left, drift, message FROM ledger WHERE id = \(id)"
        )[0]
    }

    /// What a daemon does that comes after a crash.
    mutating func restart() throws {
        if let reopen { store = try reopen(store) }
        for call in try store.openCalls(at: Self.endpoints) { try settle(call.id, .expired) }
        #expect(try store.openCalls(at: Self.endpoints).isEmpty)
        for endpoint in Self.endpoints { try store.liftHalt(endpoint.name) }
    }

    /// From now on nothing goes wrong, and nobody interferes.
    /// - Returns: Whether all jobs came to an end.
    mutating func drain() throws -> Bool {
        try restart()
        for endpoint in Self.endpoints {
            try store.resumeLane(endpoint.name)
            _ = try store.resume(JobSelection(endpoint: endpoint.name))
        }
        for _ in 0..<4_000 {
            var next: Timestamp?
            for endpoint in Self.endpoints {
                let now = now
                let claim = try store.claim(endpoint, among: Self.endpoints, at: now) {
                    Planner.decide($0, at: now)
                }
                switch claim {
                case .call(let call):
                    try settle(call.entry.id, answer(call.jobs.map(\.product)))
                    next = now.after(100)
                case .expire(let id): try settle(id, .expired)
                case .hold(_, let until):
                    next = [next, until].compactMap(\.self).min()
                }
            }
            guard let next else { break }
            now = max(next, now.after(1))
        }
        return try store.number("SELECT count(*) FROM queue WHERE finished_at IS NULL") == 0
    }
}
