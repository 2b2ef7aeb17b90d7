import Simulation
import Testing

struct FaultKindTests {
    @Test("every kind has a name of one word, as the command line takes it")
    func names() {
        for kind in FaultKind.allCases {
            #expect(kind.rawValue.allSatisfy { $0.isLetter })
            #expect(FaultKind(rawValue: kind.rawValue) == kind)
        }
    }
}
