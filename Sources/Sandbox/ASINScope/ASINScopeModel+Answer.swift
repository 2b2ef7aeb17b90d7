extension ASINScopeModel {
    /// Takes a call's price from the pool and from the endpoint's minute, and counts it.
    mutating func charge(_ endpoint: SandboxEndpoint, products: Int, atMilliseconds now: Int64) {
        spend(endpoint.tokens(products: products), at: endpoint)
        let units = minuteUnits(endpoint, products: products)
        switch endpoint {
        case .images: imagesBucket.take(units)
        case .barcodes: barcodesMinute.add(units, atMilliseconds: now)
        }
        counts[endpoint].productsCharged += products
        charges[endpoint, default: .minute].add(units, atMilliseconds: now)
        let inThisMinute = charges[endpoint]?.sum(atMilliseconds: now) ?? 0
        counts[endpoint].mostInAMinute = max(counts[endpoint].mostInAMinute, inThisMinute)
    }

    mutating func spend(_ tokens: Int, at endpoint: SandboxEndpoint) {
        pool.take(tokens)
        counts[endpoint].tokensCharged += tokens
    }

    /// Counts a refusal: a minute limit blocks its endpoint, the daily limit blocks both.
    mutating func note(_ refusal: Refusal, at endpoint: SandboxEndpoint) {
        switch refusal.limit {
        case .minute(let until):
            counts[endpoint].refusedForMinute += 1
            awayUntilMilliseconds[endpoint] = until
        case .day(let until):
            counts[endpoint].refusedForDay += 1
            for endpoint in SandboxEndpoint.allCases { awayUntilMilliseconds[endpoint] = until }
        case nil:
            break
        }
    }

    /// The 200 reply: items in the reverse of the order asked, as in both of the page's examples.
    func success(
        _ endpoint: SandboxEndpoint, _ asins: [String], _ chance: FaultDice.Throw
    ) -> SandboxReply {
        let products = ([chance.foreign].compactMap { $0 } + asins.reversed()).map(
            Product.init(asin:))
        let items =
            switch endpoint {
            case .images: products.map(\.imagesItem)
            case .barcodes: products.filter { !$0.isAbsentFromBarcodes }.map(\.barcodesItem)
            }
        return SandboxReply(
            status: 200,
            json: .object([
                "items": .list(items),
                "dailyTokensLeft": .number(Int64(max(0, pool.left + chance.balanceErrorTokens))),
                "msBeforeNextDailyToken": .number(pool.millisecondsToReset),
            ]))
    }
}
