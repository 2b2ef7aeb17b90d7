/// What a run must hold, by name.
package enum Check: String, CaseIterable, Sendable {
    /// An honest server that nobody else uses refuses no call.
    case refusals
    /// What is asked for in any minute and on any day stays within the limits, by a count at the
    /// server's door.
    case limits
    /// No call leaves before the wait of an earlier refusal is over.
    case early
    /// Of one client no two calls are under way at once, and none makes a block longer.
    case manners
    /// No job is in two open calls.
    case twoCalls = "two_calls"
    /// No job is lost.
    case lost
    /// None is asked again once it was answered.
    case doneTwice = "done_twice"
    /// Each ledger entry is settled exactly once.
    case settledOnce = "settled_once"
    /// Our charges equal the server's where no reply was lost.
    case charges
    /// Nobody is discarded but a product that spoils its calls, or one that failed often enough by itself.
    case discards
    /// A server that rejects every product halts the lane, and no product is given up for it.
    case halts
    /// The audit of the ledger at the end finds no rule broken.
    case audit
    /// Once there is no trouble, refusals end: what is believed of the limits is put right by them.
    case refusalsEnd = "refusals_end"
    /// The queue drains once there is no trouble.
    case drains
    /// A product that always fails runs out of attempts.
    case poison
    /// A backlog is done within what the limits allow and the calls take.
    case bound
}

/// A breach of one of them.
package struct Finding: Equatable, Sendable {
    package var check: Check
    /// Since the run's start.
    package var atMilliseconds: Int64
    package var text: String
}

extension Finding {
    init(_ check: Check, _ text: String, _ run: SimulatedRun) {
        self.init(
            check: check,
            atMilliseconds: (run.time - run.scenario.startMicroseconds) / 1_000, text: text)
    }
}
