package import Planning

/// The condition of a job, in the words of `status`. Jobs of a paused or halted lane stay `ready` here.
package enum JobState: String, CaseIterable, Sendable, Codable {
    case ready, later, paused, running, completed, discarded, cancelled

    /// The value of the column.
    var column: String {
        switch self {
        case .ready, .later, .paused: "available"
        case .running, .completed, .discarded, .cancelled: rawValue
        }
    }

    /// The times of waiting jobs in this state; nil for others.
    package func notBefore(at now: Timestamp) -> ClosedRange<Timestamp>? {
        let paused = Store.pausedUntil
        let lastLater = paused - .milliseconds(1)
        let due = min(now, lastLater)
        return switch self {
        case .ready: min(due, Timestamp(milliseconds: 0))...due
        case .later: min(due + .milliseconds(1), lastLater)...lastLater
        case .paused: paused...paused
        case .running, .completed, .discarded, .cancelled: nil
        }
    }

    package var isWaiting: Bool { self == .ready || self == .later || self == .paused }
    package var isOpen: Bool { isWaiting || self == .running }

    var isFinished: Bool { !isOpen }

    init?(column: String, notBefore: Timestamp, at now: Timestamp) {
        guard column == "available" else {
            self.init(rawValue: column)
            return
        }
        self = notBefore == Store.pausedUntil ? .paused : notBefore > now ? .later : .ready
    }
}

/// Jobs that match all given parts.
package struct JobFilter: Equatable, Sendable {
    package var endpoint: String?
    /// The account that the jobs name.
    package var account: String?
    package var state: JobState?
    package var label: String?
    package var product: String?

    package init(
        endpoint: String? = nil, account: String? = nil, state: JobState? = nil,
        label: String? = nil, product: String? = nil
    ) {
        self.endpoint = endpoint
        self.account = account
        self.state = state
        self.label = label
        self.product = product
    }

    /// Whether its list is in the order in which jobs finished, instead of that of their ids.
    package var isByEnd: Bool { label == nil && state?.isFinished == true }
}
