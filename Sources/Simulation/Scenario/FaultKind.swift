/// Kinds of faults in a simulated run. Each seed switches whole kinds on or off, so that every subset of them
/// occurs sooner or later.
package enum FaultKind: String, CaseIterable, Sendable, Comparable {
    /// Replies take seconds or minutes rather than milliseconds.
    case latency
    /// Calls are charged and their reply never comes.
    case lost
    /// Occasional 500s and gateways' pages.
    case errors
    /// The server is away for hours.
    case outage
    /// Products that spoil every batch that contains them: a 500, or a 400.
    case poison
    /// Products without an item in the reply.
    case absent
    /// Charged replies that cannot be read, and items that were not requested.
    case unreadable
    /// Another client uses the same key.
    case rival
    /// Balances that are wrong.
    case balance
    /// The daemon's wall clock is set, and drifts.
    case clock
    /// The daemon is killed: between its transactions, and inside them.
    case kill
    /// Commits fail: a full disk.
    case commit
    /// A second daemon works on the same database, because the lock failed.
    case daemons
    /// The server rejects every call with a 400, as during an upgrade.
    case rejects

    package static func < (left: FaultKind, right: FaultKind) -> Bool {
        left.rawValue < right.rawValue
    }

    /// Its description, in one line.
    package var summary: String {
        switch self {
        case .latency: "calls take seconds or minutes"
        case .lost: "calls are charged, and their replies never come"
        case .errors: "500 responses, and HTML pages from a gateway"
        case .outage: "the server is down for minutes or hours"
        case .poison: "products that make every batch fail"
        case .absent: "products without an item in the reply"
        case .unreadable: "unreadable replies, and items that were not requested"
        case .rival: "another client spends from the same key"
        case .balance: "wrong balances"
        case .clock: "the wall clock is set forward and back, and drifts"
        case .kill: "the daemon is killed, between its transactions and inside them"
        case .commit: "the disk is full for a while"
        case .daemons: "a second daemon works on the same database"
        case .rejects: "the server rejects every call for minutes or hours"
        }
    }
}
