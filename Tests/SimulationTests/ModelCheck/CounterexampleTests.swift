import Simulation
import Testing

/// The search finds mistakes. If it did not, its silence would say nothing.
struct CounterexampleTests {
    @Test(
        "a mistake has a counterexample, and the report names what it breaches",
        arguments: Mutation.all)
    func found(_ mutation: Mutation) throws {
        let report = mutation.report
        let violation = try #require(report.violation)
        #expect(violation.property == mutation.property, "\(report.text)")
        #expect(!report.isExhausted)
        #expect(violation.path.count == report.depth)
        #expect(report.text.contains("does not hold: \(mutation.property.rawValue)"))
    }

    @Test("there is a mistake for every property", arguments: ModelProperty.allCases)
    func everyProperty(_ property: ModelProperty) {
        #expect(Mutation.all.contains { $0.property == property })
    }

    @Test("the first counterexample is one of the shortest, told step by step")
    func shortest() throws {
        let mutation = try #require(
            Mutation.refused.first { $0.name == "a lost call counted from its settlement" })
        let violation = try #require(mutation.report.violation)
        #expect(violation.detail == "call 2 by the window: 2 wanted, 0 left")
        #expect(
            violation.path == [
                "tick 0: barcodes sends call 1 for B1 B2",
                "tick 0: the daemon is killed",
                "tick 0: the daemon starts",
                "tick 0: the clock ticks",
                "tick 1: the server has call 1 (barcodes B1 B2) of the killed daemon",
                "tick 1: the clock ticks",
                "tick 2: barcodes sends call 2 for B1 B2",
                "tick 2: the server has call 2 (barcodes B1 B2)",
            ])
    }
}
