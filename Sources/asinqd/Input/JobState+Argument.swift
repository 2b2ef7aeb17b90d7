import ArgumentParser
import Operations
import Storage

extension JobState {
    static var names: [String] { allCases.map(\.rawValue) }

    /// Words for states in other programs.
    private static let otherWords: [String: JobState] = [
        "dead": .discarded, "dead-letter": .discarded, "dead-letters": .discarded,
        "failed": .discarded, "done": .completed, "finished": .completed, "waiting": .ready,
        "available": .ready, "scheduled": .later,
    ]

    /// - Throws: a usage error with the state that was probably meant.
    static func argument(_ text: String) throws -> JobState {
        if let state = JobState(rawValue: text) { return state }
        let meant =
            otherWords[text.lowercased()]?.rawValue ?? Spelling.nearest(to: text, among: names)
        throw ValidationError(
            "There is no such state.\nTry: use \(meant ?? names.joined(separator: ", ")).")
    }
}
