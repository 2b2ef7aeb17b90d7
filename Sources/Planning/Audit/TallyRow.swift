/// Sums of settled calls, in the tally's columns.
package struct TallySums: Equatable, Sendable {
    package var calls: Int
    package var products: Int
    package var tokens: Int
    package var driftUp: Int
    package var driftDown: Int
    package var durationMilliseconds: Int
    /// Calls that took at most as long as each of `bounds`.
    package var within: SIMD8<Int>

    /// In milliseconds, in the order of the tally's columns.
    package static let bounds = SIMD8(100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000)

    package init(
        calls: Int, products: Int, tokens: Int, driftUp: Int, driftDown: Int,
        durationMilliseconds: Int, within: SIMD8<Int>
    ) {
        self.calls = calls
        self.products = products
        self.tokens = tokens
        self.driftUp = driftUp
        self.driftDown = driftDown
        self.durationMilliseconds = durationMilliseconds
        self.within = within
    }
}

/// A row of the tally: the calls of an endpoint of an account that ended with one outcome within one hour.
package struct TallyRow: Equatable, Sendable {
    package var account: String
    package var endpoint: String
    /// Hours since 1970.
    package var hour: Int64
    package var outcome: String
    package var sums: TallySums

    package init(
        account: String, endpoint: String, hour: Int64, outcome: String, sums: TallySums
    ) {
        self.account = account
        self.endpoint = endpoint
        self.hour = hour
        self.outcome = outcome
        self.sums = sums
    }
}

extension TallySums {
    static let none = TallySums(
        calls: 0, products: 0, tokens: 0, driftUp: 0, driftDown: 0, durationMilliseconds: 0,
        within: .zero)

    /// One call that was settled at `settledAt`.
    init(_ record: LedgerRecord, settledAt: Timestamp) {
        let milliseconds = Int((settledAt - record.entry.startedAt).milliseconds)
        let drift = record.driftTokens ?? 0
        self.init(
            calls: 1, products: record.products, tokens: record.entry.charged ?? 0,
            driftUp: max(0, drift), driftDown: max(0, -drift),
            durationMilliseconds: max(0, milliseconds),
            within: SIMD8<Int>.zero.replacing(
                with: 1, where: SIMD8(repeating: milliseconds) .<= Self.bounds))
    }

    /// A table may hold any number, so sums wrap around.
    static func &+= (left: inout TallySums, right: TallySums) {
        left.calls &+= right.calls
        left.products &+= right.products
        left.tokens &+= right.tokens
        left.driftUp &+= right.driftUp
        left.driftDown &+= right.driftDown
        left.durationMilliseconds &+= right.durationMilliseconds
        left.within &+= right.within
    }

    static func &-= (left: inout TallySums, right: TallySums) {
        left.calls &-= right.calls
        left.products &-= right.products
        left.tokens &-= right.tokens
        left.driftUp &-= right.driftUp
        left.driftDown &-= right.driftDown
        left.durationMilliseconds &-= right.durationMilliseconds
        left.within &-= right.within
    }

    /// The sums that stay the same when the clock is set back, by the names of the tally's columns.
    var lasting: [(name: String, count: Int)] {
        [
            ("calls", calls), ("products", products), ("tokens", tokens), ("drift_up", driftUp),
            ("drift_down", driftDown),
        ]
    }
}
