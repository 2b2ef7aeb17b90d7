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
    let notBefore: InstantArgument?
    /// The endpoint whose results are followed up, and the one that they lead to.
    let leading: (from: String, to: EndpointDefinition)?
    /// Has a group for the jobs that were added, at each endpoint that got some.
    let forecast: Forecast
    /// Whether there is an account for that one.
    let hasFollowUpAccount: Bool
    let isDaemonRunning: Bool

    private struct JSON: Encodable {
        struct Endpoint: Encodable {
            var added: Int
            /// Those that keep their job, however that was changed.
            var alreadyOpen: Int
            var raised: Int
            var widened: Int
            var keptLabels: [KeptLabel]
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

        /// Open jobs that have another label than the one given; null: none.
        struct KeptLabel: Encodable {
            var label: String?
            var jobs: Int

            enum CodingKeys: CodingKey {
                case label, jobs
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(label, forKey: .label)
                try container.encode(jobs, forKey: .jobs)
            }
        }

        var lines: Int
        var products: Int
        /// Of `products`, those that repeat one of a line before.
        var repeated: Int
        var notBefore: NullableInstant
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
            Output.line("\(endpoint): \(counts.text(repeats: intake.repeats, isDryRun: isDryRun))")
        }
        for endpoint in order {
            if let sentence = sentence(endpoint) { Output.line(sentence) }
        }
        for endpoint in order {
            if let labels = enqueued[endpoint]?.keptLabelsText {
                Output.line("\(endpoint): \(labels)")
            }
        }
        if let notBefore {
            let zone = notBefore.lacksZone ? "; a time without a zone is UTC" : ""
            Output.line(
                "new jobs run no earlier than \(HumanText.instant(notBefore.instant))\(zone)")
        }
        if let leading, let added = enqueued[leading.from]?.added, added > 0 {
            let to = leading.to.name
            if hasFollowUpAccount, let lane = forecast[to], let text = forecast.followUps(lane) {
                Output.line("\(to): \(text)")
            } else {
                let form = leading.to.form
                let most = HumanText.count(added, form.noun, form.plural)
                Output.line("\(to): up to \(most) follow; \(Accounts.missing(for: to))")
            }
        }
    }

    private var data: JSON {
        JSON(
            lines: intake.lines, products: intake.products, repeated: intake.repeats,
            notBefore: NullableInstant(instant: notBefore?.instant), badLines: intake.badLines,
            firstBadLines: intake.firstBadLines, isDryRun: isDryRun,
            isDaemonRunning: isDaemonRunning, isApproximate: forecast.isApproximate,
            endpoints: Dictionary(
                uniqueKeysWithValues: enqueued.map { name, counts in
                    let lane = forecast[name]
                    return (
                        name,
                        JSON.Endpoint(
                            added: counts.added, alreadyOpen: counts.alreadyOpen,
                            raised: counts.raised, widened: counts.widened,
                            keptLabels: counts.keptLabelsByCount.map {
                                JSON.KeptLabel(label: $0.key, jobs: $0.value)
                            },
                            fresh: counts.fresh, lookUps: counts.lookUpsAdded,
                            finishesAt: NullableInstant(
                                instant: lane?.groups.first?.finishesAt),
                            tokens: lane?.groups.first?.tokens ?? 0,
                            tokensLeftToday: forecast.dayLeft(at: name)?.tokens ?? 0,
                            standstill: lane?.standstill?.rawValue)
                    )
                }))
    }

    /// "images: 12,000 jobs, done Tue 04:10 UTC, needs 12,000 of today's 31,400 tokens", of the jobs
    /// that were added; where all of them waited before, when the endpoint is done.
    private func sentence(_ endpoint: String) -> String? {
        guard let lane = forecast[endpoint], let day = forecast.dayLeft(at: endpoint) else {
            return nil
        }
        guard let group = lane.groups.first else {
            let isOpen = enqueued[endpoint].map { $0.alreadyOpen > 0 } ?? false
            guard isOpen, lane.finishesAt != nil || lane.standstill != nil else { return nil }
            return "\(endpoint): all waiting jobs, "
                + forecast.done(lane, isDaemonRunning: isDaemonRunning)
        }
        let end = forecast.done(
            group.finishesAt, standstill: lane.standstill, at: endpoint,
            isDaemonRunning: isDaemonRunning)
        let tokens = HumanText.number(group.tokens)
        let left = HumanText.number(day.tokens)
        let isToday = group.finishesAt.map { $0 < day.resetsAt } ?? false
        let needs =
            isToday && group.tokens <= day.tokens
            ? "needs \(tokens) of today's \(left) tokens"
            : "needs \(HumanText.count(group.tokens, "token", "tokens")), and today has \(left) left"
        let jobs = HumanText.count(enqueued[endpoint]?.added ?? 0, "job", "jobs")
        return "\(endpoint): \(jobs), \(end), \(needs)"
    }

    /// What there is to say when the database fails before the end of the input.
    static func interruption(
        by error: StoreError, after enqueued: [String: Enqueued], of intake: ProductIntake,
        order: [String]
    ) -> CommandFailure {
        listBadLines(intake)
        var lines = TerminalText.safeLines(error.description).split(separator: "\n").map(
            String.init)
        let counts = order.map { endpoint in
            let counts = enqueued[endpoint] ?? Enqueued()
            return
                "\(endpoint): \(counts.text()), of \(HumanText.count(intake.distinct, "product", "products")) read."
        }
        lines.insert(contentsOf: counts, at: 1)
        lines.append("Then enqueue the same list again: what was added is not added twice.")
        return CommandFailure(
            CommandFailure(error)?.code ?? .failure, lines.joined(separator: "\n"))
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
