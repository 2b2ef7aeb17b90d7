import Planning
import Testing

/// How many products of schedules may be enqueued.
struct StandingRoomTests {
    private func room(
        _ endpoint: Endpoint = .barcodes, ready: [String] = [], waiting: [String: Int] = [:],
        _ ledger: Ledger = Ledger(), callsEach: Int = 1, among endpoints: [Endpoint]? = nil,
        paused: [String] = [], floor: Int = 0, at now: Timestamp = .noon
    ) -> StandingRoom {
        var all = endpoints ?? [.images, .barcodes]
        for index in all.indices {
            for pool in all[index].pools.indices { all[index].pools[pool].floorTokens = floor }
        }
        let snapshot = StandingSnapshot(
            endpoint: all.first { $0.name == endpoint.name }!, ledger: ledger,
            demands: all.map {
                .init(
                    endpoint: $0, isReady: ready.contains($0.name),
                    waiting: waiting[$0.name] ?? 0, isPaused: paused.contains($0.name))
            }, callsEach: callsEach)
        return Planner.standingRoom(snapshot, at: now)
    }

    @Test("An idle endpoint gets one call's worth")
    func idle() {
        #expect(room() == .products(100))
        #expect(room(among: [Endpoint.barcodes.with(batchLimit: 30)]) == .products(30))
    }

    @Test("Nothing is added while a job is ready at the endpoint; one elsewhere does not matter")
    func ready() {
        #expect(room(ready: ["barcodes"]) == .none(until: nil))
        #expect(room(ready: ["images"]) == .products(100))
    }

    @Test(
        "If the account has one connection, or endpoints share a window, no job may be ready at any"
    )
    func oneConnection() {
        var endpoints: [Endpoint] = [.images, .barcodes]
        for index in endpoints.indices { endpoints[index].clientPolicy.isOneConnection = true }
        #expect(room(ready: ["images"], among: endpoints) == .none(until: nil))
        let shared = RateLimit.slidingWindow(
            SlidingWindow(capacityTokens: 500, period: .seconds(10), isShared: true))
        let windowed = [Endpoint.images, .barcodes.with(limits: [shared])]
        #expect(room(ready: ["images"], among: windowed) == .none(until: nil))
        #expect(room(ready: ["images"], among: endpoints, paused: ["images"]) == .products(100))
        // Its own pool is empty.
        endpoints[0].pools = [DailyPool(allowanceTokens: 0, endpoint: "images")]
        #expect(room(ready: ["images"], among: endpoints) == .products(100))
    }

    @Test("Jobs of a paused or halted endpoint need no tokens")
    func standstill() {
        let left = Ledger().with(poolLeft: 1_000, at: .noon)
        let waiting = ["images": 5_000]
        #expect(room(waiting: waiting, left) == .none(until: .midnight))
        #expect(room(waiting: waiting, left, paused: ["images"]) == .products(100))
        let refused = Ledger(
            left.entries + [
                .settled(
                    99, .images, 0, from: .noon.after(-1_000), to: .noon.after(-500), .unauthorized)
            ])
        #expect(room(waiting: waiting, refused) == .products(100))
    }

    @Test("Jobs whose call failed are tried again before others are added")
    func failed() {
        let ledger = Ledger([
            .settled(
                1, .barcodes, 100, from: .noon.after(-120_000), to: .noon.after(-119_000), .failed)
        ])
        #expect(room(waiting: ["barcodes": 100], ledger) == .none(until: nil))
        // They were cancelled.
        #expect(room(waiting: [:], ledger) == .products(100))
    }

    @Test(
        "The pool pays waiting jobs of every endpoint first, and keeps its floor",
        arguments: [
            (1_000, 0, 0, 100), (1_000, 0, 900, 100), (1_000, 0, 901, 90), (1_000, 850, 100, 50),
            (1_000, 895, 100, 0), (1_000, 0, 991, 0), (100, 0, 150, 0), (1_000, 2_000, 0, 0),
        ])
    func leftover(left: Int, waiting: Int, floor: Int, products: Int) {
        let ledger = Ledger().with(poolLeft: left, at: .noon)
        #expect(
            room(waiting: ["images": waiting], ledger, floor: floor)
                == (products > 0 ? .products(products) : .none(until: .midnight)))
    }

    @Test("Jobs that the other endpoint cannot do before the reset need no tokens of this day")
    func capacity() {
        let now = Timestamp.midnight.after(-600_000)
        let ledger = Ledger().with(poolLeft: 815, at: now)
        // The bucket and ten minutes' refill.
        #expect(room(waiting: ["images": 5_000], ledger, at: now) == .products(90))
    }

    @Test("Scheduled jobs of the endpoint itself count")
    func ownScheduled() {
        let ledger = Ledger().with(poolLeft: 200, at: .noon)
        #expect(room(waiting: ["barcodes": 150], ledger) == .products(50))
    }

    @Test("A window keeps a full call", arguments: [(500, 100), (200, 100), (199, 0), (0, 0)])
    func window(free: Int, products: Int) {
        let ledger = Ledger.barcodes(holding: free, at: .noon)
        #expect(
            room(.barcodes, ledger)
                == (products > 0 ? .products(products) : .none(until: .noon.after(30_001))))
    }

    @Test("A bucket that holds little more than a call is used from full on, in few calls")
    func bucket() {
        #expect(room(.images, .images(holding: 120, at: .noon)) == .products(20))
        #expect(
            room(.images, .images(holding: 103, at: .noon)) == .none(until: .noon.after(17_000)))
        var open = Ledger.images(holding: 120, at: .noon).entries
        open.append(.open(9, .images, 20, from: .noon))
        #expect(room(.images, Ledger(open)) == .none(until: nil))
    }

    @Test("A limit of a single call keeps none back")
    func narrow() {
        let window = SlidingWindow(capacityTokens: 10, period: .seconds(10))
        #expect(
            room(among: [Endpoint.barcodes.with(limits: [.slidingWindow(window)])]) == .products(10)
        )
    }

    @Test("A product with several pages needs the tokens of all of them")
    func pages() {
        let ledger = Ledger().with(poolLeft: 250, at: .noon)
        #expect(room(.barcodes, ledger, callsEach: 2) == .products(100))
        #expect(room(.barcodes, ledger, callsEach: 2, floor: 100) == .products(70))
        #expect(room(.barcodes, ledger, callsEach: 2, floor: 240) == .none(until: .midnight))
    }
}

extension StandingSnapshot.Demand {
    /// - Parameter waiting: Jobs of the usual priority.
    init(endpoint: Endpoint, isReady: Bool, waiting: Int, isPaused: Bool = false) {
        self.init(
            PoolPeer(
                endpoint: endpoint, isPaused: isPaused,
                waiting: (0...9).map { $0 == 5 ? waiting : 0 }), isReady: isReady)
    }
}

extension Endpoint {
    fileprivate func with(batchLimit: Int) -> Endpoint {
        var changed = self
        changed.batchLimit = batchLimit
        return changed
    }
}
