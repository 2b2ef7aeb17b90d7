internal import Sandbox

/// The two hosts of a run on a server: what distinguishes them, and their faults.
struct HostScenario: Sendable {
    static let count = 2

    /// Whether each host works its lanes whether it leads or not, as if each believed that its lease was valid:
    /// all that is left to keep them apart is the ledger.
    var everyoneLeads: Bool
    /// By how much each host's clock is ahead of the server's.
    var aheadMilliseconds: [Int64]
    /// Less than a millisecond a minute: such a clock can be trusted between two looks at the server's.
    var driftPPM: [Int64]
    /// When a host's clock is set.
    var clockSteps: [(atMicroseconds: Int64, daemon: Int, milliseconds: Int64)] = []
    /// When all sessions of the server end, as at its restart.
    var restarts: [Int64] = []
    /// How often a claim of one host is made in the middle of the other's.
    var overlapShare: Double
}

extension Scenario {
    /// Puts the run on a server with two hosts: nothing else works on the database.
    ///
    /// - Parameter isQuiet: Whether the hosts have no faults of their own.
    mutating func addHosts(seed: UInt64, days: Int, isQuiet: Bool) {
        faults.remove(.daemons)
        secondDaemon = nil
        var dice = SplitMix64(seed: seed, stream: "hosts")
        var hosts = HostScenario(
            everyoneLeads: dice.happens(0.5),
            aheadMilliseconds: (0..<HostScenario.count).map { _ in
                let most = dice.pick([0, 2_000, 120_000, 21_600_000])
                return Int64(dice.within(-most...most))
            },
            driftPPM: (0..<HostScenario.count).map { _ in Int64(dice.within(-15...15)) },
            overlapShare: dice.pick([0, 0.3, 1]))
        defer { self.hosts = hosts }
        for index in kills.indices { kills[index].daemon = dice.below(HostScenario.count) }
        if isQuiet { return }
        let span = Int64(days) * 86_400_000
        func instant(_ dice: inout SplitMix64) -> Int64 {
            let most = dice.pick([600_000, 3_600_000, 7_200_000, Int(span)])
            return startMicroseconds + Int64(dice.below(most)) * 1_000
        }
        if faults.contains(.clock) {
            hosts.clockSteps = (0..<dice.within(0...4)).map { _ in
                let most = dice.pick([2_000, 120_000, 21_600_000])
                return (
                    instant(&dice), dice.below(HostScenario.count),
                    Int64(dice.within(-most...most))
                )
            }
        }
        hosts.restarts = (0..<dice.below(4)).map { _ in instant(&dice) }
        for _ in 0..<dice.within(2...40) {
            kills.append(
                Kill(
                    atMicroseconds: instant(&dice), point: dice.pick(KillPoint.allCases),
                    // About as long as the leases of a host and of a call: 15 s, and a minute or two.
                    downMicroseconds: Int64(
                        dice.pick([
                            1_000, dice.below(20_000_000), dice.below(200_000_000), 600_000_000,
                        ])),
                    kind: dice.pick(Kill.Kind.allCases), daemon: dice.below(HostScenario.count)))
        }
    }
}

extension SimulatedBacklog {
    /// Work for two hosts, little enough for a server, to which each claim and settlement takes round trips.
    package static func forHosts(seed: UInt64) -> SimulatedBacklog {
        var dice = SplitMix64(seed: seed, stream: "work of hosts")
        func some(_ most: Int) -> Int { dice.happens(0.7) ? dice.within(1...most) : 0 }
        var backlog = SimulatedBacklog(
            [
                "images": dice.within(1...80), "barcodes": some(150), "lookup": some(25),
                "search": some(6),
            ], figures: dice.pick([.tenth, .trial]),
            plan: dice.pick(["free", "free", "dev", "pro"]),
            latencyMilliseconds: dice.pick([50...500, 500...5_000, 5_000...25_000]),
            accounts: dice.pick([1, 1, 2]))
        backlog.arrivals = (0..<dice.below(5)).map { _ in
            .init(
                endpoint: dice.pick(["images", "barcodes"]), products: dice.within(1...40),
                afterSeconds: Int64(dice.below(7_200)))
        }
        return backlog
    }
}
