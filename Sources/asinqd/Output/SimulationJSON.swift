import Operations
import Simulation

/// The report as JSON: a contract, and for one seed always the same bytes.
struct SimulationJSON: Encodable {
    struct Finding: Encodable {
        var check: String
        var atSeconds: Double
        var text: String
    }

    struct Endpoint: Encodable {
        var endpoint: String
        var calls: Int
        var refused: Int
        var tokens: Int
    }

    var seed: UInt64
    var days: Int
    var faults: [String]
    var figures: String
    var isOnFile: Bool
    var calls: Int
    var refused: Int
    /// Endpoints with at least one call.
    var endpoints: [Endpoint]
    var jobs: Int
    var jobsLost: Int
    /// null where calls went to several providers: their tokens are not added.
    var tokens: NullableNumber
    var kills: Int
    var makespanSeconds: Double
    var boundSeconds: Double
    var makespanRatio: Double?
    /// The forecast minus the actual time, measured from when all work was queued.
    var forecastErrorSeconds: Double?
    var traceHash: String
    var findings: [Finding]

    init(_ report: SimulationReport) {
        seed = report.seed
        days = report.days
        faults = report.faults.map(\.rawValue)
        figures = report.figures
        isOnFile = report.isOnFile
        calls = report.calls
        refused = report.refused
        endpoints = report.endpoints.map {
            Endpoint(
                endpoint: $0.endpoint, calls: $0.calls, refused: $0.refused, tokens: $0.tokens)
        }
        jobs = report.jobs
        jobsLost = report.jobsLost
        let byProvider = Dictionary(grouping: report.endpoints, by: \.provider)
        tokens = NullableNumber(
            ofOnly: byProvider.values.map { $0.reduce(0) { $0 + $1.tokens } })
        kills = report.kills
        makespanSeconds = Double(report.makespanMilliseconds) / 1_000
        boundSeconds = Double(report.boundMilliseconds) / 1_000
        makespanRatio = report.makespanRatio
        forecastErrorSeconds = report.forecastMilliseconds.flatMap { forecast in
            report.tookMilliseconds.map { Double(forecast - $0) / 1_000 }
        }
        traceHash = report.traceHash
        findings = report.findings.map {
            Finding(
                check: $0.check.rawValue, atSeconds: Double($0.atMilliseconds) / 1_000,
                text: $0.text)
        }
    }
}
