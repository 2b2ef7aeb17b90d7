/// The limits of one account, which only its own calls use.
package struct BoundedAccount: Hashable, Sendable {
    package let endpoints: [BoundedEndpoint]
    /// Limits that count the units of all endpoints together.
    package let sharedLimits: [BoundedEndpoint.Limit]
    /// A day's tokens.
    package let day: DayTokens

    /// - Parameter dailyTokens: A day's tokens for all endpoints together; nil if each has its own.
    init(
        endpoints: [BoundedEndpoint], sharedLimits: [BoundedEndpoint.Limit], dailyTokens: Int?
    ) {
        precondition(
            endpoints.allSatisfy { endpoint in
                [dailyTokens, endpoint.dailyTokens].compactMap(\.self)
                    .allSatisfy { endpoint.tokensPerStep <= $0 }
            })
        self.endpoints = endpoints
        self.sharedLimits = sharedLimits
        day = DayTokens(shared: dailyTokens, own: endpoints.map(\.dailyTokens))
    }

    /// Whether the same products cost the same at both.
    func hasTariffs(of other: BoundedAccount) -> Bool {
        endpoints.count == other.endpoints.count
            && zip(endpoints, other.endpoints).allSatisfy { own, other in
                own.tariffStep == other.tariffStep && own.tokensPerStep == other.tokensPerStep
                    && own.productsPerUnit == other.productsPerUnit
            }
    }

    /// The most units that all endpoints together admit; nil if they share no limit.
    func mostUnits(inMilliseconds span: Int64) -> Int? {
        sharedLimits.map { $0.most(inMilliseconds: span) }.min()
    }

    /// The most tokens that a set of endpoints can spend on the chosen days; nil if nothing limits them.
    func tokens(on days: [DayPart], _ set: Int) -> Int? {
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

    /// The same on one day: the shared pool limits the endpoints in `sharing`, and each of the others its
    /// own.
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
}
