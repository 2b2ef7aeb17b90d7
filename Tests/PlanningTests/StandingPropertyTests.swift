import Planning
import TestSupport
import Testing

/// The properties of every look for due products, over random moments of two lanes.
struct StandingPropertyTests {
    private func everyRoom(
        _ check: (RandomMoment, StandingSnapshot, StandingRoom, Comment) -> Void
    ) {
        for seed in 1...1_500 as ClosedRange<UInt64> {
            let moment = RandomMoment(seed: seed, isStanding: seed.isMultiple(of: 2))
            var random = SplitMix64(seed: seed)
            let floor = random.pick([0, 0, 30, 500, 15_000])
            let endpoints = RandomMoment.endpoints.map { endpoint in
                var changed = endpoint
                changed.pools[0].floorTokens = floor
                return changed
            }
            let demands = endpoints.map { endpoint in
                let waiting = random.pick([0, 0, 3, 90, 2_000])
                return StandingSnapshot.Demand(
                    endpoint: endpoint, isReady: waiting > 0 && random.once(in: 3),
                    waiting: waiting, isPaused: random.once(in: 5))
            }
            for endpoint in endpoints {
                let snapshot = StandingSnapshot(
                    endpoint: endpoint, ledger: moment.ledger, demands: demands)
                check(
                    moment, snapshot, Planner.standingRoom(snapshot, at: moment.now),
                    "seed \(seed), \(endpoint.name)")
            }
        }
    }

    @Test("The moments include rooms, waits with a time and waits for a change")
    func coverage() {
        var (rooms, times, changes) = (0, 0, 0)
        everyRoom { _, _, room, _ in
            switch room {
            case .products: rooms += 1
            case .none(let until): if until == nil { changes += 1 } else { times += 1 }
            }
        }
        #expect(rooms > 200 && times > 200 && changes > 200)
    }

    @Test(
        "A room is at most a call, is paid by what other jobs and the floor leave, and no job waits before it"
    )
    func rooms() {
        everyRoom { moment, snapshot, room, comment in
            guard case .products(let products) = room else { return }
            let endpoint = snapshot.endpoint
            #expect((1...endpoint.batchLimit).contains(products), comment)
            let cost = endpoint.tariff.cost(of: products)
            let pool = endpoint.pools[0]
            let level = pool.level(moment.ledger, at: moment.now)
            let working = snapshot.demands.filter {
                !$0.peer.isPaused
                    && !moment.ledger.isHalted(
                        $0.peer.endpoint.name, resumedAfter: $0.peer.resumedAfter)
            }
            let others = working.map { demand in
                min(
                    demand.peer.endpoint.tariff.cost(of: demand.waiting),
                    demand.peer.endpoint.spendable(
                        from: moment.now, until: level.resetsAt, ledger: moment.ledger))
            }
            #expect(
                level.tokens - cost >= pool.floorTokens
                    + others.map { min($0, level.tokens) }.reduce(0, +),
                comment)
            #expect(
                snapshot.demands.allSatisfy {
                    $0.peer.endpoint.name != endpoint.name || !$0.isReady
                },
                comment)
        }
    }

    @Test(
        "After a call of the room, the limits of the endpoint can pay for a full call at once, or for all they hold"
    )
    func keepsACall() {
        everyRoom { moment, snapshot, room, comment in
            guard case .products(let products) = room else { return }
            let endpoint = snapshot.endpoint
            let call = endpoint.tariff.cost(of: endpoint.batchLimit)
            let cost = endpoint.tariff.cost(of: products)
            for limit in endpoint.limits {
                switch limit {
                case .slidingWindow(let window):
                    let free = window.available(
                        window.calls(moment.ledger, at: endpoint.name), at: moment.now)
                    #expect(free - cost >= min(call, window.capacityTokens - cost), comment)
                case .tokenBucket(let bucket):
                    let free =
                        bucket.available(
                            fullAt: moment.ledger.fullAt(at: endpoint.name), at: moment.now)
                        - moment.ledger.reserved(at: endpoint.name)
                    #expect(free - cost >= min(call, bucket.capacityTokens - cost), comment)
                }
            }
        }
    }

    @Test("A wait with a time ends later than now, and then there is room if nothing else changes")
    func waits() {
        everyRoom { moment, snapshot, room, comment in
            guard case .none(let until?) = room else { return }
            #expect(until > moment.now, comment)
            var now = until
            var looks = 0
            while case .none(let next?) = Planner.standingRoom(snapshot, at: now), looks < 5 {
                now = next
                looks += 1
            }
            if case .none = Planner.standingRoom(snapshot, at: now) {
                // A call is in flight whose end is unknown, or the floor and the waiting jobs take all.
                let isOpen = moment.ledger.reserved(at: snapshot.endpoint.name) > 0
                #expect(isOpen || snapshot.demands.contains { $0.waiting > 0 }, comment)
            }
        }
    }
}
