package import Planning

/// What UPCitemdb allows a customer, by default what the vendor's pages say of the plan.
///
/// A plan may be changed for one customer, and two of the pages contradict each other. So every figure
/// is a setting.
package struct UPCitemdbLimits: Equatable, Sendable {
    /// Vendor, FREE: 100 lookups and searches together. nil: the endpoints have nothing in common.
    package var callsPerDay: Int?
    /// Vendor: DEV 20,000, PRO 150,000. nil: there is no such limit.
    package var lookupsPerDay: Int?
    /// Vendor: DEV 2,000, PRO 20,000. For FREE one page says 20 and another 40; the lower one is safe.
    package var searchesPerDay: Int
    /// Vendor: FREE 6 a minute, DEV 15 in 30 s, PRO 12 a second.
    package var lookupBurst: Int
    package var lookupBurstSeconds: Int
    /// Vendor, FREE: 2 in 30 s. For DEV and PRO it is published nowhere, and FREE's will do for them.
    package var searchBurst = 2
    package var searchBurstSeconds = 30
    /// Vendor, FREE: sustained one in 10 s, whichever the endpoint. 0: no such limit.
    package var secondsBetweenCalls: Int
    /// How many calls each endpoint may have in flight. Ours: PRO's 12 lookups a second take that many
    /// at replies of half a second.
    package var callsInFlight: Int
    /// Whether no two calls may be in flight at once, at whichever endpoint.
    package var isOneConnection: Bool
    /// How many codes one lookup may carry is published nowhere. One is what public clients send.
    package var codesPerCall = 1
    /// Ours, as long as the other provider's: where a lookup may carry several codes, how long it waits
    /// for them.
    package var linger = Duration.seconds(2)
    /// Ours, the same as the other provider's.
    package var timeout = Duration.seconds(30)

    package init(plan: UPCitemdbPlan) {
        switch plan {
        case .free:
            (callsPerDay, lookupsPerDay, searchesPerDay) = (100, nil, 20)
            (lookupBurst, lookupBurstSeconds, secondsBetweenCalls) = (6, 60, 10)
            (callsInFlight, isOneConnection) = (1, true)
        case .dev:
            (callsPerDay, lookupsPerDay, searchesPerDay) = (nil, 20_000, 2_000)
            (lookupBurst, lookupBurstSeconds, secondsBetweenCalls) = (15, 30, 0)
            (callsInFlight, isOneConnection) = (1, false)
        case .pro:
            (callsPerDay, lookupsPerDay, searchesPerDay) = (nil, 150_000, 20_000)
            (lookupBurst, lookupBurstSeconds, secondsBetweenCalls) = (12, 1, 0)
            (callsInFlight, isOneConnection) = (8, false)
        }
    }

    /// `lookup` and `search`: each with a burst of its own, and pools as the plan has them.
    package var endpoints: [Endpoint] {
        [
            endpoint(
                UPCitemdb.lookup, batchLimit: codesPerCall, perDay: lookupsPerDay,
                burst: lookupBurst, seconds: lookupBurstSeconds),
            endpoint(
                UPCitemdb.search, batchLimit: 1, perDay: searchesPerDay, burst: searchBurst,
                seconds: searchBurstSeconds),
        ]
    }

    /// Searches are the slower ones, so that where both wait for the same instant they must go first:
    /// lookups wait so much longer. More than a lane takes to wake and claim (10 ms).
    private static let turnMilliseconds = 50

    private func endpoint(
        _ name: String, batchLimit: Int, perDay: Int?, burst: Int, seconds: Int
    ) -> Endpoint {
        var limits = [
            RateLimit.slidingWindow(
                SlidingWindow(capacityTokens: burst, period: .seconds(seconds)))
        ]
        if secondsBetweenCalls > 0 {
            limits.append(
                .slidingWindow(
                    SlidingWindow(
                        capacityTokens: 1,
                        period: .seconds(secondsBetweenCalls)
                            + .milliseconds(name == UPCitemdb.lookup ? Self.turnMilliseconds : 0),
                        isShared: true)))
        }
        let shared = callsPerDay.map { DailyPool(allowanceTokens: $0) }
        let own = perDay.map { DailyPool(allowanceTokens: $0, endpoint: name) }
        return Endpoint(
            name: name, provider: UPCitemdb.provider, batchLimit: batchLimit,
            // Vendor: the plans count requests.
            tariff: .perCall(batchLimit: batchLimit), limits: limits,
            pools: [shared, own].compactMap(\.self), linger: linger, timeout: timeout,
            clientPolicy: clientPolicy, hasPages: name == UPCitemdb.search)
    }

    /// Vendor, FREE: "one connection". Page, TOO_FAST: "your application must sleep for a short period
    /// before sending the next request. Otherwise the server would extend the blocking period". Whether a
    /// refusal is counted is published nowhere; to count it as charged is safe, and the next balance
    /// corrects it.
    private var clientPolicy: ClientPolicy {
        ClientPolicy(
            callsInFlight: callsInFlight, isOneConnection: isOneConnection, sharesBlocks: true,
            chargesRefusals: true,
            defaultRetryAfter: .seconds(
                max(lookupBurstSeconds, searchBurstSeconds, secondsBetweenCalls)))
    }
}
