package import Storage

extension Enqueued {
    private static let labelsListed = 3

    /// "2 jobs added, 3 raised, 95 already waiting, 1 repeated in the input".
    ///
    /// - Parameter repeats: Lines that name the product of a line before.
    package func text(repeats: Int = 0, isDryRun: Bool = false) -> String {
        let counts = [
            (raised, "raised"), (widened, "widened"),
            (alreadyOpen - raised - widened, "already waiting"), (fresh, "with a recent result"),
            (repeats, "repeated in the input"),
        ].filter { $0.0 > 0 }.map { "\(HumanText.number($0.0)) \($0.1)" }
        let jobs = HumanText.count(added, "job", "jobs")
        let lookups =
            lookupsAdded > 0
            ? ["\(HumanText.count(lookupsAdded, "code", "codes")) to look up at once"] : []
        return (["\(jobs) \(isDryRun ? "would be added" : "added")"] + counts + lookups)
            .joined(separator: ", ")
    }

    /// "100 keep their label 'autumn', 3 stay without a label"; nil where no other label was given.
    package var keptLabelsText: String? {
        let labels = keptLabelsByCount
        guard !labels.isEmpty else { return nil }
        var parts = labels.prefix(Self.labelsListed).map { label, jobs in
            let number = HumanText.number(jobs)
            let isOne = jobs == 1
            guard let label else { return "\(number) \(isOne ? "stays" : "stay") without a label" }
            return
                "\(number) \(isOne ? "keeps its" : "keep their") label '\(TerminalText.excerpt(label, 40))'"
        }
        let more = labels.dropFirst(Self.labelsListed).reduce(0) { $0 + $1.value }
        if more > 0 { parts.append("\(HumanText.number(more)) with other labels") }
        return parts.joined(separator: ", ")
    }

    /// The most frequent first.
    package var keptLabelsByCount: [(key: String?, value: Int)] {
        keptLabels.sorted { ($1.value, $0.key ?? "") < ($0.value, $1.key ?? "") }
    }
}
