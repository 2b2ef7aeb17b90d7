import Simulation
import Testing

struct ModelCheckTests {
    @Test("no path of eleven actions breaches a property", arguments: ModelWorld.all.map(\.name))
    func safe(world: String) {
        let report = ModelCheck(.named(world)).run(depth: 11)
        #expect(report.violation == nil, "\(report.text)")
        #expect(report.depth == 11)
        #expect(report.states > 1_500)
        #expect(report.transitions >= report.states - 1)
    }

    @Test("worlds have names of their own")
    func names() {
        #expect(Set(ModelWorld.all.map(\.name)).count == ModelWorld.all.count)
    }
}
