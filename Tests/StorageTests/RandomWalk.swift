import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// A store, and the actions of random lanes, users, other programs and clocks.
struct RandomWalk {
    /// Limits so small that all of them are reached.
    static let endpoints: [Endpoint] = [Endpoint.images, .barcodes].map { endpoint in
        var small = endpoint.with(batchLimit: 20).with(dailyTokens: 900)
        small.limits =
            endpoint == .images
            ? [.tokenBucket(TokenBucket(capacityTokens: 24, tokensPerMinute: 12))]
            : [.slidingWindow(SlidingWindow(capacityTokens: 60))]
        return small
    }

    /// The same with the other provider's, whose jobs have pages and follow from barcodes.
    static let withCodes: [Endpoint] =
        endpoints
        + Endpoint.codes.map { endpoint in
            var small = endpoint.with(dailyTokens: 80)
            small.limits = [.slidingWindow(SlidingWindow(capacityTokens: 5))]
            return small
        }

    let endpoints: [Endpoint]
    var store: Store
    var random: SplitMix64
    var now = Timestamp.noon
    var inserted = 0
    /// The lookups that followed from barcodes.
    var lookUps = 0
    var holds: Set<Hold> = []
    /// How settled calls ended, as they were when they were settled.
    var settled: [Int64: String] = [:]
    let reopen: ((Store) throws -> Store)?

    /// - Parameter reopen: Closes a store and opens it again; nil for one in memory.
    init(
        _ store: Store, seed: UInt64, _ endpoints: [Endpoint] = Self.endpoints,
        reopen: ((Store) throws -> Store)?
    ) {
        self.store = store
        self.endpoints = endpoints
        self.reopen = reopen
        random = SplitMix64(seed: seed)
    }

    mutating func step() throws {
        switch random.below(40) {
        case 0..<6: try enqueue()
        case 6..<7: try insertRaw()
        case 7..<18: try claim(random.pick(endpoints))
        case 18..<29: try settleSome()
        case 29..<36: now = now.after(random.pick([1, 400, 3_000, 20_000, 70_000]))
        case 36: now = now.after(random.pick([3_600_000, 40_000_000, -500, -60_000, -7_200_000]))
        case 37: try command()
        case 38: try laneCommand()
        default: try restart()
        }
    }

    private mutating func products(at endpoint: Endpoint) -> [String] {
        (0..<random.within(1...12)).map { _ in product(at: endpoint) }
    }

    private mutating func product(at endpoint: Endpoint) -> String {
        let number = random.within(1...60)
        return switch endpoint.name {
        case "lookup": code(number)
        case "search": "query \(number % 7)"
        default: asin(number)
        }
    }

    /// All endpoints of the endpoint's provider.
    func siblings(of endpoint: Endpoint) -> [Endpoint] {
        endpoints.filter { $0.provider == endpoint.provider }
    }

    private mutating func enqueue() throws {
        var options = EnqueueOptions(
            priority: random.pick([0, 1, 5, 5, 5, 9]), label: random.pick([nil, "red", "blue"]),
            notBefore: random.pick([nil, nil, nil, now.after(random.within(-5...90_000))]),
            freshSince: random.pick([nil, nil, now.after(-60_000)]))
        let endpoint = random.pick(endpoints)
        if endpoint.name == "search" { options.pages = random.within(1...5) }
        if endpoint.name == "barcodes", endpoints.count > 2 {
            options.thenLookup = random.pick([nil, .zero, .seconds(60), .day])
        }
        let products = products(at: endpoint)
        let enqueued = try store.enqueue(products, at: endpoint.name, options, now: now)
        #expect(enqueued.added + enqueued.alreadyOpen + enqueued.fresh == products.count)
        inserted += enqueued.added + enqueued.lookupsAdded
    }

    private mutating func insertRaw() throws {
        let before = try store.number("SELECT count(*) FROM queue")
        let endpoint = random.pick(endpoints)
        try store.execute(
            "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('\(endpoint.name)', '\(product(at: endpoint))')"
        )
        inserted += try store.number("SELECT count(*) FROM queue") - before
    }

    private mutating func command() throws {
        let selection = random.pick([
            JobSelection(label: "red"), JobSelection(endpoint: "barcodes", products: asins(1...20)),
            JobSelection(products: asins(30...45)), JobSelection(endpoint: "images", label: "blue"),
        ])
        switch random.below(6) {
        case 0: _ = try store.cancel(selection, now: now)
        case 1: _ = try store.pause(selection)
        case 2, 3: _ = try store.resume(selection)
        default: _ = try store.retry(selection)
        }
    }

    private mutating func laneCommand() throws {
        let name = random.pick(endpoints).name
        if random.once(in: 4) {
            try store.pauseLane(name, now: now)
        } else {
            try store.resumeLane(name)
        }
    }

    /// Settled calls are still as they were, and none is missing.
    func checkSettled() throws {
        let rows = try store.rows(
            """
            SELECT id, outcome, charged, http_status, daily_left, drift, message FROM ledger
            WHERE settled_at IS NOT NULL ORDER BY id
            """)
        #expect(rows == settled.sorted { $0.key < $1.key }.map { "\($0.key)|\($0.value)" })
    }
}
