import Planning
import Providers
import Storage

/// What `enqueue` says when it is done.
struct EnqueueReport {
    let intake: ProductIntake
    let enqueued: [String: Enqueued]
    let order: [String]
    let isDryRun: Bool
    let form: ProductForm
    /// Whether barcodes lead on to lookups.
    let leadsOn: Bool
    /// Has a group for the jobs that were added, at each endpoint that got some.
    let forecast: Forecast
    let hasLookupAccount: Bool
    let isDaemonRunning: Bool

    private struct JSON: Encodable {
        struct Endpoint: Encodable {
            var added: Int
            var alreadyOpen: Int
            var fresh: Int
            /// Codes of fresh results that are looked up at once.
            var lookUps: Int
            /// When the added jobs are done; null when there are none, or when they have no end.
            var finishesAt: NullableInstant
            /// What the added jobs cost.
            var tokens: Int
            /// Of the pool that it may spend least of, now.
            var tokensLeftToday: Int
            /// Why the jobs are not done by themselves: the words of `Standstill`.
            var standstill: String?
        }

        var lines: Int
        var products: Int
        var badLines: Int
        var firstBadLines: [ProductIntake.BadLine]
        var isDryRun: Bool
        var isDaemonRunning: Bool
        var isApproximate: Bool
        var endpoints: [String: Endpoint]
    }

    func print(json: Bool) throws {
        Self.listBadLines(intake)
        if json { return try Output.json(data) }
        for endpoint in order {
            guard let counts = enqueued[endpoint] else { continue }
            var parts = [
                HumanText.count(counts.added, "job", "jobs")
                    + (isDryRun ? " would be added" : " added")
            ]
            if counts.alreadyOpen > 0 {
                parts.append("\(HumanText.number(counts.alreadyOpen)) already waiting")
            }
            if counts.fresh > 0 {
                parts.append("\(HumanText.number(counts.fresh)) with a recent result")
            }
            if counts.lookUpsAdded > 0 {
                parts.append(
                    "\(HumanText.count(counts.lookUpsAdded, "code", "codes")) to look up at once")
            }
            Output.line("\(endpoint): \(parts.joined(separator: ", "))")
        }
        for endpoint in order {
            if let sentence = sentence(endpoint) { Output.line(sentence) }
        }
        if leadsOn, let added = enqueued[ASINScope.barcodes]?.added, added > 0 {
            let most = HumanText.count(added, "code", "codes")
            Output.line("lookup: up to \(most) will follow from them, which no time here counts in")
            if !hasLookupAccount {
                Output.line("lookup: \(Accounts.missing(for: UPCitemdb.lookup))")
            }
        }
    }

    private var data: JSON {
        JSON(
            lines: intake.lines, products: intake.products, badLines: intake.badLines,
            firstBadLines: intake.firstBadLines, isDryRun: isDryRun,
            isDaemonRunning: isDaemonRunning, isApproximate: forecast.isApproximate,
            endpoints: Dictionary(
                uniqueKeysWithValues: enqueued.map { name, counts in
                    let lane = forecast[name]
                    return (
                        name,
                        JSON.Endpoint(
                            added: counts.added, alreadyOpen: counts.alreadyOpen,
                            fresh: counts.fresh, lookUps: counts.lookUpsAdded,
                            finishesAt: NullableInstant(
                                instant: lane?.groups.first?.finishesAt),
                            tokens: lane?.groups.first?.tokens ?? 0,
                            tokensLeftToday: forecast.pool(of: name)?.tokensLeft ?? 0,
                            standstill: lane?.standstill?.rawValue)
                    )
                }))
    }

    /// "images: 12,000 jobs, done Tue 04:10 UTC, needs 12,000 of today's 31,400 tokens", of the jobs
    /// that were added.
    private func sentence(_ endpoint: String) -> String? {
        guard let lane = forecast[endpoint], let group = lane.groups.first,
            let pool = forecast.pool(of: endpoint)
        else { return nil }
        let end = forecast.done(
            group.finishesAt, standstill: lane.standstill, at: endpoint,
            isDaemonRunning: isDaemonRunning)
        let tokens = HumanText.number(group.tokens)
        let left = HumanText.number(pool.tokensLeft)
        let isToday = group.finishesAt.map { $0 < pool.resetsAt } ?? false
        let needs =
            isToday && group.tokens <= pool.tokensLeft
            ? "needs \(tokens) of today's \(left) tokens"
            : "needs \(HumanText.count(group.tokens, "token", "tokens")), and today has \(left) left"
        let jobs = HumanText.count(enqueued[endpoint]?.added ?? 0, "job", "jobs")
        return "\(endpoint): \(jobs), \(end), \(needs)"
    }

    static func listBadLines(_ intake: ProductIntake) {
        for bad in intake.firstBadLines {
            Output.error("\(TerminalText.safe(bad.file)):\(bad.line): \(bad.reason)")
        }
        let more = intake.badLines - intake.firstBadLines.count
        if more > 0 {
            Output.error("… and \(HumanText.count(more, "more bad line", "more bad lines"))")
        }
    }

    static func progress(
        _ name: String, _ form: ProductForm, share: Double?, products: Int, elapsed: Duration
    ) -> String {
        let percent = share.map { "\(Int($0 * 100)) %  " } ?? ""
        let perSecond = Int(Double(products) / max(0.001, Double(elapsed.milliseconds) / 1_000))
        return TerminalText.excerpt(name, 30)
            + "  \(percent)\(HumanText.number(products)) \(form.plural), \(HumanText.number(perSecond)) a second"
    }
}
