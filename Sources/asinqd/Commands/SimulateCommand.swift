import ArgumentParser
import Foundation
import Operations
import Planning
import Providers
import Sandbox
import Simulation
import Storage

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run the planner against the providers' models in virtual time, with faults.",
        discussion: """
            The seed decides everything: the limits of the key, who enqueues what and when,
            which faults occur and when. The same seed gives the same run on any machine.
            Invariants are checked throughout; a violation is printed with the command that
            replays it. No provider is called, and no database of yours is touched.

            Faults, for --faults:
            \(FaultKind.allCases.map { "  \($0.rawValue.padding(to: 12))\($0.summary)" }.joined(separator: "\n"))

            Examples:
              asinqd simulate
              asinqd simulate --seed 7 --days 3 --faults clock,kill
              asinqd simulate --seeds 1000
              asinqd simulate --images 200000 --barcodes 200000 --faults none
              asinqd simulate --lookups 200 --searches 30 --faults none
              asinqd simulate --seed 7 --trace | head -50
              asinqd simulate --exhaustive --depth 14

            Exit codes: 0 every invariant held, 1 a violation was found.
            """)

    @Option(in: 0...UInt64.max - 1, help: "First seed; random by default.", valueName: "seed")
    var seed: UInt64?

    @Option(in: 1...1_000_000, help: "Number of seeds, run one after the other.")
    var seeds = 1

    @Option(in: 1...366, help: "Number of days on which work arrives and faults occur.")
    var days = 1

    @Option(
        help: ArgumentHelp(
            "none, all, or names separated by commas; chosen by the seed by default.",
            valueName: "names"))
    var faults: FaultsArgument?

    @OptionGroup var work: BacklogOptions

    @Flag(
        help:
            "Instead, search every order of events in small worlds for a violation.")
    var exhaustive = false

    @Option(
        in: 1...1_000,
        help: "With --exhaustive: the maximum number of events on a path; no limit by default.",
        valueName: "events")
    var depth: Int?

    @Flag(help: "Print each event with its time in microseconds since 1970.")
    var trace = false

    @Flag(help: "Print JSON: one object; with --seeds one per line.")
    var json = false

    func validate() throws {
        if let seed, seed > UInt64.max - UInt64(seeds) {
            throw ValidationError("--seed plus --seeds must not exceed \(UInt64.max).")
        }
        let isSeeded = seed != nil || seeds > 1 || days > 1 || faults != nil || trace
        if exhaustive && (isSeeded || work.backlog != nil) {
            throw ValidationError("--exhaustive can be combined only with --depth and --json.")
        }
        if depth != nil && !exhaustive {
            throw ValidationError("--depth requires --exhaustive.")
        }
        if trace && json { throw ValidationError("Choose one of --trace and --json.") }
    }

    func run() async throws {
        if exhaustive { return try searchWorlds() }
        let first = seed ?? UInt64.random(in: 0..<1_000_000_000)
        let folder = SimulationFolder()
        defer { folder.remove() }
        var tally = SimulationTally()
        var progress = ProgressLine()
        let began = ContinuousClock.now
        for seed in first..<first + UInt64(seeds) {
            announce(seed, &progress, done: seed - first)
            let run = try SimulatedRun(
                seed: seed, days: days, faults: faults?.kinds, backlog: work.backlog,
                openFile: {
                    try Store(
                        path: folder.database(seed: seed), access: .create,
                        endpoints: Catalog.current.references, beforeCommit: $0)
                },
                onEvent: trace ? { Output.line($0) } : nil)
            let report = try run.run()
            folder.empty()
            tally.add(report)
            progress.clear()
            if json {
                try Output.json(SimulationJSON(report), pretty: seeds == 1)
            } else if seeds == 1 || !report.findings.isEmpty {
                Output.line(SimulationText.report(report))
            }
            if !report.findings.isEmpty {
                Output.error(SimulationText.failure(report, replay: replay(seed)))
            }
        }
        if seeds > 1 && !json {
            Output.line(tally.text(elapsed: ContinuousClock.now - began))
        }
        if tally.failures > 0 { throw ExitCode(OperationError.Kind.failed.exitCode) }
    }

    private func searchWorlds() throws {
        var reports: [ModelCheckReport] = []
        var progress = ProgressLine()
        for world in ModelWorld.all {
            progress.show("\(world.name): …")
            let report = ModelCheck(world).run(depth: depth)
            progress.clear()
            reports.append(report)
            if !json { Output.line(report.text) }
        }
        let states = reports.reduce(0) { $0 + $1.states }
        if json {
            try Output.json(ModelCheckJSON(reports))
        } else {
            Output.line("\(HumanText.count(states, "state", "states")) visited")
        }
        if reports.contains(where: { $0.violation != nil }) {
            throw ExitCode(OperationError.Kind.failed.exitCode)
        }
    }

    /// The seed is printed first, so that a run that never ends can be replayed as well.
    private func announce(_ seed: UInt64, _ progress: inout ProgressLine, done: UInt64) {
        if seeds == 1 {
            if json { Output.error("seed \(seed)") } else { Output.line("seed \(seed)") }
        } else {
            if done == 0 { Output.error("seeds \(seed) to \(seed + UInt64(seeds) - 1)") }
            progress.show("seed \(seed), \(done) of \(seeds) done")
        }
    }

    private func replay(_ seed: UInt64) -> String {
        var words = ["asinqd simulate --seed \(seed) --days \(days)"]
        if let faults { words.append("--faults \(faults.text)") }
        words += work.words
        return words.joined(separator: " ")
    }
}
