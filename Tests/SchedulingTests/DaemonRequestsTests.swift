import Logging
import Planning
import Storage
import Testing

@testable import Scheduling

@Suite struct DaemonRequestsTests {
    private let requests = DaemonRequests(Logger(label: "test"))
    private let settings = DaemonSettings(
        accounts: [], retention: Retention(), logger: Logger(label: "next"))

    private static let ids = ["images", "barcodes"].map {
        LaneID(account: "asinscope", endpoint: $0, slot: 0)
    }

    private func lanes() -> LaneSignals { LaneSignals(Self.ids, endsWhenIdle: false) }

    private func areStopping(_ lanes: LaneSignals) -> Bool {
        let stopping = Self.ids.filter { lanes[$0].isStopping }
        #expect(stopping.isEmpty || stopping == Self.ids)
        return !stopping.isEmpty
    }

    @Test("A change ends the lanes and gives the settings to continue with, once")
    func change() {
        let lanes = lanes()
        requests.begin(lanes, settings.logger)
        #expect(requests.takeNext() == nil && !areStopping(lanes))
        requests.change(to: settings)
        #expect(areStopping(lanes))
        #expect(requests.takeNext() != nil && !requests.isStopping)
        #expect(requests.takeNext() == nil)
    }

    @Test("A daemon that is told to stop and to change stops, in either order")
    func stopAndChange() {
        for isChangedFirst in [true, false] {
            let requests = DaemonRequests(settings.logger)
            if isChangedFirst { requests.change(to: settings) }
            #expect(requests.stop(at: .now) == .first)
            requests.change(to: settings)
            #expect(requests.stop(at: .now) != .first, "the second time")
            #expect(requests.isStopping && requests.takeNext() == nil)
        }
    }

    @Test("Signals within a second of the first are one request, and a later one is another")
    func signals() {
        let first = ContinuousClock.now
        #expect(requests.stop(at: first) == .first)
        for milliseconds in [0, 1, 500, 1_000] {
            #expect(requests.stop(at: first + .milliseconds(milliseconds)) == .same)
        }
        #expect(requests.isStopping)
        for milliseconds in [1_001, 1_500, 60_000] {
            #expect(requests.stop(at: first + .milliseconds(milliseconds)) == .atOnce)
        }
    }

    @Test("Requests from before the lanes' start end them too")
    func early() {
        let changed = lanes()
        requests.change(to: settings)
        requests.begin(changed, settings.logger)
        #expect(areStopping(changed))
        #expect(requests.takeNext() != nil)
        let next = lanes()
        requests.begin(next, settings.logger)
        #expect(!areStopping(next))
        #expect(requests.stop(at: .now) == .first)
        let late = lanes()
        requests.begin(late, settings.logger)
        #expect(areStopping(late))
    }
}
