/// The tokens of a day: of one endpoint, or shared by all of a provider's.
///
/// Source: the provider's page, "150,000 products/day shared across both endpoints", "The daily counter
/// resets at 00:00 UTC", and `dailyTokensLeft` and `msBeforeNextDailyToken` of its replies, which take
/// precedence over our own calculation.
package struct DailyPool: Hashable, Sendable {
    package var allowanceTokens: Int
    /// The endpoint whose calls alone draw from it; nil if all endpoints of the provider share it.
    package var endpoint: String?
    /// Tokens that jobs of schedules leave for others.
    package var floorTokens: Int

    package init(allowanceTokens: Int, endpoint: String? = nil, floorTokens: Int = 0) {
        self.allowanceTokens = allowanceTokens
        self.endpoint = endpoint
        self.floorTokens = floorTokens
    }

    package var isShared: Bool { endpoint == nil }

    /// The tokens in a pool, and how long that number is valid.
    package struct Level: Hashable, Sendable {
        package var tokens: Int
        package var resetsAt: Timestamp

        package init(tokens: Int, resetsAt: Timestamp) {
            self.tokens = tokens
            self.resetsAt = resetsAt
        }
    }

    /// The server's last balance less the tokens spent since; before any balance of this day is known, the
    /// allowance less the day's charges.
    ///
    /// Replies that overlapped may have been settled in another order than the server counted them. A balance
    /// only falls within a day, so the lowest of them is the latest. The charge of a call without a balance
    /// that was still open when those calls began is subtracted as well. Instants are cut to whole
    /// milliseconds, so the order of a start and an end in the same millisecond is unknown: these count as
    /// overlapping.
    ///
    /// - Parameter serverTime: The server's time, if more is known of it than the ledger says.
    package func level(
        _ ledger: Ledger, at now: Timestamp, serverTime: ServerTime? = nil
    ) -> Level {
        guard let latest = latestBalance(ledger, at: now) else {
            let serverTime = serverTime ?? ledger.serverTime
            let dayBegan = dayBegan(ledger, at: now)
            let spent = calls(ledger)
                .filter { $0.countedBy.map { $0 >= dayBegan } ?? true }
                .reduce(0) { $0 + $1.spent }
            return Level(
                tokens: allowanceTokens - spent,
                resetsAt: Self.foretelling(ledger, at: now)?.dailyResetAt
                    ?? serverTime.nextMidnight(after: now))
        }
        let base =
            balances(ledger, at: now)
            .filter { $0.settledAt! >= latest.clampedStart }
            .min { ($0.dailyRemaining!, $0.id) < ($1.dailyRemaining!, $1.id) } ?? latest
        let included = max(base.clampedStart, latest.clampedStart)
        let spent = calls(ledger)
            .filter { entry in
                guard let countedBy = entry.countedBy else { return true }
                return !isBalance(entry) && countedBy >= included
            }
            .reduce(0) { $0 + $1.spent }
        return Level(tokens: base.dailyRemaining! - spent, resetsAt: base.dailyResetAt!)
    }

    /// The earliest instant from which a lane must know the calls that the server may have counted, to
    /// calculate the level at `now` from the last balance of each endpoint.
    package func horizon(_ balances: Ledger, at now: Timestamp) -> Timestamp {
        latestBalance(balances, at: now)?.clampedStart ?? dayBegan(balances, at: now)
    }

    /// The calls that draw from it.
    func calls(_ ledger: Ledger) -> some Sequence<LedgerEntry> {
        ledger.entries.lazy.filter { entry in endpoint.map { $0 == entry.endpoint } ?? true }
    }

    /// Whether the entry has a balance of this pool.
    func isBalance(_ entry: LedgerEntry) -> Bool {
        entry.dailyRemaining != nil && entry.dailyPool == endpoint
    }

    private func balances(_ ledger: Ledger, at now: Timestamp) -> some Sequence<LedgerEntry> {
        ledger.entries.lazy.filter { entry in
            entry.settledAt != nil && isBalance(entry)
                && entry.dailyResetAt.map { $0 > now } ?? false
        }
    }

    private func latestBalance(_ ledger: Ledger, at now: Timestamp) -> LedgerEntry? {
        balances(ledger, at: now).max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
    }

    /// The last balance of any of the provider's pools that predicts the next reset: the provider refills all
    /// pools together.
    private static func foretelling(_ ledger: Ledger, at now: Timestamp) -> LedgerEntry? {
        ledger.entries.filter { $0.settledAt != nil && ($0.dailyResetAt.map { $0 > now } ?? false) }
            .max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
    }

    /// A day before the earliest reset that the last reply may mean, because its way took time, or a little
    /// earlier: one call too many in the day is safer than one too few. Without such a reply, the last reset
    /// that replies of this pool predicted, or the day's midnight by the server's clock, whichever is later.
    /// If the server rounds the reset to seconds, each reply gives another instant of that second: the first
    /// one counts, so that no later call is left out.
    private func dayBegan(_ ledger: Ledger, at now: Timestamp) -> Timestamp {
        if let reset = Self.foretelling(ledger, at: now)?.dailyResetEarliestAt {
            return reset - .day - .seconds(5)
        }
        let resets = ledger.entries
            .filter { entry in
                isBalance(entry) && entry.dailyResetAt.map { $0 <= now } ?? false
            }
            .compactMap(\.dailyResetEarliestAt)
        let midnight = ledger.serverTime.startOfDay(at: now)
        guard let last = resets.max() else { return midnight }
        let first = resets.filter { last - $0 < .minute }.min() ?? last
        return max(first, midnight)
    }
}
