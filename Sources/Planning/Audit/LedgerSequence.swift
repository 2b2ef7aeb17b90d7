/// Checks the order of a ledger's ids and of the instants at which its calls started.
///
/// Ids are consecutive, and a claim that is rolled back returns its id. So a missing id was deleted: by
/// `prune`, which takes the first entries of each endpoint of an account and leaves its last ones, or in
/// violation of the contract. A ledger that was moved from a server has gaps up to its last id there.
struct LedgerSequence {
    enum Step: Equatable {
        case next
        /// Entries are missing before this one.
        case gap
        /// It started before a call with a lower id: the clock was set back.
        case back(earlier: Int64, by: Duration)
    }

    /// Up to this id, ids may be missing without a call.
    private let gapsUpTo: Int64
    private var last: (id: Int64, startedAt: Timestamp)?
    private var lastID: Int64 = 0
    private var seen: Set<[String]> = []
    /// Gaps that no endpoint's first entries explain yet.
    private var gaps = 0
    private var missingIDs: Int64 = 0
    private var firstAfterGap: Int64?

    init(gapsUpTo: Int64) {
        self.gapsUpTo = gapsUpTo
    }

    mutating func take(_ call: LedgerEntry) -> Step {
        let skipped = call.id - lastID - 1
        let missing = call.id - max(lastID, gapsUpTo) - 1
        if missing > 0 {
            gaps += 1
            missingIDs += missing
            firstAfterGap = firstAfterGap ?? call.id
        }
        // The entries pruned before an endpoint's first entry of an account may be its own.
        if seen.insert([call.account, call.endpoint]).inserted {
            (gaps, missingIDs, firstAfterGap) = (0, 0, nil)
        }
        defer {
            lastID = call.id
            last = (call.id, call.startedAt)
        }
        if skipped > 0 { return .gap }
        guard let last, call.startedAt < last.startedAt else { return .next }
        return .back(earlier: last.id, by: last.startedAt - call.startedAt)
    }

    /// Continues after an entry whose values are impossible.
    mutating func pass(_ id: Int64) {
        lastID = max(lastID, id)
        last = nil
    }

    func missing(lastID given: Int64?) -> (callID: Int64?, text: String)? {
        let atEnd = max(0, (given ?? lastID) - max(lastID, gapsUpTo))
        let places = gaps + (atEnd > 0 ? 1 : 0)
        guard places > 0 else { return nil }
        let first = firstAfterGap.map { "the first before call \($0)" } ?? "at the end"
        return (
            firstAfterGap,
            "entries that are missing: \(missingIDs + atEnd), gaps: \(places), \(first)"
        )
    }
}
