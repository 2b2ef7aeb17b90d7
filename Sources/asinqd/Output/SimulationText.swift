import Foundation
import Operations
import Simulation

/// The output of `simulate` for a run.
enum SimulationText {
    static func report(_ report: SimulationReport) -> String {
        let faults = report.faults.map(\.rawValue).joined(separator: ", ")
        let makespan = HumanText.number(Int(report.makespanMilliseconds / 1_000))
        let least = HumanText.number(Int(report.boundMilliseconds / 1_000))
        let endpoints = report.endpoints.map { "\($0.endpoint) \(HumanText.number($0.calls))" }
        let tokens = report.endpoints.map { "\($0.endpoint) \(HumanText.number($0.tokens))" }
        let accounts = report.accounts > 1 ? ", \(report.accounts) accounts" : ""
        let ratio = report.makespanRatio.map { " (ratio \(Self.ratio($0)))" } ?? ""
        return """
            \(report.figures) figures\(accounts)\(report.isOnFile ? ", on a file" : ""), \
            \(faults.isEmpty ? "no faults" : "faults: \(faults)")
            \(HumanText.count(report.calls, "call", "calls")) \
            (\(endpoints.joined(separator: ", "))), \
            \(HumanText.number(report.refused)) refused, \
            \(HumanText.count(report.jobs, "job", "jobs")), \
            \(HumanText.number(report.jobsLost)) lost, \
            tokens (\(tokens.joined(separator: ", "))), \
            \(HumanText.count(report.kills, "kill", "kills"))
            done in \(makespan) s; lower bound from the limits: \(least) s\(ratio)
            trace \(report.traceHash)
            """
    }

    static func failure(_ report: SimulationReport, replay: String) -> String {
        let findings = report.findings.map { finding in
            "\(finding.check.rawValue) at \(HumanText.span(.milliseconds(finding.atMilliseconds))): \(TerminalText.safe(finding.text))"
        }
        return (findings + ["Replay with: \(replay)"]).joined(separator: "\n")
    }

    static func ratio(_ ratio: Double) -> String {
        String(format: "%.6f", ratio)
    }
}
