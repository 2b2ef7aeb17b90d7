import Simulation
import Testing

/// Whole runs: what must hold is checked within them.
struct SeedTests {
    /// Runs that once found a fault of the planner's or of a check, and what it was.
    struct Regression {
        var seed: UInt64
        /// nil: those that the seed chooses.
        var faults: Set<FaultKind>?
        var backlog: SimulatedBacklog?
        var found: String
    }

    static let regressions = [
        Regression(
            seed: 1, faults: [.clock],
            backlog: SimulatedBacklog(images: 9_500, barcodes: 0, figures: .tenth),
            found: "after the clock was set forward every other images call was refused"),
        Regression(
            seed: 2, faults: [.poison, .lost],
            backlog: SimulatedBacklog(images: 300, barcodes: 300, figures: .trial),
            found: "two products that always fail kept a third from the lane"),
        Regression(
            seed: 129_409_746,
            found: "calls in flight when a block began counted as calls that ignored it"),
        Regression(
            seed: 1104,
            found: "a refusal of one account counted as telling how long another account is blocked"
        ),
        Regression(
            seed: 50_118, faults: [.balance, .commit, .latency, .rival],
            found:
                "a refusal for the lookups' day counted as telling that the searches' day was over"),
        Regression(
            seed: 50_188, faults: [.balance, .commit, .latency, .rival],
            found: "an answer to a cancelled call, whose settlement was late, counted as read"),
        Regression(
            seed: 1124, found: "a lookup that had become a dead letter counted as forgotten"),
        Regression(
            seed: 20_036,
            found: "an account's calls counted as no larger than those of a smaller account"),
        Regression(
            seed: 40_066,
            found: "a request was lost, and its reply was no later than the slow ones known so far"),
        Regression(
            seed: 100_284, faults: [.commit, .lost, .rival],
            found: "after a full disk a lane called before another one's balance was written"),
    ]

    private func expectAllHolds(
        seed: UInt64, faults: Set<FaultKind>? = nil, backlog: SimulatedBacklog? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let report = try Runs.report(seed: seed, faults: faults, backlog: backlog)
        let names =
            (faults.map { " --faults " + Self.text($0) } ?? "")
            + (backlog.map {
                " --images \($0.counts["images"] ?? 0) --barcodes \($0.counts["barcodes"] ?? 0)"
                    + " --figures \($0.figures.name)"
            } ?? "")
        #expect(
            report.findings.isEmpty,
            "\(report.findings). Replay with: asinqd simulate --seed \(seed)\(names)",
            sourceLocation: location)
        #expect(report.jobsLost == 0 && report.jobs > 0, sourceLocation: location)
        #expect(
            report.makespanRatio.map { $0 >= 1 } ?? true, "seed \(seed)", sourceLocation: location)
    }

    private static func text(_ faults: Set<FaultKind>) -> String {
        faults.isEmpty ? "none" : faults.sorted().map(\.rawValue).joined(separator: ",")
    }

    @Test(
        "all holds with the trouble that the seed chooses",
        arguments: [1001, 1003, 1004, 1006, 1008, 1009, 1011, 1013, 1014, 1024, 1026]
            as [UInt64])
    func chosen(seed: UInt64) throws {
        try expectAllHolds(seed: seed)
    }

    @Test("all holds with each kind of trouble alone", arguments: FaultKind.allCases)
    func alone(kind: FaultKind) throws {
        for seed: UInt64 in [47, 59, 69] { try expectAllHolds(seed: seed, faults: [kind]) }
    }

    @Test(
        "all holds with all kinds of trouble at once",
        arguments: [78, 93, 99, 103, 105, 106] as [UInt64])
    func atOnce(seed: UInt64) throws {
        try expectAllHolds(seed: seed, faults: Set(FaultKind.allCases))
    }

    @Test(
        "all holds without trouble", arguments: [90, 91, 96, 113, 116, 119, 124, 125] as [UInt64])
    func none(seed: UInt64) throws {
        try expectAllHolds(seed: seed, faults: [])
    }

    @Test(
        "all holds with two accounts of each provider", arguments: [6, 17, 34] as [UInt64])
    func accounts(seed: UInt64) throws {
        for faults in [[], Set([FaultKind.rejects, .lost])] {
            let report = try Runs.report(seed: seed, faults: faults)
            #expect(report.accounts == 2)
            try expectAllHolds(seed: seed, faults: faults)
        }
    }

    @Test("what was found once is not found again", arguments: regressions.indices)
    func regression(index: Int) throws {
        let regression = Self.regressions[index]
        try expectAllHolds(
            seed: regression.seed, faults: regression.faults, backlog: regression.backlog)
    }
}
