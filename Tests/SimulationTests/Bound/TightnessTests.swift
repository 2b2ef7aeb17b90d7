import Simulation
import Testing

/// The bound against a search through every schedule.
struct TightnessTests {
    private static let most = 4

    /// Every combination of these values.
    private static func worlds(pools: [Int], periods: [Int]) -> [TinyLimits] {
        var worlds: [TinyLimits] = []
        for (burst, drip) in [(1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2)] {
            for (capacity, period) in [1, 2, 3].flatMap({ c in periods.map { (c, $0) } }) {
                for (bucketStep, windowStep) in [(1, 1), (1, 2), (2, 2)] {
                    for pool in pools {
                        for (day, start, left) in [(2, 1, pool), (5, 0, 2), (4, 3, 1)] {
                            worlds.append(
                                TinyLimits(
                                    burst: burst, drip: drip, bucketStep: bucketStep,
                                    capacity: capacity, period: period, windowStep: windowStep,
                                    pool: pool, day: day, start: start, left: left))
                        }
                    }
                }
            }
        }
        return worlds
    }

    /// How many cases there are, and in how many the bound is the optimum.
    private struct Share {
        var cases = 0
        var tight = 0

        mutating func add(_ bound: Int64, _ optimum: Int, _ what: @autoclosure () -> String) {
            #expect(bound <= optimum, "\(what())")
            cases += 1
            if bound == optimum { tight += 1 }
        }
    }

    @Test("no schedule is faster, and in 86 of 100 small cases one is as fast")
    func atOnce() {
        var share = Share()
        for world in Self.worlds(pools: [2, 3, 5], periods: [1, 3]) {
            let optima = world.optima(most: Self.most) { _ in Self.most }
            for (first, second) in Self.pairs {
                let bound = world.bound.milliseconds(
                    for: [first, second], from: Int64(world.start),
                    tokensLeft: DayTokens(shared: world.left, own: [nil, nil]))
                share.add(bound, optima[first][second], "\(world): \(first) and \(second)")
            }
        }
        #expect(share.cases == 24_300)
        #expect(share.tight >= 20_974)
    }

    @Test(
        "no schedule is faster either where some arrive later, and in 17 of 20 cases one is as fast",
        arguments: [1, 3, 4], [0, 2])
    func later(tick: Int, before: Int) {
        var share = Share()
        for world in Self.worlds(pools: [3], periods: [3]) {
            let optima = world.optima(most: Self.most) { $0 < tick ? before : Self.most }
            for (first, second) in Self.pairs {
                let atStart = [min(first, before), min(second, before)]
                let bound = world.bound.milliseconds(
                    for: [
                        LowerBound.Arrival(atMilliseconds: Int64(world.start), products: atStart),
                        LowerBound.Arrival(
                            atMilliseconds: Int64(world.start + tick),
                            products: [first - atStart[0], second - atStart[1]]),
                    ], from: Int64(world.start),
                    tokensLeft: DayTokens(shared: world.left, own: [nil, nil]))
                share.add(bound, optima[first][second], "\(world): \(first) and \(second)")
            }
        }
        #expect(share.cases == 4_050)
        #expect(share.tight * 20 >= share.cases * 17)
    }

    /// Every combination of these values.
    private static func clients() -> [TinyClient] {
        typealias Window = TinyClient.Window
        var clients: [TinyClient] = []
        for batch in [1, 2] {
            for first in [
                [Window(capacity: 2, period: 1)], [Window(capacity: 1, period: 2)],
                [Window(capacity: 2, period: 3), Window(capacity: 1, period: 1)],
            ] {
                for second in [Window(capacity: 1, period: 2), Window(capacity: 2, period: 3)] {
                    for shared in [
                        nil, Window(capacity: 1, period: 1), Window(capacity: 1, period: 2),
                    ] {
                        for (pool, own) in [(nil, 1), (nil, 2), (2, 1), (3, 1), (3, 2), (4, 2)] {
                            for (day, start) in [(3, 0), (3, 2), (6, 1)] {
                                clients.append(
                                    TinyClient(
                                        batch: batch, first: first, second: second, shared: shared,
                                        pool: pool, secondPool: own, day: day, start: start))
                            }
                        }
                    }
                }
            }
        }
        return clients
    }

    @Test(
        "nor is one where calls are counted, in windows and pools of one endpoint or of both: 99 of 100"
    )
    func oneClient() {
        var share = Share()
        for client in Self.clients() {
            let optima = client.optima(most: Self.most)
            for (first, second) in Self.pairs {
                let bound = client.bound.milliseconds(
                    for: [first, second], from: Int64(client.start),
                    tokensLeft: client.bound.day)
                share.add(bound, optima[first][second], "\(client): \(first) and \(second)")
            }
        }
        #expect(share.cases == 16_200)
        #expect(share.tight >= 16_082)
    }

    private static let pairs = (0...most).flatMap { first in (0...most).map { (first, $0) } }
}
