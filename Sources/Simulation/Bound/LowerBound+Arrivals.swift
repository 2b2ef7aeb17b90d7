extension LowerBound {
    /// Products that are added at one instant.
    package struct Arrival: Hashable, Sendable {
        package var atMilliseconds: Int64
        /// One number for each endpoint.
        package var products: [Int]

        package init(atMilliseconds: Int64, products: [Int]) {
            self.atMilliseconds = atMilliseconds
            self.products = products
        }
    }

    /// The least milliseconds from the start until all arriving products can be counted.
    ///
    /// Products that arrive at an instant `r` or later are counted at `r` or later, when no limit can be more
    /// than full. So it takes until `r` and the bound for these products from `r` on; the greatest of these
    /// sums over all arrivals is a bound for everything.
    ///
    /// - Parameter arrivals: In any order. Products that arrived before the start count from it.
    package func milliseconds(
        for arrivals: [Arrival], from start: Int64, tokensLeft: DayTokens
    ) -> Int64 {
        milliseconds(for: arrivals, from: start, tokensLeft: [tokensLeft])
    }

    /// The same with the tokens of each account.
    package func milliseconds(
        for arrivals: [Arrival], from start: Int64, tokensLeft: [DayTokens]
    ) -> Int64 {
        var later = accounts[0].endpoints.map { _ in 0 }
        var most: Int64 = 0
        var latestFirst = arrivals.filter { $0.products.contains { $0 > 0 } }
            .sorted { $0.atMilliseconds > $1.atMilliseconds }[...]
        while let instant = latestFirst.first?.atMilliseconds {
            while let arrival = latestFirst.first, arrival.atMilliseconds == instant {
                for (index, products) in arrival.products.enumerated() { later[index] += products }
                latestFirst.removeFirst()
            }
            let from = max(start, instant)
            let isFirstDay = from / dayMilliseconds == start / dayMilliseconds
            let least = milliseconds(
                for: later, from: from, tokensLeft: isFirstDay ? tokensLeft : accounts.map(\.day))
            most = max(most, from - start + least)
        }
        return most
    }
}
