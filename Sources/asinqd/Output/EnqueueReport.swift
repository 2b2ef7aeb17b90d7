import Planning
import Storage

/// What `enqueue` says when it is done.
struct EnqueueReport {
    let intake: ProductIntake
    let enqueued: [String: Enqueued]
    let order: [String]

    private struct JSON: Encodable {
        struct Endpoint: Encodable {
            var added: Int
            var alreadyOpen: Int
            var fresh: Int
        }

        var lines: Int
        var products: Int
        var badLines: Int
        var firstBadLines: [ProductIntake.BadLine]
        var endpoints: [String: Endpoint]
    }

    func print(json: Bool) throws {
        Self.listBadLines(intake)
        if json {
            try Output.json(
                JSON(
                    lines: intake.lines, products: intake.products, badLines: intake.badLines,
                    firstBadLines: intake.firstBadLines,
                    endpoints: enqueued.mapValues {
                        JSON.Endpoint(added: $0.added, alreadyOpen: $0.alreadyOpen, fresh: $0.fresh)
                    }))
            return
        }
        for endpoint in order {
            guard let counts = enqueued[endpoint] else { continue }
            var parts = [HumanText.count(counts.added, "job", "jobs") + " added"]
            if counts.alreadyOpen > 0 {
                parts.append("\(HumanText.number(counts.alreadyOpen)) already waiting")
            }
            if counts.fresh > 0 {
                parts.append("\(HumanText.number(counts.fresh)) with a recent result")
            }
            Output.line("\(endpoint): \(parts.joined(separator: ", "))")
        }
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
        _ name: String, share: Double?, products: Int, elapsed: Duration
    ) -> String {
        let percent = share.map { "\(Int($0 * 100)) %  " } ?? ""
        let perSecond = Int(Double(products) / max(0.001, Double(elapsed.milliseconds) / 1_000))
        return TerminalText.excerpt(name, 30)
            + "  \(percent)\(HumanText.number(products)) ASINs, \(HumanText.number(perSecond)) a second"
    }
}
