import Foundation
import Operations
import Planning
import Simulation

/// The totals of several runs.
struct SimulationTally {
    private var runs = 0
    private(set) var failures = 0
    private var calls = 0
    private var refused = 0
    private var jobs = 0
    private var simulatedMilliseconds: Int64 = 0
    private var ratios: [Double] = []
    private var forecastErrorsCalm: [Double] = []
    private var forecastErrorsTroubled: [Double] = []

    mutating func add(_ report: SimulationReport) {
        runs += 1
        if !report.findings.isEmpty { failures += 1 }
        calls += report.calls
        refused += report.refused
        jobs += report.jobs
        simulatedMilliseconds += report.simulatedMilliseconds
        if let error = report.forecastError {
            if report.faults.isEmpty {
                forecastErrorsCalm.append(error)
            } else {
                forecastErrorsTroubled.append(error)
            }
        }
        if report.isHeldToBound, let ratio = report.makespanRatio { ratios.append(ratio) }
    }

    func text(elapsed: Duration) -> String {
        let days = Double(simulatedMilliseconds) / 86_400_000
        let perSecond = days / max(0.001, Double(elapsed.milliseconds) / 1_000)
        var lines = [
            "\(HumanText.count(runs, "run", "runs")), \(HumanText.number(failures)) failed: \(HumanText.number(calls)) calls, \(HumanText.number(refused)) refused, \(HumanText.number(jobs)) jobs",
            String(format: "%.1f simulated days, %.1f a second", days, perSecond),
        ]
        let sorted = ratios.sorted()
        if let worst = sorted.last {
            let median = SimulationText.ratio(sorted[sorted.count / 2])
            lines.append(
                "makespan of \(HumanText.count(sorted.count, "backlog", "backlogs")) without faults, relative to the bound: median \(median), worst \(SimulationText.ratio(worst))"
            )
        }
        for (errors, what) in [
            (forecastErrorsCalm, "without faults"), (forecastErrorsTroubled, "with faults"),
        ] {
            let sorted = errors.sorted()
            guard let worst = sorted.last else { continue }
            lines.append(
                String(
                    format: "error of %@ %@: median %.3f %%, worst %.1f %%",
                    HumanText.count(sorted.count, "forecast", "forecasts"), what,
                    sorted[sorted.count / 2] * 100, worst * 100))
        }
        return lines.joined(separator: "\n")
    }
}
