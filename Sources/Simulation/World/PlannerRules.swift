package import Planning

/// The decisions of a run: the planner's and the lane machine's own or, to show that the checkers can fail,
/// mutations of them.
package struct PlannerRules: Sendable {
    package var decide: @Sendable (Snapshot, Timestamp) -> Decision<CallPlan> = Planner.decide
    package var resolve:
        @Sendable (DatedOutcome, LedgerEntry, [Job], Endpoint, Ledger, Timestamp) -> Settlement = {
            Planner.resolve($0, of: $1, jobs: $2, endpoint: $3, ledger: $4, at: $5)
        }
    /// How many products of schedules may be enqueued.
    package var standingRoom: @Sendable (StandingSnapshot, Timestamp) -> StandingRoom = {
        Planner.standingRoom($0, at: $1)
    }
    package var handle:
        @Sendable (inout LaneMachine, LaneMachine.Event, Timestamp) -> LaneMachine.Action? = {
            $0.handle($1, at: $2)
        }
    /// The instant that a claim gets, given the wall clock's.
    package var claimInstant: @Sendable (Timestamp) -> Timestamp = { $0 }
    /// Called before each claim with the path of the database.
    package var beforeClaim: @Sendable (String) -> Void = { _ in }
    /// Called before each settlement with the call's id and the path of the database.
    package var beforeSettle: @Sendable (Int64, String) -> Void = { _, _ in }
    /// What a host of a server makes of the ledger, given the open calls that it made itself.
    package var seen: @Sendable (Snapshot, _ own: Set<Int64>) -> Snapshot = { snapshot, _ in
        snapshot
    }
    /// What a host adds to its clock, given the server's clock less its own.
    package var serverOffset: @Sendable (Duration) -> Duration = { $0 }
    /// Called before a start settles lost calls, with the path of the database.
    package var beforeRecover: @Sendable (String) -> Void = { _ in }
    /// What is stored of a reply that came after its call was settled as lost.
    package var lateItems: @Sendable ([String: Item]) -> [String: Item] = { $0 }
    /// Whether a request is still sent when this time has passed since its claim.
    package var sends: @Sendable (Duration, Endpoint) -> Bool = { $0 <= $1.sendsWithin }
    /// Whether a start settles the calls that were left open.
    package var recovers = true

    package init() {}
}
