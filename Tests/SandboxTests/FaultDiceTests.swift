import Testing

@testable import Sandbox

@Suite struct FaultDiceTests {
    @Test("Switching other faults on leaves a fault striking the same calls")
    func independence() throws {
        func struck(_ faults: String) throws -> [Bool] {
            var dice = FaultDice(seed: 42)
            let faults = try Faults(parsing: faults)
            return (0..<500).map { _ in dice.roll(for: faults).cut }
        }
        let alone = try struck("cut=0.3")
        #expect(alone.contains(true) && alone.contains(false))
        #expect(try struck("all,huge,cut=0.3,latency=1-9,errors=0.9") == alone)
    }

    @Test("No two faults share their random numbers")
    func separateStreams() throws {
        var dice = FaultDice(seed: 42)
        let faults = try Faults(
            parsing: "errors=0.5,cut=0.5,truncate=0.5,html=0.5,foreign=0.5,hang=0.5,balance=0.5,"
                + "busy=0.5")
        let rolls = (0..<200).map { _ in dice.roll(for: faults) }
        let columns = [
            rolls.map(\.errors), rolls.map(\.errorIsPage), rolls.map(\.cut), rolls.map(\.truncate),
            rolls.map(\.html), rolls.map { $0.foreign != nil }, rolls.map(\.hang),
            rolls.map { $0.balanceErrorTokens != 0 }, rolls.map(\.busy),
        ]
        #expect(Set(columns).count == columns.count)
    }
}
