import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// The actions of the lanes, and of the daemon when it starts.
extension RandomWalk {
    mutating func claim(_ endpoint: Endpoint) throws {
        let now = now
        let claim = try store.claim(endpoint, among: siblings(of: endpoint), at: now) {
            Planner.decide($0, at: now)
        }
        switch claim {
        case .call: break
        case .expire(let id): try settle(id, .expired)
        case .hold(let hold, _): holds.insert(hold)
        }
    }

    mutating func settleSome() throws {
        for call in try store.openCalls(at: endpoints) where !random.once(in: 3) {
            now = now.after(random.pick([0, 1, 700, 5_000]))
            let products = try store.rows(
                "SELECT product FROM queue WHERE call_id = \(call.id) AND state = 'running'")
            let pages = try store.number(
                "SELECT max(pages_done) FROM queue WHERE call_id = \(call.id)")
            try settle(call.id, outcome(products, at: call.endpoint, page: pages))
        }
    }

    private mutating func outcome(_ products: [String], at endpoint: String, page: Int)
        -> CallOutcome
    {
        let hint = random.pick([nil, Duration.seconds(7), .seconds(70)])
        switch random.below(16) {
        case 0: return .rateLimited(.minute, hint: hint, message: "minute")
        case 1: return .rateLimited(.day, hint: hint.map { $0 * 60 }, message: "day")
        case 2: return .rejected(status: 400, message: "bad")
        case 3:
            switch random.below(6) {
            case 0: return .unauthorized(status: 401, message: "key")
            case 1: return .misdirected(status: 404, message: "address")
            default: return .expired
            }
        case 4: return .failed(status: random.pick([nil, 500]), message: "down")
        case 5:
            return random.once(in: 2)
                ? .unsent(.connectionRefused) : .failed(status: 502, message: "down")
        default:
            let left = random.pick([nil, random.below(900)])
            // Some items are missing; their products are answered as not found.
            var answered: [String: Item] = [:]
            for product in products {
                answered[product] = item(product, at: endpoint, page: page)
            }
            let resetsIn = left.map { _ in now.nextMidnight - now }
            return .succeeded(Answer(items: answered, dailyRemaining: left, resetsIn: resetsIn))
        }
    }

    /// Each page of a search has one item, which names the page.
    private mutating func item(_ product: String, at endpoint: String, page: Int) -> Item {
        switch endpoint {
        case "search":
            let next = random.once(in: 4) ? nil : (page + 1) * 10
            return Item(isFound: true, body: #"[{"page":\#(page)}]"#, nextPageOffset: next)
        case "barcodes" where endpoints.count > 2 && !random.once(in: 4):
            let code = code(random.within(1...60))
            let isFound = !random.once(in: 5)
            return Item(
                isFound: isFound, body: #"{"ean":"\#(code)"}"#, leadsTo: isFound ? code : nil)
        default: return Item(isFound: !random.once(in: 5), body: "{}")
        }
    }

    private mutating func settle(_ id: Int64, _ outcome: CallOutcome) throws {
        let now = now
        let name = try store.rows("SELECT endpoint FROM ledger WHERE id = \(id)")[0]
        let endpoint = try #require(endpoints.first { $0.name == name })
        let siblings = siblings(of: endpoint)
        let jobs = try store.number("SELECT count(*) FROM queue")
        let settlement = try store.settle(id, at: endpoint, among: siblings, now: now) {
            Planner.resolve(outcome, of: $0, jobs: $1, endpoint: endpoint, ledger: $2, at: now)
        }
        let followed = try store.number("SELECT count(*) FROM queue") - jobs
        #expect(followed <= settlement?.followUps.count ?? 0)
        inserted += followed
        lookUps += followed
        #expect((settlement == nil) == (settled[id] != nil))
        settled[id] = try ending(id)
        if random.once(in: 10) { try settle(id, .expired) }
    }

    private func ending(_ id: Int64) throws -> String {
        try store.rows(
            "SELECT outcome, charged, http_status, daily_left, drift, message FROM ledger WHERE id = \(id)"
        )[0]
    }

    /// The steps of a daemon that starts after a crash.
    mutating func restart() throws {
        if let reopen { store = try reopen(store) }
        for call in try store.openCalls(at: endpoints) { try settle(call.id, .expired) }
        #expect(try store.openCalls(at: endpoints).isEmpty)
        for endpoint in endpoints { try store.liftHalt(endpoint) }
    }

    /// From now on nothing fails, and no other program interferes.
    /// - Returns: Whether all jobs came to an end.
    mutating func drain() throws -> Bool {
        try restart()
        for endpoint in endpoints {
            try store.resumeLane(endpoint.name)
            _ = try store.resume(JobSelection(endpoint: endpoint.name))
        }
        for _ in 0..<4_000 {
            var next: Timestamp?
            for endpoint in endpoints {
                let now = now
                let claim = try store.claim(endpoint, among: siblings(of: endpoint), at: now) {
                    Planner.decide($0, at: now)
                }
                switch claim {
                case .call(let call):
                    let items = call.jobs.map { job in
                        (job.product, item(job.product, at: endpoint.name, page: job.pagesDone))
                    }
                    let answer = Answer(items: Dictionary(uniqueKeysWithValues: items))
                    try settle(call.entry.id, .succeeded(answer))
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
