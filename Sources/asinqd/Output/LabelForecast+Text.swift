import Operations
import Planning

extension LabelForecast {
    /// A table of the labels that are done first, for people.
    static func lines(
        _ labels: [LabelForecast], _ forecast: Forecast, most: Int, width: Int
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
                label.label, HumanText.number(label.jobs),
                label.tokensText, label.done(forecast),
            ])
        }
        let more = labels.count - min(most, labels.count) + forecast.labelsLeftOut
        let rest = more > 0 ? ["… and \(HumanText.count(more, "more label", "more labels"))"] : []
        return table.lines(width: width) + rest
    }

    private func done(_ forecast: Forecast) -> String {
        let held = paused > 0 ? "\(HumanText.number(paused)) paused" : nil
        let about = forecast.isApproximate ? "about " : ""
        let end = finishesAt.instant.map { about + HumanText.minute($0, from: forecast.at) }
        return [end ?? never, held].compactMap(\.self).joined(separator: ", ")
    }

    /// What some of its jobs wait for.
    private var never: String? {
        let standing = endpoints.filter { $0.jobs > 0 && $0.finishesAt.instant == nil }
        func all(_ reason: Standstill) -> [String] {
            standing.filter { $0.standstill == reason.rawValue }.map(\.endpoint)
        }
        let unserved = all(.noAccount)
        if !unserved.isEmpty { return "no account for \(unserved.joined(separator: " and "))" }
        if !all(.missingAccount).isEmpty { return "some name an account that is not in use" }
        if !all(.diskFull).isEmpty { return "waits for free disk space" }
        return jobs > 0 ? "waits for asinqd resume" : nil
    }
}
