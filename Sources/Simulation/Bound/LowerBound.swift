/// The least time in which any schedule, with calls that take no time, can have given numbers of products
/// counted: from the limits alone, independently of the planner.
///
/// Instants are whole milliseconds; at the start every limit is full. Suppose some schedule has all `n(e)`
/// products of each endpoint `e` counted from the start to `T` milliseconds later, both included. Choose any
/// of the days of this span, or none, any set `S` of endpoints, and any part of it, `P`, to be examined
/// together.
///
/// - On the days that are not chosen, take runs of consecutive days. If the span covers `R` milliseconds of a
///   run, `e` passed at most `most(e, R)` products in it, by each of its own limits, and all endpoints
///   together at most `shared(R)` units, by each limit that they share.
/// - So at least the rest was counted on the chosen days. For an `e` in `S` but not in `P` that is `r(e) =
///   n(e) - sum over runs of most(e, R)` if positive, which cost there, in any calls, at least `r(e)` rounded
///   up to the tariff's step. For `P` it is the least number of units of its `n(e)`, less the sum over runs
///   of `shared(R)`, and a unit costs a token or more.
/// - On a day `S` spends no more than the own tokens of some of its endpoints and the shared tokens for the
///   rest, for every such division; and a multiple of the greatest common divisor of their steps.
///
/// So, for every choice of days, every `S` and every `P`, the first sum is no more than the tokens of the
/// chosen days. (With no day chosen this says that the limits admit the products. It is the condition of a
/// flow through the network of days and endpoints; a choice is one of its cuts.)
///
/// The bound is the least `T` that no choice contradicts. The number that the limits admit only grows with
/// `T`, so a binary search finds it. All days between the first and the last are equal, and are chosen
/// together or not at all: a span of months costs no more than one of minutes.
///
/// Several accounts each have all of these limits to themselves, and any of them may take a product: `most`,
/// `shared` and the tokens of the chosen days are then sums over the accounts, and the days are chosen for
/// each account separately.
package struct LowerBound: Hashable, Sendable {
    package let accounts: [BoundedAccount]
    /// Days begin at the multiples of this since 1970.
    package let dayMilliseconds: Int64

    /// - Parameter dailyTokens: A day's tokens for all endpoints together; nil if each has its own.
    package init(
        endpoints: [BoundedEndpoint], sharedLimits: [BoundedEndpoint.Limit] = [],
        dailyTokens: Int?, dayMilliseconds: Int64 = 86_400_000
    ) {
        accounts = [
            BoundedAccount(
                endpoints: endpoints, sharedLimits: sharedLimits, dailyTokens: dailyTokens)
        ]
        self.dayMilliseconds = dayMilliseconds
    }

    /// The bound of products that any of these accounts of one provider may take.
    ///
    /// - Parameter bounds: One for each account, with the same endpoints and days.
    package init(of bounds: [LowerBound]) {
        accounts = bounds.flatMap(\.accounts)
        dayMilliseconds = bounds[0].dayMilliseconds
        precondition(
            bounds.allSatisfy { $0.dayMilliseconds == dayMilliseconds }
                && accounts.allSatisfy { $0.hasTariffs(of: accounts[0]) })
    }

    /// The first account's tokens of a day.
    package var day: DayTokens { accounts[0].day }

    /// The bound of one account.
    package func milliseconds(
        for products: [Int], from start: Int64, tokensLeft: DayTokens
    ) -> Int64 {
        milliseconds(for: products, from: start, tokensLeft: [tokensLeft])
    }

    /// - Parameters:
    ///   - products: One number for each endpoint.
    ///   - start: Milliseconds since 1970.
    ///   - tokensLeft: The rest of the starting day, by account.
    package func milliseconds(
        for products: [Int], from start: Int64, tokensLeft: [DayTokens]
    ) -> Int64 {
        precondition(
            tokensLeft.count == accounts.count && products.allSatisfy { $0 >= 0 }
                && products.count == accounts[0].endpoints.count)
        func isEnough(_ span: Int64) -> Bool {
            let cuts = accounts.indices.map { account in
                let parts = dayParts(
                    of: span, from: start, tokensLeft: tokensLeft[account],
                    day: accounts[account].day)
                return (0..<(1 << parts.count)).map { choice in
                    DayCut(parts, choosing: { choice & (1 << $0) != 0 })
                }
            }
            return Self.everyChoice(of: cuts) { isPayable(products, $0) }
        }
        var tooShort: Int64 = -1
        var enough: Int64 = 0
        while !isEnough(enough) {
            tooShort = enough
            enough = enough * 2 + 1
        }
        while enough - tooShort > 1 {
            let middle = tooShort + (enough - tooShort) / 2
            if isEnough(middle) { enough = middle } else { tooShort = middle }
        }
        return enough
    }

    /// Whether a condition holds for each way to choose one cut of every account.
    private static func everyChoice(
        of cuts: [[DayCut]], _ chosen: [DayCut] = [], _ holds: ([DayCut]) -> Bool
    ) -> Bool {
        guard chosen.count < cuts.count else { return holds(chosen) }
        return cuts[chosen.count].allSatisfy { everyChoice(of: cuts, chosen + [$0], holds) }
    }

    /// Whether the chosen days' tokens can pay for the products that the other days do not admit. Sets of
    /// endpoints are bits.
    ///
    /// - Parameter cuts: By account.
    private func isPayable(_ products: [Int], _ cuts: [DayCut]) -> Bool {
        let endpoints = accounts[0].endpoints
        let alone = endpoints.indices.map { endpoint in
            let passed = sum(cuts) { account, cut in
                cut.passed(account.endpoints[endpoint].mostProducts)
            }
            return endpoints[endpoint].leastTokens(
                products: passed.map { max(0, products[endpoint] - $0) } ?? 0)
        }
        let units = zip(endpoints, products).map { $0.leastUnits(products: $1) }
        let together = sum(cuts) { account, cut in cut.passed(account.mostUnits) }
        for set in 1..<(1 << endpoints.count) {
            guard let tokens = sum(cuts, { $0.tokens(on: $1.chosen, set) }) else { continue }
            if Self.sum(alone, of: set) > tokens { return false }
            guard let together else { continue }
            for part in 1...set where part & ~set == 0 {
                let rest = max(0, Self.sum(units, of: part) - together)
                if Self.sum(alone, of: set & ~part) + rest > tokens { return false }
            }
        }
        return true
    }

    /// Over all accounts; nil if one of them is unlimited.
    private func sum(_ cuts: [DayCut], _ most: (BoundedAccount, DayCut) -> Int?) -> Int? {
        var sum = 0
        for (account, cut) in zip(accounts, cuts) {
            guard let more = most(account, cut) else { return nil }
            sum += more
        }
        return sum
    }

    private static func sum(_ numbers: [Int], of set: Int) -> Int {
        var sum = 0
        for (index, number) in numbers.enumerated() where set & (1 << index) != 0 { sum += number }
        return sum
    }

    /// The days of a span: the first, all whole days together, the last.
    private func dayParts(
        of span: Int64, from start: Int64, tokensLeft: DayTokens, day: DayTokens
    ) -> [DayPart] {
        let end = start + span
        let firstReset = (start / dayMilliseconds + 1) * dayMilliseconds
        if end < firstReset { return [DayPart(first: start, last: end, tokens: tokensLeft)] }
        let lastReset = end / dayMilliseconds * dayMilliseconds
        var parts = [DayPart(first: start, last: firstReset - 1, tokens: tokensLeft)]
        if lastReset > firstReset {
            parts.append(
                DayPart(
                    first: firstReset, last: lastReset - 1, tokens: day,
                    days: Int((lastReset - firstReset) / dayMilliseconds)))
        }
        return parts + [DayPart(first: lastReset, last: end, tokens: day)]
    }
}
