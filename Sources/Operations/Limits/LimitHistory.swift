package import Planning
package import Storage

/// How much each limit and pool had available over time, and the refusals. Its JSON is a contract: fields are
/// added, never renamed.
package struct LimitHistory: Encodable, Sendable {
    package struct Point: Encodable, Sendable, Equatable {
        package var at: String
        package var available: Int
        package var capacity: Int
    }

    package struct Series: Encodable, Sendable {
        package var provider: String
        package var account: String
        /// Absent for a pool that the account's endpoints share.
        package var endpoint: String?
        /// `sliding_window`, `token_bucket` or `daily_pool`.
        package var limit: String
        /// How long a window is; absent for other limits.
        package var seconds: Double?
        package var points: [Point]
    }

    package struct Refusal: Encodable, Sendable, Equatable {
        package var at: String
        package var callID: Int64
        package var endpoint: String
        package var account: String
        package var httpStatus: Int?
    }

    package var since: String
    package var until: String
    package var series: [Series]
    /// The latest ones, in chronological order.
    package var refusals: [Refusal]

    package static let spanMax = Duration.day * 31
    package static let pointsMax = 500
    package static let refusalsMax = 500

    /// The time is divided into as many parts as half of the points: each part has a point where the least was
    /// available, and one at its end.
    ///
    /// Each part is read in a transaction of its own, because together they may be all calls of a month.
    ///
    /// - Throws: `OperationError.badRequest` for a time that is empty or too long; `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, since: Timestamp, until: Timestamp
    ) throws -> LimitHistory {
        guard since < until, until - since <= spanMax else {
            throw OperationError(
                .badRequest,
                "The time from \(HumanText.instant(since)) to \(HumanText.instant(until)) is empty or too long.\nTry: use a time since before until, at most \(HumanText.span(spanMax)) apart."
            )
        }
        let accounts = try settings.limits(in: store)
        let parts = Int64(pointsMax / 2)
        let span = (until - since).milliseconds
        var series: [LimitSeries] = []
        for account in accounts {
            var own: [LimitSeries] = []
            for part in 0..<parts {
                let start = since + .milliseconds(span * part / parts)
                let end = since + .milliseconds(span * (part + 1) / parts)
                if start == end { continue }
                try LimitSeries.extend(&own, with: account, in: store, from: start, to: end)
            }
            series += own
        }
        return LimitHistory(
            since: HumanText.iso(since), until: HumanText.iso(until), series: series.map(\.report),
            refusals: try refusals(of: accounts, in: store, since: since, until: until))
    }

    private static func refusals(
        of accounts: [AccountLimits], in store: Store, since: Timestamp, until: Timestamp
    ) throws -> [Refusal] {
        let lines = try accounts.flatMap { account in
            try account.periods.flatMap(\.endpoints).reduce(into: [Endpoint]()) { known, endpoint in
                if !known.contains(where: { $0.name == endpoint.name }) { known.append(endpoint) }
            }.flatMap {
                try store.refusals(at: $0, from: since, to: until, limit: refusalsMax)
            }
        }
        return lines.sorted {
            ($0.entry.settledAt!, $0.entry.id) < ($1.entry.settledAt!, $1.entry.id)
        }.suffix(refusalsMax).map { line in
            Refusal(
                at: HumanText.iso(line.entry.settledAt ?? line.entry.startedAt),
                callID: line.entry.id, endpoint: line.entry.endpoint, account: line.entry.account,
                httpStatus: line.httpStatus)
        }
    }
}
