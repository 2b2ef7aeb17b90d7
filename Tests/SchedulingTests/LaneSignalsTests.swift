import Planning
import Testing

@testable import Scheduling

/// When lanes end that are to end with an empty queue.
@Suite struct LaneSignalsTests {
    private static let images = LaneID(account: "asinscope", endpoint: "images", slot: 0)
    private static let barcodes = LaneID(account: "asinscope", endpoint: "barcodes", slot: 0)
    private static let second = LaneID(account: "asinscope", endpoint: "barcodes", slot: 1)
    private static let lanes = [images, barcodes, second]

    private func signals(endsWhenIdle: Bool = true) -> LaneSignals {
        LaneSignals(Self.lanes, endsWhenIdle: endsWhenIdle)
    }

    private func areStopping(_ signals: LaneSignals) -> Bool {
        let stopping = Self.lanes.filter { signals[$0].isStopping }
        #expect(stopping.isEmpty || stopping == Self.lanes, "they end together")
        return !stopping.isEmpty
    }

    @Test(
        "Lanes end together, once none can do anything more by itself", arguments: Hold.allCases)
    func untilEmpty(hold: Hold) {
        let signals = signals()
        signals.sleeps(Self.images, holding: .idle)
        signals.sleeps(Self.second, holding: .idle)
        #expect(!areStopping(signals))
        signals.sleeps(Self.barcodes, holding: hold)
        #expect(areStopping(signals) == [.idle, .paused, .halted].contains(hold))
    }

    @Test("Without that option they stay, idle or not")
    func staying() {
        let signals = signals(endsWhenIdle: false)
        for lane in Self.lanes { signals.sleeps(lane, holding: .idle) }
        #expect(!areStopping(signals))
    }

    @Test("A lane that claims again, or waits its turn, keeps the others from ending")
    func notIdleAnyMore() {
        let signals = signals()
        for lane in Self.lanes.dropLast() { signals.sleeps(lane, holding: .idle) }
        signals.claims(Self.images)
        signals.sleeps(Self.second, holding: .idle)
        #expect(!areStopping(signals))
        signals.sleeps(Self.images, holding: nil)
        #expect(!areStopping(signals))
        signals.sleeps(Self.images, holding: .idle)
        #expect(areStopping(signals))
    }

    @Test("After a change each lane checks again before they end")
    func changed() {
        let signals = signals()
        for lane in Self.lanes.dropLast() { signals.sleeps(lane, holding: .idle) }
        signals.wakeAll()
        for lane in Self.lanes { signals.sleeps(lane, holding: .idle) }
        #expect(!areStopping(signals), "they have not heard of the change yet")
        for lane in Self.lanes {
            #expect(signals[lane].take() == .woken)
            #expect(!areStopping(signals))
            signals.sleeps(lane, holding: .idle)
        }
        #expect(areStopping(signals))
    }
}
