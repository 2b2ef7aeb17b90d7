internal import Planning
internal import Providers
internal import Sandbox

/// A provider in a run, from both sides: what the daemon is told of it, and what its server does.
struct SimulatedProvider: Sendable {
    /// What comes to a server's door at most, by a count of products and tokens that knows no limiter.
    struct Door: Sendable {
        /// In the order of the endpoints.
        var productsPerMinute: [Int]
        var tokensPerDay: Int
    }

    /// Its base URL is the server's root.
    var account: ProviderAccount
    /// The server as it is at the start.
    var server: any SandboxModel
    /// The name of the dice that decide how long its calls take: they are its own, so that a provider more
    /// leaves those of the others as they are.
    var latencyStream: String
    /// What its limits let pass, apart from the planner, in the order of the endpoints.
    var bound: LowerBound
    /// How much later than 00:00 UTC its day begins.
    var dayBeginsMilliseconds: Int64 = 0
    /// What another client takes from its day in a minute while trouble lasts; nil: as the trouble says.
    var rivalTokensPerMinute: Int?
    /// Whether another client also takes from its bursts, so that they are narrower than the daemon knows.
    var isNarrowed = false
    /// nil where the server's own counts are all there is to check by.
    var door: Door?

    /// What the server's pages do not say, nobody can be held to: here, when its day begins.
    var tellsDay: Bool { server.dayTokensLeft(atMilliseconds: 0) != nil }
}

/// What a provider brings to simulated runs.
package struct SimulationSource: Sendable {
    /// Its sides in a run; nil where the run has no work for it.
    let provider: @Sendable (SimulationDraw) -> SimulatedProvider?
    /// Adds work of its own to that of a seed, which is ASINs at the first provider's endpoints.
    var addWork: @Sendable (SimulationDraw, inout Workload) -> Void = { _, _ in }
}

/// What is decided of a run before its providers are.
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
