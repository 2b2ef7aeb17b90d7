/// What a search through a small world found.
package struct ModelCheckReport: Equatable, Sendable {
    package var world: String
    /// Different states that were seen.
    package var states = 1
    /// Actions that led from one state to another, or to one that was seen before.
    package var transitions = 0
    /// The length of the longest path gone.
    package var depth = 0
    /// Whether every state was expanded.
    package var isExhausted = false
    /// States in which all jobs were finished. None of them: the planner is safe because it does nothing.
    package var endings = 0
    package var violation: Violation?

    package struct Violation: Equatable, Sendable {
        package var property: ModelProperty
        package var detail: String
        /// What happened, a line each; after the last of them the property did not hold.
        package var path: [String]
    }

    init(world: String) {
        self.world = world
    }

    /// For a person: a line, and the path to a breach below it.
    package var text: String {
        let extent = isExhausted ? "all of it" : "not all of it"
        let summary =
            "\(world): \(states) states, \(transitions) transitions, \(endings) endings, "
            + "depth \(depth), \(extent)"
        guard let violation else { return summary }
        let colon = violation.detail.isEmpty ? "" : ": "
        let heading = "does not hold: \(violation.property.rawValue)\(colon)\(violation.detail)"
        return ([summary, heading] + violation.path.map { "  " + $0 }).joined(separator: "\n")
    }
}
