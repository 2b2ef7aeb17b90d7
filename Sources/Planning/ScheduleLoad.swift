/// What a schedule needs, and what the limits give it on days without other jobs.
package struct ScheduleLoad: Equatable, Sendable {
    /// A schedule with its number of products.
    package struct Demand: Equatable, Sendable {
        package var endpoint: String
        /// The only account that may be used; nil: any shared one.
        package var account: String?
        package var products: Int
        package var every: Duration

        package init(endpoint: String, account: String? = nil, products: Int, every: Duration) {
            self.endpoint = endpoint
            self.account = account
            self.products = products
            self.every = every
        }

        func uses(_ other: Endpoint) -> Bool { other.jobAccounts.contains(account) }
    }

    private struct Need: Hashable {
        var endpoint: String
        var account: String?
    }

    /// Rounded up.
    package var productsPerDay: Int
    package var tokensPerDay: Int
    /// How long it takes until each product had its turn: the interval if the tokens suffice; nil if there are
    /// none.
    package var round: Duration?

    package init(productsPerDay: Int, tokensPerDay: Int, round: Duration?) {
        self.productsPerDay = productsPerDay
        self.tokensPerDay = tokensPerDay
        self.round = round
    }

    /// The loads of schedules that run together, in their order. Schedules that draw from the same limits are
    /// slowed down by the same factor, because the oldest product goes first.
    ///
    /// - Parameters:
    ///   - endpoints: Of all accounts.
    ///   - pages: The calls that a product takes where answers have pages.
    package static func all(
        _ demands: [Demand], _ endpoints: [Endpoint], pages: Int
    ) -> [ScheduleLoad] {
        let tokens = demands.map { demand in
            endpoints.first { $0.name == demand.endpoint }.map { endpoint in
                endpoint.tariff.cost(of: demand.productsPerDay) * (endpoint.hasPages ? pages : 1)
            } ?? 0
        }
        // Schedules of the same endpoint and account draw from the same limits.
        let needs = Dictionary(
            zip(demands, tokens).map { (Need(endpoint: $0.endpoint, account: $0.account), $1) },
            uniquingKeysWith: +)
        /// The tokens that schedules at some of these endpoints need, for each token that there is.
        func load(of shared: [Endpoint], capacity: Int) -> Double {
            let needed = needs.filter { need, _ in
                shared.contains {
                    $0.name == need.endpoint && $0.jobAccounts.contains(need.account)
                }
            }.values.reduce(0, +)
            return needed == 0 ? 0 : capacity > 0 ? Double(needed) / Double(capacity) : .infinity
        }
        return zip(demands, tokens).map { demand, tokensPerDay in
            let usable = endpoints.filter(demand.uses)
            let own = usable.filter { $0.name == demand.endpoint }
            let sharing = usable.filter {
                $0.sharedPool != nil && $0.provider == own.first?.provider
            }
            var loads = [load(of: own, capacity: own.map(\.standingTokensPerDay).reduce(0, +))]
            if own.contains(where: { $0.sharedPool != nil }) {
                let pools = Dictionary(grouping: sharing, by: \.account).values.compactMap {
                    $0.first?.sharedPool?.standingTokens
                }
                loads.append(load(of: sharing, capacity: pools.reduce(0, +)))
            }
            let most = max(1, loads.max() ?? 1)
            let milliseconds = Double(demand.every.milliseconds) * most
            // A factor of 1 keeps every millisecond.
            let round: Duration =
                most == 1 ? demand.every : .milliseconds(Int64(min(milliseconds, 1e17)))
            return ScheduleLoad(
                productsPerDay: demand.productsPerDay, tokensPerDay: tokensPerDay,
                round: milliseconds.isFinite && !own.isEmpty ? round : nil)
        }
    }
}

extension ScheduleLoad.Demand {
    fileprivate var productsPerDay: Int {
        let every = every.milliseconds
        let (product, hasOverflowed) = Int64(products).multipliedReportingOverflow(
            by: Duration.day.milliseconds)
        return hasOverflowed ? .max / 1_000_000 : Int((product + every - 1) / every)
    }
}

extension DailyPool {
    /// What a day leaves to schedules, at most.
    fileprivate var standingTokens: Int { max(0, allowanceTokens - floorTokens) }
}

extension Endpoint {
    /// What its own limits and pools leave to schedules on a day.
    fileprivate var standingTokensPerDay: Int {
        (limits.map { $0.standingTokensPerDay(at: self) } + pools.map(\.standingTokens)).min()
            ?? .max / 1_000_000
    }
}
