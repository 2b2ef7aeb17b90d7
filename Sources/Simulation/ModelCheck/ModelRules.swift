package import Planning

/// What is checked: the planner's functions, and the store's guard and filters. Others can be put in their
/// place, to see that the check finds out.
package struct ModelRules: Sendable {
    package typealias Resolve =
        @Sendable (DatedOutcome, LedgerEntry, [Job], Endpoint, Ledger, Timestamp) -> Settlement

    package var decide: @Sendable (Snapshot, Timestamp) -> Decision<CallPlan> = {
        Planner.decide($0, at: $1)
    }
    package var resolve: Resolve = {
        Planner.resolve($0, of: $1, jobs: $2, endpoint: $3, ledger: $4, at: $5)
    }
    /// Whether an entry of the ledger is shown to the decisions about an endpoint.
    package var isSeen: @Sendable (LedgerEntry, Endpoint) -> Bool = { $0.account == $1.account }
    /// The accounts whose jobs an endpoint's lanes take.
    package var jobAccounts: @Sendable (Endpoint) -> [String?] = { $0.jobAccounts }
    /// Whether a settlement may be written to this entry.
    package var maySettle: @Sendable (LedgerEntry) -> Bool = { $0.settledAt == nil }
    /// Whether the server refuses what its limits cannot pay for. One that does not shows by how much
    /// they were overdrawn.
    package var serverRefuses = true

    package init() {}
}
