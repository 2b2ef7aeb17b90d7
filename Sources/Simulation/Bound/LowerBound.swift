/// The least time in which any schedule whatever, with calls that take no time, can have given numbers
/// of products counted: from the limits alone, apart from the planner.
///
/// Instants are whole milliseconds; at the start every limit is full. Suppose some schedule has all
/// `n(e)` products of each endpoint `e` counted from the start to `T` milliseconds later, both
/// included. Then
///
/// 1. no endpoint passed more than its own limit lets pass in a span of `T`:
///    `n(e) <= most(e, T)`.
/// 2. Let `x(e, k)` of them be counted in day `k`, of which the span covers a part `T(k)`. They cost
///    no less than `t(e, k)`, which is `x(e, k)` rounded up to `e`'s tariff step, in whatever calls
///    they went. So
///    - `t(e, k) <= most(e, T(k))` rounded up to the step, by the endpoint's own limit;
///    - `sum over e of t(e, k) <= D(k)`, the day's tokens (of the first day: what is left of them);
///    - `sum over k of t(e, k) >= n(e)` rounded up to the step.
///
///    That is a flow through a network of days and endpoints. Add these up over a set `S` of endpoints
///    (a cut of the network): the tokens of `S` in day `k` are a multiple of the greatest step that
///    divides all of `S`'s, hence at most `D(k)` rounded down to that, and at most what the own limits
///    of `S` let pass. So, for every `S` that is not empty,
///    `sum over k of min(D(k), sum over S of most(e, T(k))) >= sum over S of n(e)`, each rounded as
///    said.
///
/// The bound is the least `T` for which 1 and 2 hold. Both sides' left parts only grow with `T`, so it
/// is found by halving; and all days between the first and the last are alike, so a span of months
/// costs no more than one of minutes.
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
            ownLimitsLetPass(products, in: span)
                && daysLetPass(products, dayParts(of: span, from: start, tokensLeft: tokensLeft))
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

    private func ownLimitsLetPass(_ products: [Int], in span: Int64) -> Bool {
        zip(endpoints, products).allSatisfy { $0.mostProducts(inMilliseconds: span) >= $1 }
    }

    private func daysLetPass(_ products: [Int], _ parts: [DayPart]) -> Bool {
        (1..<(1 << endpoints.count)).allSatisfy { set in
            let members = endpoints.indices.filter { set & (1 << $0) != 0 }
            let step = members.map { endpoints[$0].tariffStep }.reduce(0, Self.greatestDivisor)
            let needed = members.reduce(0) {
                $0 + endpoints[$1].leastTokens(products: products[$1])
            }
            let most = parts.reduce(0) { sum, part in
                let passed = members.reduce(0) {
                    $0 + endpoints[$1].mostTokens(inMilliseconds: part.spanMilliseconds)
                }
                return sum + part.days * min(part.tokens / step * step, passed)
            }
            return most >= needed
        }
    }

    private static func greatestDivisor(_ first: Int, _ second: Int) -> Int {
        second == 0 ? first : greatestDivisor(second, first % second)
    }

    /// What a span covers of its days: of the first, of those that it covers whole, of the last.
    private func dayParts(of span: Int64, from start: Int64, tokensLeft: Int) -> [DayPart] {
        let end = start + span
        let firstReset = (start / dayMilliseconds + 1) * dayMilliseconds
        if end < firstReset { return [DayPart(spanMilliseconds: span, tokens: tokensLeft)] }
        let lastReset = end / dayMilliseconds * dayMilliseconds
        return [
            DayPart(spanMilliseconds: firstReset - 1 - start, tokens: tokensLeft),
            DayPart(
                spanMilliseconds: dayMilliseconds - 1, tokens: dailyTokens,
                days: Int((lastReset - firstReset) / dayMilliseconds)),
            DayPart(spanMilliseconds: end - lastReset, tokens: dailyTokens),
        ]
    }
}

/// A stretch within a day, from its first instant to its last, on so many days.
private struct DayPart {
    var spanMilliseconds: Int64
    var tokens: Int
    var days = 1
}

extension BoundedEndpoint {
    /// The most tokens that products passed in such a span can have cost at their cheapest.
    fileprivate func mostTokens(inMilliseconds span: Int64) -> Int {
        leastTokens(products: mostProducts(inMilliseconds: span))
    }
}
