import Simulation
import Storage
import StoreSupport
import TestSupport

/// Runs for tests: each with a folder of its own for those that are on a file.
enum Runs {
    /// - Parameter onFile: false keeps runs in memory that the seed would put on a file.
    static func report(
        seed: UInt64, days: Int = 1, faults: Set<FaultKind>? = nil,
        backlog: SimulatedBacklog? = nil,
        rules: PlannerRules = PlannerRules(), onFile: Bool = true,
        onEvent: ((String) -> Void)? = nil
    ) throws -> SimulationReport {
        try TemporaryFolder.with { folder in
            let path = folder.database
            let run = try SimulatedRun(
                seed: seed, days: days, faults: faults, backlog: backlog, rules: rules,
                openFile: onFile
                    ? { try Store(path: path, access: .create, beforeCommit: $0) } : nil,
                onEvent: onEvent)
            return try run.run()
        }
    }
}
