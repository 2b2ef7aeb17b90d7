/// Kinds of trouble that a simulated run may meet. Each seed switches whole kinds on or off, so that
/// every subset of them comes up sooner or later.
package enum FaultKind: String, CaseIterable, Sendable, Comparable {
    /// Replies take seconds or minutes rather than milliseconds.
    case latency
    /// Calls are charged and their reply never comes.
    case lost
    /// 500s and gateways' pages, now and then.
    case errors
    /// The server is away for hours.
    case outage
    /// Products that spoil every batch they are in: a 500, or a 400.
    case poison
    /// Products that the reply has no item for.
    case absent
    /// Charged replies that cannot be read, and items that nobody asked for.
    case unreadable
    /// Another client spends from the same key.
    case rival
    /// Balances that are not true.
    case balance
    /// The daemon's wall clock is set, and drifts.
    case clock
    /// The daemon is killed: between its transactions, and inside them.
    case kill
    /// Commits fail: a full disk.
    case commit
    /// A second daemon works on the same database, because the lock failed.
    case daemons

    package static func < (left: FaultKind, right: FaultKind) -> Bool {
        left.rawValue < right.rawValue
    }
}
