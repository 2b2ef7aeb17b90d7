import Simulation
import Testing

/// The bound of several accounts.
struct AccountsBoundTests {
    private static let noon: Int64 = 1_777_896_000_000

    private func bound(_ count: Int, _ products: [Int], left: Int = 150_000) -> Int64 {
        LowerBound(of: Array(repeating: .documented, count: count)).milliseconds(
            for: products, from: Self.noon,
            tokensLeft: Array(repeating: DayTokens(shared: left, own: [nil, nil]), count: count))
    }

    @Test("the limits of accounts add up: what one does in an hour, two do in half of it")
    func sums() {
        #expect(bound(2, [240, 1_000]) == 0)
        #expect(bound(2, [241, 0]) == 1_000)
        // 120 of each bucket at once, and one a second of each.
        #expect(bound(1, [120 + 3_600, 0]) == 3_600_000)
        #expect(bound(2, [240 + 3_600, 0]) == 1_800_000)
        #expect(bound(3, [360 + 3_600, 0]) == 1_200_000)
        #expect(bound(2, [0, 1_001]) == 60_000)
        // Both days' tokens.
        #expect(bound(2, [60, 140], left: 100) == 0)
        #expect(bound(2, [60, 141], left: 100) == 43_200_000)
    }

    @Test("one account's bound is what it is without others")
    func one() {
        for products in stride(from: 0, through: 400_000, by: 23_777) {
            let alone = LowerBound.documented.milliseconds(
                for: [products / 4, products], from: Self.noon,
                tokensLeft: DayTokens(shared: 90_000, own: [nil, nil]))
            #expect(bound(1, [products / 4, products], left: 90_000) == alone)
            #expect(bound(2, [products / 4, products], left: 90_000) <= alone)
        }
    }

    @Test("accounts of different limits give what each has")
    func different() {
        let small = LowerBound(
            endpoints: [
                .perProduct([.bucket(burst: 10, perMinute: 6)], tariffStep: 1),
                .perProduct([.window(capacity: 50, periodMilliseconds: 60_000)], tariffStep: 10),
            ], dailyTokens: 300)
        let both = LowerBound(of: [.documented, small])
        func bound(_ products: [Int]) -> Int64 {
            both.milliseconds(
                for: products, from: Self.noon, tokensLeft: [LowerBound.documented.day, small.day])
        }
        #expect(bound([130, 550]) == 0 && bound([131, 0]) > 0 && bound([0, 551]) == 60_000)
        // 66 in a minute of both buckets.
        #expect(bound([130 + 66, 0]) == 60_000)
    }

    @Test("what arrives later is bounded from its arrival, by all accounts together")
    func arrivals() {
        let both = LowerBound(of: [.documented, .documented])
        let least = both.milliseconds(
            for: [
                LowerBound.Arrival(atMilliseconds: Self.noon, products: [300, 0]),
                LowerBound.Arrival(atMilliseconds: Self.noon + 600_000, products: [360, 0]),
            ], from: Self.noon, tokensLeft: both.accounts.map(\.day))
        #expect(least == 660_000)
    }

    /// Two accounts share nothing, so the best schedule of both is the best way to part the products.
    @Test("no schedule of two accounts is faster, and in 95 of 100 small cases one is as fast")
    func bruteForce() {
        let most = 4
        var worlds: [TinyLimits] = []
        for (burst, drip) in [(1, 1), (2, 1), (1, 2), (3, 2)] {
            for (capacity, period) in [(1, 1), (2, 1), (1, 3), (3, 3)] {
                for (bucketStep, windowStep) in [(1, 1), (1, 2)] {
                    for (pool, left) in [(2, 2), (3, 1), (5, 5)] {
                        worlds.append(
                            TinyLimits(
                                burst: burst, drip: drip, bucketStep: bucketStep,
                                capacity: capacity, period: period, windowStep: windowStep,
                                pool: pool, day: 4, start: 3, left: left))
                    }
                }
            }
        }
        let optima = worlds.map { $0.optima(most: most) { _ in most } }
        var (cases, tight) = (0, 0)
        for (index, world) in worlds.enumerated() {
            for partner in [index, (index + 7) % worlds.count, (index + 31) % worlds.count] {
                let other = worlds[partner]
                guard other.bucketStep == world.bucketStep, other.windowStep == world.windowStep
                else { continue }
                let both = LowerBound(of: [world.bound, other.bound])
                for first in 0...most {
                    for second in 0...most {
                        let bound = both.milliseconds(
                            for: [first, second], from: 3,
                            tokensLeft: [
                                DayTokens(shared: world.left, own: [nil, nil]),
                                DayTokens(shared: other.left, own: [nil, nil]),
                            ])
                        var optimum = Int.max
                        for own in 0...first {
                            for ownSecond in 0...second {
                                optimum = min(
                                    optimum,
                                    max(
                                        optima[index][own][ownSecond],
                                        optima[partner][first - own][second - ownSecond]))
                            }
                        }
                        #expect(bound <= optimum, "\(world) and \(other): \(first), \(second)")
                        cases += 1
                        if bound == optimum { tight += 1 }
                    }
                }
            }
        }
        #expect(cases == 5_600)
        #expect(tight >= 5_343)
    }
}
