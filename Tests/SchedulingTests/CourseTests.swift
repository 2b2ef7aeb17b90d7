import Logging
import Storage
import Testing

@testable import Scheduling

@Suite struct CourseTests {
    private let course = Course(Logger(label: "test"))
    private let settings = DaemonSettings(
        subscriptions: [], retention: Retention(), logger: Logger(label: "next"))

    private func lanes() -> [LaneControl] {
        ["images", "barcodes"].map { LaneControl($0, idleLanes: nil, onChange: {}) }
    }

    @Test("A change ends the lanes and gives the settings to go on with, once")
    func change() {
        let lanes = lanes()
        course.begin(lanes, settings.logger)
        #expect(course.takeNext() == nil && !lanes.contains { $0.isStopping })
        course.change(to: settings)
        #expect(lanes.allSatisfy { $0.isStopping })
        #expect(course.takeNext() != nil && !course.isStopping)
        #expect(course.takeNext() == nil)
    }

    @Test("Whoever is told to stop and to change stops, in whatever order")
    func stopAndChange() {
        for isChangedFirst in [true, false] {
            let course = Course(settings.logger)
            if isChangedFirst { course.change(to: settings) }
            #expect(course.stop(at: .now) == .first)
            course.change(to: settings)
            #expect(course.stop(at: .now) != .first, "the second time")
            #expect(course.isStopping && course.takeNext() == nil)
        }
    }

    @Test("Signals within a second of the first are one request, and a later one is another")
    func signals() {
        let first = ContinuousClock.now
        #expect(course.stop(at: first) == .first)
        for milliseconds in [0, 1, 500, 1_000] {
            #expect(course.stop(at: first + .milliseconds(milliseconds)) == .same)
        }
        for milliseconds in [1_001, 1_500, 60_000] {
            #expect(course.stop(at: first + .milliseconds(milliseconds)) == .atOnce)
        }
    }

    @Test("What was asked before the lanes were there ends them too")
    func early() {
        let changed = lanes()
        course.change(to: settings)
        course.begin(changed, settings.logger)
        #expect(changed.allSatisfy { $0.isStopping })
        #expect(course.takeNext() != nil)
        let next = lanes()
        course.begin(next, settings.logger)
        #expect(!next.contains { $0.isStopping })
        #expect(course.stop(at: .now) == .first)
        let late = lanes()
        course.begin(late, settings.logger)
        #expect(late.allSatisfy { $0.isStopping })
    }
}
