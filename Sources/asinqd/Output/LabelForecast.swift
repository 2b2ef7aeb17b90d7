import Planning

/// When the jobs under a label will be done, at all endpoints together and at each.
struct LabelForecast: Encodable {
    struct Endpoint: Encodable {
        var endpoint: String
        var jobs: Int
        var paused: Int
        var tokens: Int
        var finishesAt: NullableInstant
        /// Why its jobs are not done by themselves: the words of `Standstill`.
        var standstill: String?
    }

    var label: String
    var jobs: Int
    /// Jobs that wait for `asinqd resume`; not among `jobs`.
    var paused: Int
    /// null where its endpoints draw from several pools: tokens of two are not added.
    var tokens: NullableNumber
    /// null as long as a part of them has no end.
    var finishesAt: NullableInstant
    var endpoints: [Endpoint]
    /// For people: with the endpoints' names where there are several pools.
    let tokensText: String

    private enum CodingKeys: CodingKey {
        case label, jobs, paused, tokens, finishesAt, endpoints
    }

    /// All labels of a forecast, in the order of their names.
    static func all(_ forecast: Forecast) -> [LabelForecast] {
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
            // Of an endpoint with a pool of its own as well, the one that it shares.
            forecast.pools.map(\.endpoints).filter { $0.contains(endpoint.endpoint) }
                .max { $0.count < $1.count } ?? [endpoint.endpoint]
        }.values.map { sharing in
            (sharing.map(\.endpoint), sharing.reduce(0) { $0 + $1.tokens })
        }.sorted { $0.endpoints.lexicographicallyPrecedes($1.endpoints) }
    }

    /// A table of the labels that are done first, for people.
    static func lines(
        _ labels: [LabelForecast], _ forecast: Forecast, most: Int
    ) -> [String] {
        if labels.isEmpty { return [] }
        let never = Timestamp(milliseconds: .max)
        let sorted = labels.sorted {
            ($0.finishesAt.instant ?? never, $0.label) < ($1.finishesAt.instant ?? never, $1.label)
        }
        var table = Table([
            ("LABEL", .left), ("JOBS", .right), ("TOKENS", .right), ("DONE", .left),
        ])
        for label in sorted.prefix(most) {
            table.append([
                TerminalText.excerpt(label.label, 40), HumanText.number(label.jobs),
                label.tokensText, label.done(forecast),
            ])
        }
        let more = labels.count - min(most, labels.count) + forecast.labelsLeftOut
        let rest = more > 0 ? ["… and \(HumanText.count(more, "more label", "more labels"))"] : []
        return table.lines + rest
    }

    private func done(_ forecast: Forecast) -> String {
        let held = paused > 0 ? "\(HumanText.number(paused)) paused" : nil
        let about = forecast.isApproximate ? "about " : ""
        let end = finishesAt.instant.map { about + HumanText.minute($0, from: forecast.at) }
        return [end ?? never, held].compactMap(\.self).joined(separator: ", ")
    }

    /// What a part of its jobs waits for.
    private var never: String? {
        let standing = endpoints.filter { $0.jobs > 0 && $0.finishesAt.instant == nil }
        func all(_ reason: Standstill) -> [String] {
            standing.filter { $0.standstill == reason.rawValue }.map(\.endpoint)
        }
        let unserved = all(.noAccount)
        if !unserved.isEmpty { return "no account for \(unserved.joined(separator: " and "))" }
        if !all(.diskFull).isEmpty { return "not before there is room on the disk" }
        return jobs > 0 ? "not before asinqd resume" : nil
    }
}
