import Planning
import Testing

@testable import Simulation

struct ModelCheckTests {
    @Test("no path of eleven actions breaches a property", arguments: ModelWorld.all.map(\.name))
    func safe(world: String) {
        let report = ModelCheck(.named(world)).run(depth: 11)
        #expect(report.violation == nil, "\(report.text)")
        #expect(report.depth == 11)
        #expect(report.states > 1_500)
        #expect(report.transitions >= report.states - 1)
    }

    private let tiny = ModelWorld.with("tiny") {
        $0.images = [5]
        $0.barcodes = [5]
        $0.losses = 1
        $0.ticks = 4
    }

    @Test("a world is searched to its end, where all jobs are finished")
    func exhausted() {
        let report = ModelCheck(tiny).run()
        #expect(report.isExhausted && report.violation == nil)
        #expect(report.endings > 100)
        #expect(report == ModelCheck(tiny).run(depth: report.depth + 1))
        let shorter = ModelCheck(tiny).run(depth: report.depth - 1)
        #expect(!shorter.isExhausted && shorter.states < report.states)
        #expect(
            report.text
                == "tiny: \(report.states) states, \(report.transitions) transitions, "
                + "\(report.endings) endings, depth \(report.depth), all of it")
    }

    @Test("a planner that does nothing is safe, and comes to no end")
    func idle() {
        var rules = ModelRules()
        rules.decide = { _, _ in .hold(.idle, until: nil) }
        let report = ModelCheck(tiny, rules).run()
        #expect(report.isExhausted && report.violation == nil)
        #expect(report.states == 5 && report.endings == 0)
    }

    @Test("worlds have names of their own")
    func names() {
        #expect(Set(ModelWorld.all.map(\.name)).count == ModelWorld.all.count)
    }
}
