/// What an audit reads of a ledger entry: its products are only counted.
package struct LedgerRecord: Equatable, Sendable {
    package var entry: LedgerEntry
    package var products: Int
    package var driftTokens: Int?
    /// Whether the status is a gateway's refusal (`CallOutcome.intercepted`).
    package var isIntercepted: Bool

    package init(
        entry: LedgerEntry, products: Int, driftTokens: Int? = nil, isIntercepted: Bool = false
    ) {
        self.entry = entry
        self.products = products
        self.driftTokens = driftTokens
        self.isIntercepted = isIntercepted
    }

    /// Far more tokens than any limit has, and few enough that sums cannot overflow.
    private static let tokens = 0...1_000_000_000
    /// 1970 to 9999.
    private static let instants =
        Timestamp(milliseconds: 0)...Timestamp.latest

    /// Whether the audit can calculate with its values. The table accepts others from a program that violates
    /// the contract.
    var isPossible: Bool {
        let tokens = [entry.reserved, entry.charged, entry.dailyRemaining].compactMap(\.self)
        let instants = [
            entry.startedAt, entry.leaseUntil, entry.settledAt, entry.dailyResetAt, entry.retryAt,
            entry.fullAt, entry.serverAt, entry.sentAt,
        ].compactMap(\.self)
        let isWhole =
            (entry.settledAt == nil) == (entry.outcome == nil)
            && (entry.settledAt == nil) == (entry.charged == nil)
            && (entry.dailyRemaining == nil) == (entry.dailyResetAt == nil)
            && (entry.dailyPool.map { $0 == entry.endpoint && entry.dailyRemaining != nil } ?? true)
        return entry.id > 0 && isWhole && tokens.allSatisfy(Self.tokens.contains)
            && instants.allSatisfy(Self.instants.contains)
            && Self.tokens.contains(Int(clamping: (driftTokens ?? 0).magnitude))
    }
}
