/// The properties that a run must have, by name.
package enum Check: String, CaseIterable, Sendable {
    /// An honest server without other clients refuses no call.
    case refusals
    /// The requests of any minute and any day stay within the limits, by a count at the server.
    case limits
    /// No call leaves before the wait of an earlier refusal ends.
    case early
    /// A provider that sees one client never gets two concurrent calls from it, and no call extends a block.
    case manners
    /// No job is in two open calls.
    case twoCalls = "two_calls"
    /// No job is lost.
    case lost
    /// No job is sent again after it was answered.
    case doneTwice = "done_twice"
    /// Each ledger entry is settled exactly once.
    case settledOnce = "settled_once"
    /// Our charges equal the server's if no reply was lost.
    case charges
    /// Only a product is discarded that spoils its calls, or that failed often enough by itself.
    case discards
    /// A server that rejects every product halts the account's lane and no other account's, and no product
    /// is discarded for it.
    case halts
    /// Each answer that is stored gets a revision above all that a reader has seen.
    case revisions
    /// A call is settled as lost only when its lease is over, if another host may still get its reply.
    case leases
    /// A reply that comes after that has its results stored.
    case late
    /// A server refuses no transaction: of two hosts, the second one knows what the first one did.
    case failures
    /// The audit of the ledger at the end finds no violation.
    case audit
    /// Jobs of a schedule leave the tokens of the floor, and of waiting jobs, in the server's day.
    case floor
    /// No more jobs of a schedule are open than the calls in flight and one more call for each account.
    case standing
    /// Refusals end once there are no faults: they correct the estimates of the limits.
    case refusalsEnd = "refusals_end"
    /// The queue drains once there are no faults.
    case drains
    /// A product that always fails runs out of attempts.
    case poison
    /// A backlog is done within the time that the limits and the calls take.
    case bound
}

/// A violation of one of them.
package struct RunFinding: Equatable, Sendable {
    package var check: Check
    /// Since the run's start.
    package var atMilliseconds: Int64
    package var text: String
}

extension RunFinding {
    init(_ check: Check, _ text: String, _ run: SimulatedRun) {
        self.init(
            check: check,
            atMilliseconds: (run.time - run.scenario.startMicroseconds) / 1_000, text: text)
    }
}
