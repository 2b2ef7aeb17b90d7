/// Decides what to do next and what a call's end means, as functions of their arguments alone.
package enum Planner {
    /// The longest that a lane backs off after failures.
    package static let backoffMax = Duration.seconds(300)
    /// Failures of its own after which a job becomes a dead letter.
    package static let attempts = 5
    /// Products rejected alone, with no call answered in between, that halt a lane: a server that
    /// rejects everything (an upgrade, a changed request format) must not empty the queue.
    package static let rejectionsMax = 3
    /// How long a product must have failed alone, at an endpoint that made no other call, before it becomes a
    /// dead letter. An outage is over by then.
    package static let loneFailureMin = Duration.day
    /// The longest hint that the planner accepts: no limit of these providers lasts longer than a day.
    package static let hintMax = Duration.day

    /// `first` after the first call without a usable reply, twice as long after each further one.
    package static func laneBackoff(
        consecutiveFailures: Int, first: Duration = .seconds(1)
    ) -> Duration {
        min(first * (1 << min(max(consecutiveFailures, 1) - 1, 16)), backoffMax)
    }

    /// How much longer than its lane a failed job waits: 5 s, doubled by each failure. Other jobs thus go
    /// before it, and a job that always fails cannot block the lane.
    package static func jobBackoff(failures: Int) -> Duration {
        min(.seconds(5 << min(max(failures, 1) - 1, 16)), backoffMax)
    }
}
