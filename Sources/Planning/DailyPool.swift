/// The tokens of a day, shared by the endpoints of a provider.
///
/// Source: the provider's page, "150,000 products/day shared across both endpoints", "The daily
/// counter resets at 00:00 UTC", and `dailyTokensLeft` and `msBeforeNextDailyToken` of its replies,
/// which win over our own reckoning.
package struct DailyPool: Hashable, Sendable {
    package var allowanceTokens: Int

    package init(allowanceTokens: Int) {
        self.allowanceTokens = allowanceTokens
    }

    /// What is in a pool, and until when.
    package struct Level: Hashable, Sendable {
        package var tokens: Int
        package var resetsAt: Timestamp

        package init(tokens: Int, resetsAt: Timestamp) {
            self.tokens = tokens
            self.resetsAt = resetsAt
        }
    }

    /// The server's last balance less what was spent since; before any balance of this day is known,
    /// the allowance less the day's charges.
    ///
    /// Replies that overlapped may have been settled in another order than the server counted them.
    /// A balance only falls within a day, so the lowest of them is the latest. What has no balance of
    /// its own and was not over when those calls began is taken off as well. Instants are cut to whole
    /// milliseconds: of a start and an end in the same one, nobody knows which came first, so these
    /// overlap.
    package func level(_ ledger: Ledger, at now: Timestamp) -> Level {
        guard let latest = Self.latestBalance(ledger, at: now) else {
            let dayBegan = Self.dayBegan(ledger, at: now)
            let spent = ledger.entries.lazy
                .filter { $0.countedBy.map { $0 >= dayBegan } ?? true }
                .reduce(0) { $0 + $1.spent }
            return Level(tokens: allowanceTokens - spent, resetsAt: now.nextMidnight)
        }
        let base =
            Self.balances(ledger, at: now)
            .filter { $0.settledAt! >= latest.leftAt }
            .min { ($0.dailyLeft!, $0.id) < ($1.dailyLeft!, $1.id) } ?? latest
        let included = max(base.leftAt, latest.leftAt)
        let spent = ledger.entries.lazy
            .filter { entry in
                guard let countedBy = entry.countedBy else { return true }
                return entry.dailyLeft == nil && countedBy >= included
            }
            .reduce(0) { $0 + $1.spent }
        return Level(tokens: base.dailyLeft! - spent, resetsAt: base.dailyResetAt!)
    }

    /// From when on calls must be known that the server may have counted, to reckon the level at
    /// `now`, given the last balance of each endpoint.
    package static func horizon(_ balances: Ledger, at now: Timestamp) -> Timestamp {
        latestBalance(balances, at: now)?.leftAt ?? dayBegan(balances, at: now)
    }

    private static func balances(
        _ ledger: Ledger, at now: Timestamp
    ) -> some Sequence<LedgerEntry> {
        ledger.entries.lazy.filter { entry in
            entry.settledAt != nil && entry.dailyLeft != nil
                && entry.dailyResetAt.map { $0 > now } ?? false
        }
    }

    private static func latestBalance(_ ledger: Ledger, at now: Timestamp) -> LedgerEntry? {
        balances(ledger, at: now).max { ($0.settledAt!, $0.id) < ($1.settledAt!, $1.id) }
    }

    /// The last reset that a reply foretold, or the day's midnight, whichever is later.
    private static func dayBegan(_ ledger: Ledger, at now: Timestamp) -> Timestamp {
        ledger.entries.filter { entry in entry.dailyResetAt.map { $0 <= now } ?? false }
            .compactMap(\.dailyResetEarliestAt).max()
            .map { max($0, now.startOfDay) } ?? now.startOfDay
    }
}
