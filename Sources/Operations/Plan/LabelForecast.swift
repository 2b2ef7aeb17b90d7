package import Planning

/// When the jobs under a label will be done, at all endpoints together and at each.
package struct LabelForecast: Encodable, Sendable {
    package struct Endpoint: Encodable, Sendable {
        package var endpoint: String
        package var jobs: Int
        package var paused: Int
        package var tokens: Int
        package var finishesAt: NullableInstant
        /// Why its jobs are not done by themselves: a case of `Standstill`.
        package var standstill: String?
    }

    package var label: String
    package var jobs: Int
    /// Jobs that wait for `asinqd resume`; not among `jobs`.
    package var paused: Int
    /// null where its endpoints draw from several pools: tokens of two are not added.
    package var tokens: NullableNumber
    /// null as long as a part of them has no end.
    package var finishesAt: NullableInstant
    package var endpoints: [Endpoint]
    /// For people: with the endpoints' names where there are several pools.
    package let tokensText: String

    private enum CodingKeys: CodingKey {
        case label, jobs, paused, tokens, finishesAt, endpoints
    }

    /// All labels of a forecast, in the order of their names.
    package static func all(_ forecast: Forecast) -> [LabelForecast] {
        var byLabel: [String: [Endpoint]] = [:]
        for lane in forecast.endpoints {
            for group in lane.groups {
                guard let label = group.label else { continue }
                byLabel[label, default: []].append(
                    Endpoint(
                        endpoint: lane.endpoint, jobs: group.jobs, paused: group.paused,
                        tokens: group.tokens,
                        finishesAt: NullableInstant(instant: group.finishesAt),
                        standstill: lane.standstill?.rawValue))
            }
        }
        return byLabel.sorted { $0.key < $1.key }.map { label, endpoints in
            let pools = pools(endpoints, forecast)
            let running = endpoints.filter { $0.jobs > 0 }.map(\.finishesAt.instant)
            return LabelForecast(
                label: label, jobs: endpoints.reduce(0) { $0 + $1.jobs },
                paused: endpoints.reduce(0) { $0 + $1.paused },
                tokens: NullableNumber(ofOnly: pools.map(\.tokens)),
                finishesAt: NullableInstant(
                    instant: running.contains(nil) ? nil : running.compactMap(\.self).max()),
                endpoints: endpoints,
                tokensText: pools.map { pool in
                    HumanText.number(pool.tokens)
                        + (pools.count > 1 ? " \(pool.endpoints.joined(separator: "+"))" : "")
                }.joined(separator: ", "))
        }
    }

    /// The tokens of those endpoints that draw from one pool.
    private static func pools(
        _ endpoints: [Endpoint], _ forecast: Forecast
    ) -> [(endpoints: [String], tokens: Int)] {
        Dictionary(grouping: endpoints) { endpoint in
            // If an endpoint also has its own pool, take the shared one.
            forecast.pools.map(\.endpoints).filter { $0.contains(endpoint.endpoint) }
                .max { $0.count < $1.count } ?? [endpoint.endpoint]
        }.values.map { sharing in
            (sharing.map(\.endpoint), sharing.reduce(0) { $0 + $1.tokens })
        }.sorted { $0.endpoints.lexicographicallyPrecedes($1.endpoints) }
    }
}
