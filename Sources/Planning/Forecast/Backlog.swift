/// The waiting jobs at the endpoints of one provider, as counts: all that a forecast reads, however many jobs
/// there are. A job that may take several pages counts as several jobs here, because each page is a call.
package struct Backlog: Equatable, Sendable {
    /// When it was counted.
    package var at: Timestamp
    /// By account. An account without a ledger has made no call.
    package var ledgers: [String: Ledger]
    /// One for each endpoint of each account, in the provider's order.
    package var lanes: [LaneCondition]
    package var queues: [QueueBacklog]
    /// How many labels of waiting jobs have no group in a queue, because there are too many.
    package var labelsLeftOut: Int

    package init(
        at: Timestamp, ledgers: [String: Ledger] = [:], lanes: [LaneCondition],
        queues: [QueueBacklog], labelsLeftOut: Int = 0
    ) {
        self.at = at
        self.ledgers = ledgers
        self.lanes = lanes
        self.queues = queues
        self.labelsLeftOut = labelsLeftOut
    }

    /// The jobs of an endpoint that name no account.
    package subscript(endpoint: String) -> QueueBacklog? {
        get { self[endpoint, account: nil] }
        set { self[endpoint, account: nil] = newValue }
    }

    package subscript(endpoint: String, account account: String?) -> QueueBacklog? {
        get { queues.first { $0.endpoint == endpoint && $0.account == account } }
        set {
            guard let newValue,
                let index = queues.firstIndex(where: {
                    $0.endpoint == endpoint && $0.account == account
                })
            else { return }
            queues[index] = newValue
        }
    }
}

/// What keeps the lanes of an endpoint of one account from calling, beyond the queue and the ledger.
package struct LaneCondition: Equatable, Sendable {
    package var endpoint: Endpoint
    package var isPaused: Bool
    /// As in `Snapshot`.
    package var resumedAfter: Int64
    package var standstill: Standstill?

    package init(
        endpoint: Endpoint, isPaused: Bool = false, resumedAfter: Int64 = 0,
        standstill: Standstill? = nil
    ) {
        self.endpoint = endpoint
        self.isPaused = isPaused
        self.resumedAfter = resumedAfter
        self.standstill = standstill
    }
}

/// Why jobs at an endpoint never finish by themselves. The raw values are part of `plan --json`.
package enum Standstill: String, Equatable, Sendable {
    case paused
    case halted
    /// There is no key for the provider, or no plan that needs none.
    case noAccount = "no_account"
    /// Jobs name an account that the daemon does not work.
    case missingAccount = "missing_account"
    /// No call can be recorded.
    case diskFull = "disk_full"

    init?(_ hold: Hold) {
        switch hold {
        case .paused: self = .paused
        case .halted: self = .halted
        default: return nil
        }
    }
}
