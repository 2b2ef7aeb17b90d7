package import Providers
package import Sandbox

/// An account in a run: what the daemon works with, and the model of the server as it treats this account.
package struct SimulatedAccount: Sendable {
    /// The most that may reach a server. The check counts products and tokens by itself, without a limiter.
    package struct Door: Sendable {
        /// In the order of the endpoints.
        package var productsPerMinute: [Int]
        package var tokensPerDay: Int

        package init(productsPerMinute: [Int], tokensPerDay: Int) {
            self.productsPerMinute = productsPerMinute
            self.tokensPerDay = tokensPerDay
        }
    }

    /// Its base URL is the server's root.
    let account: ProviderAccount
    /// The server as it is at the start.
    let server: any SandboxModel
    /// The random stream of its calls' latencies. Each account has its own, so that another account in the
    /// run does not change them.
    let latencyStream: String
    /// What its limits allow, calculated without the planner, in the order of the endpoints.
    let bound: LowerBound
    /// How long after 00:00 UTC its day begins.
    let dayBeginsMilliseconds: Int64
    /// Tokens a minute that another client takes from its day while faults last; nil for the faults' own rate.
    let rivalTokensPerMinute: Int?
    /// Whether another client also uses its burst limits, which are then lower than the daemon knows.
    let isNarrowed: Bool
    /// nil if only the server's own counts are checked.
    let door: Door?

    package init(
        account: ProviderAccount, server: any SandboxModel, latencyStream: String,
        bound: LowerBound, dayBeginsMilliseconds: Int64 = 0, rivalTokensPerMinute: Int? = nil,
        isNarrowed: Bool = false, door: Door? = nil
    ) {
        self.account = account
        self.server = server
        self.latencyStream = latencyStream
        self.bound = bound
        self.dayBeginsMilliseconds = dayBeginsMilliseconds
        self.rivalTokensPerMinute = rivalTokensPerMinute
        self.isNarrowed = isNarrowed
        self.door = door
    }

    /// Whether its documentation says when a day begins. If not, no check requires the daemon to know it.
    var tellsDay: Bool { server.dayTokensLeft(atMilliseconds: 0) != nil }
}

/// How a provider takes part in simulated runs.
package struct SimulationSource: Sendable {
    /// The texts of a backlog at one of its endpoints, and how many pages each has at most.
    package typealias Texts = (texts: [String], pages: Int)

    /// Its accounts in a run; none if the run has no work for it. At least one is shared.
    let accounts: @Sendable (SimulationDraw) -> [SimulatedAccount]
    /// Adds its own work to the seed's, which is ASINs at the first provider's endpoints.
    let addWork: @Sendable (SimulationDraw, inout Workload) -> Void
    /// The work of a backlog with N products; nil for numbered ASINs.
    let backlogTexts: @Sendable (_ endpoint: EndpointDefinition, _ count: Int) -> Texts?

    package init(
        accounts: @escaping @Sendable (SimulationDraw) -> [SimulatedAccount],
        addWork: @escaping @Sendable (SimulationDraw, inout Workload) -> Void = { _, _ in },
        backlogTexts: @escaping @Sendable (_ endpoint: EndpointDefinition, _ count: Int) -> Texts? =
            { _, _ in nil }
    ) {
        self.accounts = accounts
        self.addWork = addWork
        self.backlogTexts = backlogTexts
    }
}

/// The parts of a run that are decided before its providers.
package struct SimulationDraw: Sendable {
    package let seed: UInt64
    package let days: Int
    package let faults: Set<FaultKind>
    package let startMicroseconds: Int64
    package let profile: LimitProfile
    package let countsTens: Bool
    /// Accounts of each provider.
    package let accounts: Int
    /// In place of the seed's own work.
    package let backlog: SimulatedBacklog?
}
