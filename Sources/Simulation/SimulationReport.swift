internal import Planning
internal import Providers
internal import Sandbox

/// The result of a run.
package struct SimulationReport: Equatable, Sendable {
    package var seed: UInt64
    package var days: Int
    package var faults: [FaultKind]
    package var figures: String
    package var isOnFile: Bool
    /// Accounts of the provider that has most.
    package var accounts: Int
    package var calls: Int
    package var refused: Int
    /// In the order of the providers' endpoints, over all accounts, without those that made no call.
    package var endpoints: [EndpointCalls]
    package var jobs: Int
    package var jobsLost: Int
    package var kills: Int
    package var makespanMilliseconds: Int64
    package var boundMilliseconds: Int64
    package var traceHash: String
    package var findings: [RunFinding]
    /// Virtual time from the start to the end of everything.
    package var simulatedMilliseconds: Int64
    /// When all of the work was added: the forecast time from then on, and the actual time; nil if nothing
    /// waited then.
    package var forecastMilliseconds: Int64?
    package var tookMilliseconds: Int64?
    /// Whether the bound applies to the planner: all of the work was there at the start, and there were no
    /// faults.
    package var isHeldToBound: Bool

    package struct EndpointCalls: Equatable, Sendable {
        package var endpoint: String
        package var calls: Int
        package var refused: Int
        /// By the server's count.
        package var tokens: Int
        package var provider: String
    }

    /// The relative error of the forecast; nil if there was no forecast, or if the rest took less than a
    /// minute.
    package var forecastError: Double? {
        guard let forecastMilliseconds, let tookMilliseconds, tookMilliseconds >= 60_000
        else { return nil }
        return Double(abs(forecastMilliseconds - tookMilliseconds)) / Double(tookMilliseconds)
    }

    /// The actual time divided by the bound; nil if the bound is zero.
    package var makespanRatio: Double? {
        boundMilliseconds > 0 ? Double(makespanMilliseconds) / Double(boundMilliseconds) : nil
    }
}

extension SimulationReport {
    init(_ run: SimulatedRun, traceHash: String) {
        let forecast = run.book.forecast
        let accounts = run.scenario.accountsByProvider
        let endpoints = accounts.flatMap { $0[0].account.endpoints }.map { endpoint in
            let calls = run.calls.filter {
                run.endpoints[$0.lane.endpoint].name == endpoint.name
            }
            return EndpointCalls(
                endpoint: endpoint.name, calls: calls.count,
                refused: calls.count { $0.serverStatus == 429 },
                tokens: calls.reduce(0) { $0 + $1.serverTokens }, provider: endpoint.provider)
        }
        self.init(
            seed: run.seed, days: run.days, faults: run.scenario.faults.sorted(),
            figures: run.scenario.figures.name, isOnFile: run.scenario.isOnFile,
            accounts: accounts.map(\.count).max() ?? 0, calls: run.calls.count,
            refused: run.safety.refusedCalls,
            endpoints: endpoints.filter { $0.calls > 0 }, jobs: run.book.addedJobs,
            jobsLost: run.safety.jobsLost, kills: run.book.kills,
            makespanMilliseconds: run.makespanMilliseconds,
            boundMilliseconds: RunBound(run).milliseconds, traceHash: traceHash,
            findings: run.safety.findings + run.liveness.findings,
            simulatedMilliseconds: (run.time - run.scenario.startMicroseconds) / 1_000,
            forecastMilliseconds: forecast?.milliseconds,
            tookMilliseconds: forecast.map {
                (run.book.lastFinishedMicroseconds - $0.atMicroseconds) / 1_000
            },
            isHeldToBound: RunBound.isDue(run))
    }
}
