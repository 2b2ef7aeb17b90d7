/// The least time in which any schedule whatever, with calls that take no time, can have given numbers
/// of products counted: from the limits alone, apart from the planner.
///
/// Instants are whole milliseconds; at the start every limit is full. Suppose some schedule has all
/// `n(e)` products of each endpoint `e` counted from the start to `T` milliseconds later, both
/// included. Choose any of the days that this span touches, or none.
///
/// - On the days that are not chosen, look at runs of days in a row. If the span covers `R`
///   milliseconds of a run, `e` passed at most `most(e, R)` products in it, by its own limit.
/// - So at least the rest, `r(e) = n(e) - sum over runs of most(e, R)` where that is positive, was
///   counted on the chosen days. It cost there, in whatever calls it went, at least `r(e)` rounded up
///   to the tariff's step.
/// - A set `S` of endpoints spends on a day a multiple of the greatest number that divides all their
///   steps, and no more than the day's tokens (of the first day: what is left of them).
///
/// Hence, for every choice of days and every `S`,
/// `sum over S of r(e), each rounded up <= sum over the chosen days of the tokens, rounded down`.
/// (With no day chosen this says that each endpoint's own limit lets its products pass. It is the
/// condition of a flow through the network of days and endpoints; a choice is one of its cuts.)
///
/// The bound is the least `T` for which no choice is breached. What the limits let pass only grows with
/// `T`, so it is found by halving. All days between the first and the last are alike, and are chosen
/// together or not at all: a span of months costs no more than one of minutes.
package struct LowerBound: Hashable, Sendable {
    package var endpoints: [BoundedEndpoint]
    /// A day's tokens, for all endpoints together.
    package var dailyTokens: Int
    /// Days begin at the multiples of this since 1970.
    package var dayMilliseconds: Int64

    package init(
        endpoints: [BoundedEndpoint], dailyTokens: Int, dayMilliseconds: Int64 = 86_400_000
    ) {
        precondition(endpoints.allSatisfy { $0.tariffStep <= dailyTokens })
        self.endpoints = endpoints
        self.dailyTokens = dailyTokens
        self.dayMilliseconds = dayMilliseconds
    }

    /// - Parameters:
    ///   - products: One number for each endpoint.
    ///   - start: Milliseconds since 1970.
    ///   - tokensLeft: Of the day that the start lies in.
    package func milliseconds(
        for products: [Int], from start: Int64, tokensLeft: Int
    ) -> Int64 {
        precondition(products.count == endpoints.count && products.allSatisfy { $0 >= 0 })
        func isEnough(_ span: Int64) -> Bool {
            let parts = dayParts(of: span, from: start, tokensLeft: tokensLeft)
            return (0..<(1 << parts.count)).allSatisfy { choice in
                let chosen = parts.indices.filter { choice & (1 << $0) != 0 }
                return canPay(
                    for: rest(of: products, beside: chosen, parts), on: chosen.map { parts[$0] })
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

    /// The products that the days which are not chosen leave over.
    private func rest(of products: [Int], beside chosen: [Int], _ parts: [DayPart]) -> [Int] {
        var rest = products
        for run in parts.indices.split(whereSeparator: { chosen.contains($0) }) {
            let span = parts[run.last!].last - parts[run.first!].first
            for (index, endpoint) in endpoints.enumerated() {
                rest[index] -= endpoint.mostProducts(inMilliseconds: span)
            }
        }
        return rest.map { max(0, $0) }
    }

    private func canPay(for products: [Int], on days: [DayPart]) -> Bool {
        (1..<(1 << endpoints.count)).allSatisfy { set in
            var cost = 0
            var step = 0
            for (index, endpoint) in endpoints.enumerated() where set & (1 << index) != 0 {
                cost += endpoint.leastTokens(products: products[index])
                step = Self.greatestDivisor(endpoint.tariffStep, step)
            }
            return cost <= days.reduce(0) { $0 + $1.days * ($1.tokens / step * step) }
        }
    }

    private static func greatestDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestDivisor(second, first % second)
    }

    /// The days that a span touches: the first, all that it covers whole, the last.
    private func dayParts(of span: Int64, from start: Int64, tokensLeft: Int) -> [DayPart] {
        let end = start + span
        let firstReset = (start / dayMilliseconds + 1) * dayMilliseconds
        if end < firstReset { return [DayPart(first: start, last: end, tokens: tokensLeft)] }
        let lastReset = end / dayMilliseconds * dayMilliseconds
        var parts = [DayPart(first: start, last: firstReset - 1, tokens: tokensLeft)]
        if lastReset > firstReset {
            parts.append(
                DayPart(
                    first: firstReset, last: lastReset - 1, tokens: dailyTokens,
                    days: Int((lastReset - firstReset) / dayMilliseconds)))
        }
        return parts + [DayPart(first: lastReset, last: end, tokens: dailyTokens)]
    }
}

/// A day as far as a span covers it, or days in a row: first and last instant, and the tokens of each.
private struct DayPart {
    var first: Int64
    var last: Int64
    var tokens: Int
    var days = 1
}
