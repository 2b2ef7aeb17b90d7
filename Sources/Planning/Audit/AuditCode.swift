/// What an audit can find. The raw values are part of `audit --json`.
package enum AuditCode: String, CaseIterable, Sendable {
    // Calls that a rule should have held back.
    case overWindow = "over_window"
    case overBucket = "over_bucket"
    case overPool = "over_pool"
    case overBatch = "over_batch"
    /// A call left although the server had said not before a later instant.
    case beforeRetry = "before_retry"
    /// Two calls were open in one slot, or more at an endpoint than the account may have in flight.
    case overlappingCalls = "overlapping_calls"

    // The contents of a call's entry.
    case wrongReservation = "wrong_reservation"
    case wrongCharge = "wrong_charge"
    case wrongFullAt = "wrong_full_at"
    case wrongDrift = "wrong_drift"
    case impossibleValue = "impossible_value"
    case unknownEndpoint = "unknown_endpoint"
    case missingEntries = "missing_entries"

    // Jobs and results compared with their calls.
    case strayJob = "stray_job"
    case idleCall = "idle_call"
    case wrongEnding = "wrong_ending"
    case missingResult = "missing_result"
    case wrongResult = "wrong_result"

    /// The tally's sums by hour differ from the ledger's calls.
    case wrongTally = "wrong_tally"

    // Explained.
    case anotherClient = "another_client"
    case lostReply = "lost_reply"
    case unexplainedBalance = "unexplained_balance"
    case refused
    case clockSetBack = "clock_set_back"
    case leftOpen = "left_open"

    package enum Severity: String, Sendable {
        /// A rule was broken.
        case problem
        /// Explained, and not an error.
        case note
    }

    package var severity: Severity {
        switch self {
        case .anotherClient, .lostReply, .unexplainedBalance, .refused, .clockSetBack, .leftOpen:
            .note
        default: .problem
        }
    }

    /// Whether the code depends on a limit, which may have been another one before the first that is known.
    package var isAboutLimit: Bool {
        switch self {
        case .overWindow, .overBucket, .overPool, .overBatch, .wrongFullAt: true
        default: false
        }
    }
}
