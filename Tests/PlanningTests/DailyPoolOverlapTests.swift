import Planning
import Testing

/// Two lanes draw from one pool, and their replies come in another order than the server counted them.
/// Exhaustive: every order of start, count and end of two calls in each lane.
struct DailyPoolOverlapTests {
    @Test("there are 924 orders, each with twelve events")
    func orders() {
        #expect(TwoLanes.orders.count == 924)
        #expect(Set(TwoLanes.orders).count == 924)
        #expect(TwoLanes.orders.allSatisfy { $0.count == 12 && $0.reduce(0, +) == 6 })
    }

    @Test("the level is exact whenever no call is open, with or without an earlier balance")
    func exact() {
        for anchored in [true, false] {
            for order in TwoLanes.orders {
                var lanes = TwoLanes(anchored: anchored)
                for lane in order {
                    lanes.step(lane)
                    if !lanes.isOpen { #expect(lanes.level == lanes.trueLeft, "\(order)") }
                }
                #expect(!lanes.isOpen)
            }
        }
    }

    @Test("the level is never above the server's while calls are open")
    func neverAbove() {
        for anchored in [true, false] {
            for order in TwoLanes.orders {
                var lanes = TwoLanes(anchored: anchored)
                for lane in order {
                    lanes.step(lane)
                    #expect(lanes.level <= lanes.trueLeft, "\(order)")
                }
            }
        }
    }

    @Test(
        "a counted call without a reply leaves the level no higher than the server's",
        arguments: 0...3)
    func lostReply(lost: Int) {
        for order in TwoLanes.orders {
            var lanes = TwoLanes(lost: lost)
            for lane in order {
                lanes.step(lane)
                #expect(lanes.level <= lanes.trueLeft, "\(order)")
            }
        }
    }

    @Test("every allowed order has no drift")
    func drift() {
        for order in TwoLanes.orders {
            var lanes = TwoLanes()
            for lane in order { lanes.step(lane) }
            #expect(lanes.drifts == [0, 0, 0, 0], "\(order)")
        }
    }

    @Test("a reply lost on the way is no drift either", arguments: 0...3)
    func lostDrift(lost: Int) {
        for order in TwoLanes.orders {
            var lanes = TwoLanes(lost: lost)
            for lane in order { lanes.step(lane) }
            #expect(lanes.drifts == [0, 0, 0], "\(order)")
        }
    }

    @Test("without an earlier balance, drift is unknown or none, never wrong")
    func driftUnanchored() {
        for order in TwoLanes.orders {
            var lanes = TwoLanes(anchored: false)
            for lane in order { lanes.step(lane) }
            #expect(lanes.drifts.first == .some(nil))
            #expect(lanes.drifts.allSatisfy { $0 == nil || $0 == 0 }, "\(order)")
        }
    }

    @Test("settlements before the horizon make no difference to the level", arguments: -1...3)
    func horizon(lost: Int) {
        var differing: [[Int]] = []
        for order in TwoLanes.orders {
            var lanes = TwoLanes(lost: lost)
            for lane in order {
                lanes.step(lane)
                if lanes.level != lanes.levelFromHorizon { differing.append(order) }
            }
        }
        #expect(
            differing.isEmpty,
            "call \(lost) lost: \(differing.count) times, first in \(differing.first ?? [])")
    }
}
