internal import Planning

/// The limits of an UPCitemdb customer, by default those that the vendor's pages give for the plan.
///
/// The vendor may change a plan for one customer, and two of its pages contradict each other. So every figure
/// is a setting.
extension UPCitemdb {
    /// The plan of a customer's subscription.
    enum Plan: String, CaseIterable {
        /// Without a key: the vendor counts by IP address.
        case free
        case dev
        case pro
    }

    static let plan = SettingDefinition.choice(
        "plan", Plan.allCases.map(\.rawValue), standard: Plan.free.rawValue,
        "The plan, which sets the defaults of the other limits.")

    /// Vendor, FREE: 100 lookups and searches together.
    static let callsPerDay = perPlan(
        "callsPerDay", pools, unit: "calls", free: 100, dev: nil, pro: nil,
        "Lookups and searches a day, added together.")

    static let lookupsPerDay = perPlan(
        "lookupsPerDay", pools, unit: "calls", free: nil, dev: 20_000, pro: 150_000,
        "Lookups a day.")

    /// For FREE one page says 20 and another 40; the lower one is safe.
    static let searchesPerDay = perPlan(
        "searchesPerDay", pools, unit: "calls", free: 20, dev: 2_000, pro: 20_000,
        "Searches a day.")

    /// Vendor: FREE 6 a minute, DEV 15 in 30 s, PRO 12 a second.
    static let lookupBurst = perPlan(
        "lookupBurst", bursts, unit: "calls", free: 6, dev: 15, pro: 12,
        "Lookups in any period of `lookupBurstSeconds`.")
    static let lookupBurstSeconds = perPlan(
        "lookupBurstSeconds", seconds, unit: "seconds", free: 60, dev: 30, pro: 1,
        "The period of `lookupBurst`.")

    /// Vendor, FREE: 2 in 30 s. The vendor does not publish it for DEV and PRO; FREE's is safe for them.
    static let searchBurst = SettingDefinition.number(
        "searchBurst", bursts, standard: 2, unit: "calls",
        "Searches in any period of `searchBurstSeconds`.")
    static let searchBurstSeconds = SettingDefinition.number(
        "searchBurstSeconds", seconds, standard: 30, unit: "seconds",
        "The period of `searchBurst`.")

    /// Vendor, FREE: sustained one in 10 s, whichever the endpoint.
    static let secondsBetweenCalls = perPlan(
        "secondsBetweenCalls", 0...86_400, unit: "seconds", free: 10, dev: 0, pro: 0,
        "The minimum number of seconds between two calls, across the endpoints; 0: no limit.")

    /// The vendor does not publish how many codes one lookup may carry. Public clients send one.
    static let codesPerCall = SettingDefinition.number(
        "codesPerCall", 1...100, standard: 1, unit: "codes", "Codes per lookup.")

    /// Our choice: PRO's 12 lookups a second need that many at replies of half a second.
    static let callsInFlight = perPlan(
        "callsInFlight", ClientPolicy.callsInFlightRange, unit: "calls", free: 1, dev: 1, pro: 8,
        "Calls that each endpoint may have in flight.")

    /// Our choice, the same as the other provider's: if a lookup may carry several codes, how long it waits
    /// for them.
    static let lingerMilliseconds = SettingDefinition.number(
        "lingerMilliseconds", 0...3_600_000, standard: 2_000, unit: "milliseconds",
        "How long an incomplete batch waits for more jobs.")

    /// Our choice, the same as the other provider's.
    static let timeoutSeconds = SettingDefinition.number(
        "timeoutSeconds", 1...600, standard: 30, unit: "seconds", "How long a call may take.")

    private static let pools = 1...1_000_000_000
    private static let bursts = 1...1_000_000
    private static let seconds = 1...86_400

    static func isFree(_ figures: LimitFigures) -> Bool { chosen(figures) == .free }

    private static func chosen(_ figures: LimitFigures) -> Plan {
        Plan(rawValue: figures.choice(plan)) ?? .free
    }

    private static func perPlan(
        _ name: String, _ range: ClosedRange<Int>, unit: String, free: Int?, dev: Int?, pro: Int?,
        _ summary: String
    ) -> SettingDefinition {
        .number(name, range, unit: unit, summary) { figures in
            switch chosen(figures) {
            case .free: free
            case .dev: dev
            case .pro: pro
            }
        }
    }
}

extension UPCitemdb {
    /// Searches are slower, so they must go first if both wait for the same instant: lookups wait this much
    /// longer. It is more than a lane takes to wake and claim (10 ms).
    private static let turn = Duration.milliseconds(50)

    @Sendable static func lookupLimits(_ figures: LimitFigures) -> EndpointLimits {
        limits(
            figures, batchLimit: figures[codesPerCall], pool: figures.number(lookupsPerDay), lookup,
            burst: figures[lookupBurst], seconds: figures[lookupBurstSeconds], turn: turn)
    }

    @Sendable static func searchLimits(_ figures: LimitFigures) -> EndpointLimits {
        limits(
            figures, batchLimit: 1, pool: figures.number(searchesPerDay), search,
            burst: figures[searchBurst], seconds: figures[searchBurstSeconds], turn: .zero)
    }

    /// Each endpoint has a burst of its own, and the pools of the plan.
    private static func limits(
        _ figures: LimitFigures, batchLimit: Int, pool: Int?, _ name: String, burst: Int,
        seconds: Int,
        turn: Duration
    ) -> EndpointLimits {
        var limits = [
            RateLimit.slidingWindow(
                SlidingWindow(capacityTokens: burst, period: .seconds(seconds)))
        ]
        let between = figures[secondsBetweenCalls]
        if between > 0 {
            limits.append(
                .slidingWindow(
                    SlidingWindow(
                        capacityTokens: 1, period: .seconds(between) + turn, isShared: true)))
        }
        let shared = figures.number(callsPerDay).map { figures.pool($0) }
        let own = pool.map { figures.pool($0, of: name) }
        return EndpointLimits(
            // Vendor: the plans count requests.
            batchLimit: batchLimit, tariff: .perCall(batchLimit: batchLimit), limits: limits,
            pools: [shared, own].compactMap(\.self),
            linger: .milliseconds(figures[lingerMilliseconds]),
            timeout: .seconds(figures[timeoutSeconds]), clientPolicy: clientPolicy(figures))
    }

    /// Vendor, FREE: "one connection". Page, TOO_FAST: "your application must sleep for a short period before
    /// sending the next request. Otherwise the server would extend the blocking period". The vendor does not
    /// publish whether a refusal counts; counting it as charged is safe, and the next balance corrects it.
    private static func clientPolicy(_ figures: LimitFigures) -> ClientPolicy {
        ClientPolicy(
            callsInFlight: figures[callsInFlight], isOneConnection: isFree(figures),
            sharesBlocks: true, chargesRefusals: true,
            defaultRetryAfter: .seconds(
                max(
                    figures[lookupBurstSeconds], figures[searchBurstSeconds],
                    figures[secondsBetweenCalls])))
    }
}
