import GRDB
import StoreSupport
import Testing

@testable import Storage

@Suite(.onSQLite)
struct BusyHandlerTests {
    private func looks(_ patience: BusyHandler) -> Int? {
        guard case .callback(let looksAgain) = patience.mode else { return nil }
        return (0...100).first { !looksAgain($0) }
    }

    @Test("there are as many checks as the wait has milliseconds", arguments: [0, 1, 20, 99])
    func looks(milliseconds: Int) {
        let patience = BusyHandler(.milliseconds(milliseconds))
        #expect(looks(patience) == milliseconds)
    }

    @Test("a limit applies while its body runs, and never makes a wait longer")
    func limited() throws {
        let patience = BusyHandler(.milliseconds(20))
        #expect(patience.limited(to: .milliseconds(5)) { looks(patience) } == 5)
        #expect(patience.limited(to: .seconds(5)) { looks(patience) } == 20)
        #expect(throws: StoreError.self) {
            try patience.limited(to: .zero) { throw StoreError.locked(path: "") }
        }
        #expect(looks(patience) == 20)
    }

    @Test("each check waits for at least a millisecond")
    func pause() {
        let waited = ContinuousClock().measure {
            _ = looks(BusyHandler(.milliseconds(50)))
        }
        #expect(waited >= .milliseconds(50))
    }
}
