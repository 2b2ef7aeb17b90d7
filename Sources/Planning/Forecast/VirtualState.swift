/// Everything except the waiting jobs that the planner's decisions depend on, at a reset: two days that begin
/// in the same state proceed in the same way.
struct VirtualState: Equatable {
    /// Instants and numbers in a fixed order, the instants from the reset on. Those in the past are all
    /// equal.
    private let values: [Int64]
    /// Tokens that each limit has, by lane.
    private let available: [Int]

    init(_ run: ForecastRun, at reset: Timestamp) {
        var values: [Int64] = []
        func note(_ instant: Timestamp?, atLeast least: Duration = .zero) {
            values.append(instant.map { max($0 - reset, least).milliseconds } ?? .min)
        }
        for pool in run.pools { note(pool.resetsAt) }
        for lane in run.lanes {
            for open in lane.opens {
                values.append(Int64(open.entry.slot))
                note(open.finish)
            }
            // Instants after the next day make no difference to it.
            note(lane.looksAt.map { min($0, reset + .day) })
        }
        for ledger in run.ledgers {
            for entry in ledger.entries {
                let isBalanceInForce = entry.dailyResetAt.map { $0 > reset } ?? false
                note(entry.settledAt, atLeast: .zero - run.windowMax)
                note(entry.retryAt)
                note(entry.fullAt)
                values.append(Int64(entry.spent))
                values.append(isBalanceInForce ? Int64(entry.dailyRemaining ?? -1) : -1)
            }
        }
        self.values = values
        available = run.lanes.flatMap { lane in
            let ledger = run.ledgers[lane.account]
            return lane.endpoint.limits.map { limit in
                switch limit {
                case .slidingWindow(let window):
                    window.available(window.calls(ledger, at: lane.endpoint.name), at: reset)
                case .tokenBucket(let bucket):
                    bucket.available(fullAt: ledger.fullAt(at: lane.endpoint.name), at: reset)
                }
            }
        }
    }

    /// Whether no limit is fuller or emptier by more than `tokens`.
    func isNear(_ other: VirtualState, within tokens: Int) -> Bool {
        zip(available, other.available).allSatisfy { abs($0 - $1) <= tokens }
    }
}
