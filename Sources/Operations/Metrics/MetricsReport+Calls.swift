internal import Planning
internal import Providers
internal import Storage

extension MetricsReport {
    /// Counters, from sums that stay when the ledger is pruned.
    static func calls(_ totals: [TallyTotal]) -> [MetricFamily] {
        func byEndpoint(_ value: (TallyTotal) -> Double)
            -> [(labels: [(name: String, value: String)], value: Double)]
        {
            let sums = totals.reduce(into: [[String]: Double]()) {
                $0[[$1.account, $1.endpoint], default: 0] += value($1)
            }
            return sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
                ([("account", $0.key[0]), ("endpoint", $0.key[1])], $0.value)
            }
        }
        let drift = totals.reduce(into: [String: (up: Double, down: Double)]()) {
            $0[$1.account, default: (0, 0)].up += $1.driftUp
            $0[$1.account, default: (0, 0)].down += $1.driftDown
        }.sorted { $0.key < $1.key }
        return [
            MetricFamily(
                "asinqd_calls_total", .counter, "Calls that ended, by outcome.",
                totals.map {
                    (
                        [
                            ("account", $0.account), ("endpoint", $0.endpoint),
                            ("outcome", $0.outcome),
                        ], $0.calls
                    )
                }),
            MetricFamily(
                "asinqd_products_asked_total", .counter, "Products in calls that ended.",
                byEndpoint(\.products)),
            MetricFamily(
                "asinqd_tokens_charged_total", .counter, "Tokens that calls were charged.",
                byEndpoint(\.tokens)),
            MetricFamily(
                "asinqd_drift_tokens_total", .counter,
                "Difference of balances from the ledger: down when another client spends tokens.",
                drift.flatMap { account, sums in
                    [
                        ([("account", account), ("direction", "up")], sums.up),
                        ([("account", account), ("direction", "down")], sums.down),
                    ]
                }),
            durations(totals),
        ]
    }

    static func finished(_ store: Store) throws -> MetricFamily {
        MetricFamily(
            "asinqd_jobs_finished_total", .counter,
            "Jobs that ended, by the state in which they did.",
            try store.finishedJobs().map {
                ([("endpoint", $0.endpoint), ("state", $0.state)], Double($0.jobs))
            })
    }

    private static func durations(_ totals: [TallyTotal]) -> MetricFamily {
        var family = MetricFamily(
            "asinqd_call_duration_seconds", .histogram,
            "Time from the record of a call to its settlement.", [])
        for (endpoint, own) in Dictionary(grouping: totals, by: \.endpoint)
            .sorted(by: { $0.key < $1.key })
        {
            let labels = [(name: "endpoint", value: endpoint)]
            func add(
                _ suffix: String, _ more: [(name: String, value: String)], _ value: Double
            ) {
                family.samples.append(
                    MetricFamily.Sample(suffix: suffix, labels: labels + more, value: value))
            }
            let calls = own.reduce(0) { $0 + $1.calls }
            for (index, bound) in TallyTotal.secondsMax.enumerated() {
                add(
                    "_bucket", [("le", ResultItem.text(bound))],
                    own.reduce(0) { $0 + $1.within[index] })
            }
            add("_bucket", [("le", "+Inf")], calls)
            add("_sum", [], own.reduce(0) { $0 + $1.durationSeconds })
            add("_count", [], calls)
        }
        return family
    }

    /// Levels as `status` reports them.
    static func limits(_ status: StatusReport) -> [MetricFamily] {
        typealias Samples = [(labels: [(name: String, value: String)], value: Double)]
        var (available, capacity): (Samples, Samples) = ([], [])
        for endpoint in status.endpoints {
            for limit in endpoint.limits {
                let length = limit.seconds.map { "_\(ResultItem.text($0))s" } ?? ""
                let labels = [
                    (name: "account", value: endpoint.account),
                    (name: "endpoint", value: endpoint.endpoint),
                    (name: "limit", value: limit.kind + length),
                ]
                available.append((labels, Double(limit.availableTokens)))
                capacity.append((labels, Double(limit.capacityTokens)))
            }
        }
        var (remaining, allowance, resets): (Samples, Samples, Samples) = ([], [], [])
        for pool in status.forecast.pools {
            let labels = [
                (name: "account", value: pool.account),
                (name: "pool", value: pool.pool.endpoint ?? "shared"),
            ]
            remaining.append((labels, Double(max(0, pool.tokensLeft))))
            allowance.append((labels, Double(pool.pool.allowanceTokens)))
            resets.append((labels, Double(pool.resetsAt.milliseconds) / 1_000))
        }
        return [
            MetricFamily(
                "asinqd_limit_available_tokens", .gauge,
                "Tokens that a limit of an endpoint allows now.", available),
            MetricFamily(
                "asinqd_limit_capacity_tokens", .gauge, "Tokens that the limit allows at most.",
                capacity),
            MetricFamily(
                "asinqd_pool_remaining_tokens", .gauge, "Tokens left in a daily pool.", remaining),
            MetricFamily(
                "asinqd_pool_allowance_tokens", .gauge, "Tokens of a daily pool's day.", allowance),
            MetricFamily(
                "asinqd_pool_reset_timestamp_seconds", .gauge, "When the pool is full again.",
                resets),
        ]
    }
}
