internal import Planning
package import Storage

/// The report of `results` on requested products without a row: how many for each reason, and the first few
/// by name.
package struct MissingRows {
    /// Why there is no row, in the words of the heading of those products.
    private struct Reason: Equatable {
        var text: String
        /// Said of each product, where it is not the same for all.
        var isOfEach = false
    }

    private static let namesShown = 5

    package let whereabouts: [(product: String, place: Whereabouts)]
    /// How many products were asked for.
    package let asked: Int
    package let endpoint: String
    /// Whether a row is an offer, so that an answered product may have none.
    package let areOffers: Bool

    package init(
        whereabouts: [(product: String, place: Whereabouts)], asked: Int, endpoint: String,
        areOffers: Bool
    ) {
        self.whereabouts = whereabouts
        self.asked = asked
        self.endpoint = endpoint
        self.areOffers = areOffers
    }

    /// nil where none is missing.
    package var text: String? {
        if whereabouts.isEmpty { return nil }
        var groups: [(reason: Reason, names: [String], count: Int)] = []
        for (product, place) in whereabouts {
            let reason = reason(place)
            let index = groups.firstIndex { $0.reason == reason } ?? groups.count
            if index == groups.count { groups.append((reason, [], 0)) }
            groups[index].count += 1
            if groups[index].names.count < Self.namesShown {
                groups[index].names.append(Self.name(product, place))
            }
        }
        let heading =
            "No row for \(HumanText.number(whereabouts.count)) of "
            + HumanText.count(asked, "product", "products") + ":"
        return ([heading] + groups.map(Self.line)).joined(separator: "\n")
    }

    private static func line(_ group: (reason: Reason, names: [String], count: Int)) -> String {
        let more = group.count - group.names.count
        let separator = group.reason.isOfEach ? "; " : ", "
        return "  \(HumanText.number(group.count)) \(group.reason.text): "
            + group.names.joined(separator: separator)
            + (more > 0 ? " and \(HumanText.number(more)) more" : "")
    }

    private static func name(_ product: String, _ place: Whereabouts) -> String {
        let name = TerminalText.excerpt(product, 60)
        switch place {
        case .waiting(let notBefore?): return "\(name) (not before \(HumanText.instant(notBefore)))"
        case .discarded(let error): return "\(name) (\(TerminalText.excerpt(error, 100)))"
        default: return name
        }
    }

    private func reason(_ place: Whereabouts) -> Reason {
        switch place {
        case .waiting(nil): Reason(text: "waiting (asinqd plan shows when they will be done)")
        case .waiting: Reason(text: "scheduled for later", isOfEach: true)
        case .paused: Reason(text: "paused (until asinqd resume)")
        case .running: Reason(text: "running, a call is in progress")
        case .discarded:
            Reason(text: "dead letters (asinqd retry puts them back)", isOfEach: true)
        case .cancelled: Reason(text: "cancelled")
        case .neverRequested:
            Reason(text: "never requested, or pruned (asinqd enqueue --\(endpoint) adds them)")
        case .answered(isFound: false): Reason(text: "not found by the provider")
        case .answered(isFound: true):
            Reason(text: areOffers ? "found, without offers" : "answered just now")
        }
    }
}
