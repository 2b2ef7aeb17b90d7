internal import Planning

extension UPCitemdb {
    package static let definition = ProviderDefinition(
        name: provider, title: "UPCitemdb",
        endpoints: [
            EndpointDefinition(
                name: lookup, form: .code,
                summary: "Items and their offers, by UPC, EAN, GTIN or ISBN.", hasOffers: true,
                shape: lookupShape, limits: lookupLimits),
            EndpointDefinition(
                name: search, form: .query, summary: "Items and their offers, by words.",
                pagesUsual: 2, hasOffers: true, shape: searchShape, limits: searchLimits),
        ],
        settings: [
            plan, .secret("userKey", "The key of a paid plan."),
            .url("url", "The base address of its endpoints.") {
                isFree($0) ? trialURL : paidURL
            },
            callsPerDay, lookupsPerDay, searchesPerDay, lookupBurst, lookupBurstSeconds,
            searchBurst, searchBurstSeconds, secondsBetweenCalls, codesPerCall, callsInFlight,
            lingerMilliseconds, timeoutSeconds, .dailyFloorPercent,
        ],
        documentedPaths: [trialPath, paidPath],
        keyNeed: { figures in
            isFree(figures)
                ? .none(
                    sharedLimit: "UPCitemdb counts the calls of the plan free by IP address")
                : .required
        },
        objection: { figures in
            guard isFree(figures), figures[callsInFlight] > 1 else { return nil }
            return ProviderDefinition.Objection(
                setting: callsInFlight.name,
                wanted: "1 on the plan free, which allows one connection")
        },
        request: { request(endpoint: $0, jobs: $1, key: $2, baseURL: $3) },
        outcome: { reply, endpoint, asked, key, address in
            outcome(of: reply, endpoint: endpoint, asked: asked, key: key, address: address)
        })
}
