import Planning
import Testing

@testable import Simulation

struct ModelServerTests {
    private let world = ModelWorld.with("server") {
        $0.bucketTokens = 3
        $0.windowTokens = 4
        $0.windowStep = 2
        $0.poolTokens = 6
        $0.ticksToMidnight = 3
    }

    private func tick(_ server: inout ModelServer, _ tick: Int) {
        server.turn(to: world.instant(tick), world)
    }

    @Test("the bucket gets a token a tick, up to its size")
    func bucket() {
        var server = ModelServer(world)
        _ = server.count(0, products: 3, world)
        for (number, left) in [(1, 1), (2, 2)] {
            tick(&server, number)
            #expect(server.refusal(0, products: left, world) == nil)
            #expect(
                server.refusal(0, products: left + 1, world)
                    == "bucket: \(left + 1) wanted, \(left) left")
        }
        tick(&server, 9)
        #expect(server.refusal(0, products: 4, world) == "bucket: 4 wanted, 3 left")
    }

    @Test("the window counts a call's tokens for two ticks")
    func window() {
        var server = ModelServer(world)
        _ = server.count(1, products: 1, world)
        tick(&server, 1)
        #expect(server.refusal(1, products: 2, world) == nil)
        #expect(server.refusal(1, products: 3, world) == "window: 4 wanted, 2 left")
        tick(&server, 2)
        #expect(server.refusal(1, products: 3, world) == nil)
    }

    @Test("the pool is one for both, is full again at 00:00 UTC, and the reply says when that is")
    func pool() {
        var server = ModelServer(world)
        #expect(
            server.count(0, products: 2, world)
                == .answered(left: 4, resetsIn: .milliseconds(30_003)))
        tick(&server, 2)
        #expect(
            server.count(1, products: 3, world)
                == .answered(left: 0, resetsIn: .milliseconds(10_001)))
        #expect(server.refusal(0, products: 1, world) == "pool: 1 wanted, 0 left")
        tick(&server, 3)
        #expect(server.count(0, products: 1, world) == .answered(left: 5, resetsIn: .day))
    }

    @Test("what is overdrawn shows, once it is")
    func overdrawn() {
        func overdrawn(_ lane: Int, _ products: [Int], pool: Int = 99) -> [ModelProperty?] {
            var world = world
            world.poolTokens = pool
            var server = ModelServer(world)
            return products.map { count in
                _ = server.count(lane, products: count, world)
                return server.overdrawn(world)
            }
        }
        #expect(overdrawn(0, [2, 1, 1]) == [nil, nil, .bucketKept])
        #expect(overdrawn(1, [2, 1, 1]) == [nil, nil, .windowKept])
        #expect(overdrawn(1, [1, 1], pool: 2) == [nil, .poolKept])
    }
}
