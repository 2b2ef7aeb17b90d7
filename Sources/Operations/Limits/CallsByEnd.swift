internal import Planning
internal import Storage

/// An account's calls in the order of their ends, so that the calls around an instant are found without
/// reading all.
struct CallsByEnd {
    /// Settled ones.
    private let settled: [LedgerEntry]
    private let open: [LedgerEntry]
    private let leaseMax: Duration
    /// By endpoint: for each settled call, when the endpoint's bucket was full again by then.
    private var fullAt: [String: [Timestamp?]] = [:]

    init(_ entries: [LedgerEntry], leaseMax: Duration) {
        settled = entries.filter { $0.settledAt != nil }
            .sorted { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
        open = entries.filter { $0.settledAt == nil }
        self.leaseMax = leaseMax
        for name in Set(entries.map(\.endpoint)) {
            var last: Timestamp?
            fullAt[name] = settled.map { entry in
                if entry.endpoint == name, let full = entry.fullAt {
                    last = max(last ?? full, full)
                }
                return last
            }
        }
    }

    /// The instants at which a limit's level may be the least: calls lower a window when they start, and a
    /// bucket when they end. In order, with `end`; evenly chosen where there are more than `most`.
    func lowPoints(
        of limit: RateLimit, at endpoint: String, from start: Timestamp, to end: Timestamp,
        max most: Int
    ) -> [Timestamp] {
        let all: [Timestamp] =
            switch limit {
            case .slidingWindow(let window):
                (settled + open).filter { window.isShared || $0.endpoint == endpoint }
                    .map(\.startedAt)
            case .tokenBucket:
                settled.filter { $0.endpoint == endpoint }.compactMap(\.settledAt)
            }
        return Self.spread(all.filter { $0 > start && $0 < end }, max: most) + [end]
    }

    private static func spread(_ all: [Timestamp], max most: Int) -> [Timestamp] {
        let sorted = Set(all).sorted()
        guard sorted.count > most else { return sorted }
        return (0..<most).map { sorted[$0 * sorted.count / most] }
    }

    /// The calls that the ledger had at an instant, back to `period` before it; nil: as far as they reach.
    func calls(at instant: Timestamp, over period: Duration? = nil) -> some Sequence<LedgerEntry> {
        let first =
            period.map { index(of: instant - $0 - leaseMax - .seconds(1)) } ?? settled.startIndex
        // A call that is settled later than a lease after the instant started after it.
        let last = index(of: instant + leaseMax)
        return (settled[min(first, last)..<last] + open).lazy
            .filter { $0.startedAt <= instant }.map { $0.asKnown(at: instant) }
    }

    func fullAt(_ endpoint: String, at instant: Timestamp) -> Timestamp? {
        let past = index(of: instant + .milliseconds(1))
        return past > 0 ? fullAt[endpoint]?[past - 1] : nil
    }

    /// The first settled call that ended at the instant or later.
    private func index(of instant: Timestamp) -> Int {
        var (low, high) = (settled.startIndex, settled.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if settled[middle].settledAt! < instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
