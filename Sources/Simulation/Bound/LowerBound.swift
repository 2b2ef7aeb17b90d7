/// The least time in which any schedule whatever, with calls that take no time, can have given numbers
/// of products counted: from the limits alone, apart from the planner.
///
/// Instants are whole milliseconds; at the start every limit is full. Suppose some schedule has all
/// `n(e)` products of each endpoint `e` counted from the start to `T` milliseconds later, both
/// included. Choose any of the days that this span touches, or none, any set `S` of endpoints, and any
/// part of it, `P`, to be looked at together.
///
/// - On the days that are not chosen, look at runs of days in a row. If the span covers `R`
///   milliseconds of a run, `e` passed at most `most(e, R)` products in it, by each of its own limits,
///   and all endpoints together at most `shared(R)` units, by each limit that they share.
/// - So at least the rest was counted on the chosen days: of an `e` in `S` but not in `P`,
///   `r(e) = n(e) - sum over runs of most(e, R)` where that is positive, which cost there, in whatever
///   calls it went, at least `r(e)` rounded up to the tariff's step; of `P`, the units that its `n(e)`
///   take at least, less the sum over runs of `shared(R)`, and a unit costs a token or more.
/// - `S` spends on a day no more than each `e` has tokens of its own, and the rest of them no more than
///   the shared ones, whichever are put under which; and a multiple of the greatest number that divides
///   all their steps.
///
/// Hence, for every choice of days, every `S` and every `P`, the first sum is no more than the tokens of
/// the chosen days. (With no day chosen this says that the limits let the products pass. It is the
/// condition of a flow through the network of days and endpoints; a choice is one of its cuts.)
///
/// The bound is the least `T` for which no choice is breached. What the limits let pass only grows with
/// `T`, so it is found by halving. All days between the first and the last are alike, and are chosen
/// together or not at all: a span of months costs no more than one of minutes.
package struct LowerBound: Hashable, Sendable {
    package let endpoints: [BoundedEndpoint]
    /// Limits that count the units of all endpoints together.
    package let sharedLimits: [BoundedEndpoint.Limit]
    /// A day's tokens.
    package let day: DayTokens
    /// Days begin at the multiples of this since 1970.
    package let dayMilliseconds: Int64

    /// - Parameter dailyTokens: A day's tokens for all endpoints together; nil where each has its own.
    package init(
        endpoints: [BoundedEndpoint], sharedLimits: [BoundedEndpoint.Limit] = [],
        dailyTokens: Int?, dayMilliseconds: Int64 = 86_400_000
    ) {
        precondition(
            endpoints.allSatisfy { endpoint in
                [dailyTokens, endpoint.dailyTokens].compactMap(\.self)
                    .allSatisfy { endpoint.tokensPerStep <= $0 }
            })
        self.endpoints = endpoints
        self.sharedLimits = sharedLimits
        day = DayTokens(shared: dailyTokens, own: endpoints.map(\.dailyTokens))
        self.dayMilliseconds = dayMilliseconds
    }

    /// - Parameters:
    ///   - products: One number for each endpoint.
    ///   - start: Milliseconds since 1970.
    ///   - tokensLeft: Of the day that the start lies in.
    package func milliseconds(
        for products: [Int], from start: Int64, tokensLeft: DayTokens
    ) -> Int64 {
        precondition(products.count == endpoints.count && products.allSatisfy { $0 >= 0 })
        func isEnough(_ span: Int64) -> Bool {
            let parts = dayParts(of: span, from: start, tokensLeft: tokensLeft)
            return (0..<(1 << parts.count)).allSatisfy { choice in
                let cut = DayCut(parts, choosing: { choice & (1 << $0) != 0 })
                return isPayable(products, cut)
            }
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

    /// Whether what the days that are not chosen leave over can be paid for on the others. Sets of
    /// endpoints are bits.
    private func isPayable(_ products: [Int], _ cut: DayCut) -> Bool {
        let alone = zip(endpoints, products).map { endpoint, products in
            let passed = cut.passed(endpoint.mostProducts)
            return endpoint.leastTokens(products: passed.map { max(0, products - $0) } ?? 0)
        }
        let units = zip(endpoints, products).map { $0.leastUnits(products: $1) }
        let together = cut.passed { span in
            sharedLimits.map { $0.most(inMilliseconds: span) }.min()
        }
        for set in 1..<(1 << endpoints.count) {
            guard let tokens = tokens(on: cut.chosen, set) else { continue }
            if sum(alone, of: set) > tokens { return false }
            guard let together else { continue }
            for part in 1...set where part & ~set == 0 {
                let rest = max(0, sum(units, of: part) - together)
                if sum(alone, of: set & ~part) + rest > tokens { return false }
            }
        }
        return true
    }

    private func sum(_ numbers: [Int], of set: Int) -> Int {
        var sum = 0
        for (index, number) in numbers.enumerated() where set & (1 << index) != 0 { sum += number }
        return sum
    }

    /// The most tokens that a set of endpoints can spend on the chosen days; nil where nothing bounds
    /// them.
    private func tokens(on days: [DayPart], _ set: Int) -> Int? {
        var sum = 0
        for part in days {
            var least: Int?
            for sharing in 0...set where sharing & ~set == 0 {
                guard let tokens = tokens(part.tokens, set, sharing: sharing) else { continue }
                least = min(least ?? tokens, tokens)
            }
            guard let least else { return nil }
            sum += least * part.days
        }
        return sum
    }

    /// The same on one day, those that are `sharing` being bounded by the shared pool and the others
    /// each by its own.
    private func tokens(_ day: DayTokens, _ set: Int, sharing: Int) -> Int? {
        var sum = 0
        var step = 0
        for (index, endpoint) in endpoints.enumerated() where set & (1 << index) != 0 {
            if sharing & (1 << index) != 0 {
                step = Self.greatestDivisor(endpoint.tokensPerStep, step)
            } else {
                guard let own = day.own[index] else { return nil }
                sum += own / endpoint.tokensPerStep * endpoint.tokensPerStep
            }
        }
        guard sharing != 0 else { return sum }
        return day.shared.map { sum + $0 / step * step }
    }

    private static func greatestDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestDivisor(second, first % second)
    }

    /// The days that a span touches: the first, all that it covers whole, the last.
    private func dayParts(
        of span: Int64, from start: Int64, tokensLeft: DayTokens
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
