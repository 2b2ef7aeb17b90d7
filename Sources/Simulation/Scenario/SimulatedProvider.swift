internal import Planning
internal import Providers
internal import Sandbox

/// A provider in a run: the account that the daemon works with, and the model of its server.
struct SimulatedProvider: Sendable {
    /// The most that may reach a server. The check counts products and tokens by itself, without a limiter.
    struct Door: Sendable {
        /// In the order of the endpoints.
        var productsPerMinute: [Int]
        var tokensPerDay: Int
    }

    /// Its base URL is the server's root.
    var account: ProviderAccount
    /// The server as it is at the start.
    var server: any SandboxModel
    /// The random stream of its calls' latencies. Each provider has its own, so that another provider in the
    /// run does not change them.
    var latencyStream: String
    /// What its limits allow, calculated without the planner, in the order of the endpoints.
    var bound: LowerBound
    /// How much later than 00:00 UTC its day begins.
    var dayBeginsMilliseconds: Int64 = 0
    /// Tokens a minute that another client takes from its day while faults last; nil for the faults' own rate.
    var rivalTokensPerMinute: Int?
    /// Whether another client also uses its burst limits, which are then lower than the daemon knows.
    var isNarrowed = false
    /// nil if only the server's own counts are checked.
    var door: Door?

    /// Whether its documentation says when a day begins. If not, no check requires the daemon to know it.
    var tellsDay: Bool { server.dayTokensLeft(atMilliseconds: 0) != nil }
}

/// How a provider takes part in simulated runs.
struct SimulationSource: Sendable {
    /// The provider in a run; nil if the run has no work for it.
    let provider: @Sendable (SimulationDraw) -> SimulatedProvider?
    /// Adds its own work to the seed's, which is ASINs at the first provider's endpoints.
    var addWork: @Sendable (SimulationDraw, inout Workload) -> Void = { _, _ in }
}

/// The parts of a run that are decided before its providers.
struct SimulationDraw: Sendable {
    var seed: UInt64
    var days: Int
    var faults: Set<FaultKind>
    var startMicroseconds: Int64
    var profile: LimitProfile
    var countsTens: Bool
    /// In place of the seed's own work.
    var backlog: SimulatedBacklog?
}
