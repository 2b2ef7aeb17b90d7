import Simulation
import Testing

struct ReplayTests {
    @Test(
        "a seed gives the same run again, event for event", arguments: [1, 47, 59, 69] as [UInt64])
    func again(seed: UInt64) throws {
        var events: [[String]] = [[], []]
        let first = try Runs.report(seed: seed) { events[0].append($0) }
        let second = try Runs.report(seed: seed) { events[1].append($0) }
        #expect(first == second)
        #expect(events[0] == events[1])
        #expect(events[0].count > first.calls * 3)
    }

    @Test("a file does what memory does")
    func fileAsMemory() throws {
        for seed: UInt64 in [49, 92, 96, 124] {
            let onFile = try Runs.report(seed: seed, faults: [.kill, .commit, .lost])
            #expect(onFile.isOnFile)
            let inMemory = try Runs.report(
                seed: seed, faults: [.kill, .commit, .lost], onFile: false)
            #expect(onFile.traceHash == inMemory.traceHash, "seed \(seed)")
        }
    }

    @Test("another seed gives another run")
    func other() throws {
        let hashes = try ([90, 91, 96, 113, 125] as [UInt64]).map {
            try Runs.report(seed: $0, faults: []).traceHash
        }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("what strikes can be chosen", arguments: FaultKind.allCases)
    func chosen(kind: FaultKind) throws {
        let report = try Runs.report(seed: 59, faults: [kind])
        #expect(report.faults == [kind])
        let none = try Runs.report(seed: 59, faults: [])
        #expect(none.faults == [])
        #expect(report.traceHash != none.traceHash)
    }
}
