internal import GRDB
package import Planning

/// What a command does to the selected jobs.
package enum JobCommand: Equatable, Sendable {
    /// A running job's call is in progress, so it is not cancelled.
    case cancel(at: Timestamp)
    /// Defers waiting jobs until they are resumed.
    case pause
    case resume
    /// Returns dead letters to the queue, with their counts cleared. A dead letter whose product has an open
    /// job stays as it is. A search continues where it was, unless its result is a later one's by now.
    case retry
    case edit(JobEdit)
}

/// New values of waiting jobs; nil leaves the old one.
package struct JobEdit: Equatable, Sendable {
    package var priority: Int?
    /// An empty text removes the label.
    package var label: String?
    /// Paused jobs keep waiting for `resume`.
    package var notBefore: Timestamp?

    package init(priority: Int? = nil, label: String? = nil, notBefore: Timestamp? = nil) {
        self.priority = priority
        self.label = label
        self.notBefore = notBefore
    }
}

/// The progress of a command.
package struct JobProgress: Equatable, Sendable {
    /// Jobs that were selected.
    package var selected = 0
    /// The selected jobs that the command has visited.
    package var visited = 0
    /// The visited jobs that it changed. The others were taken, finished or changed in between.
    package var changed = 0

    package init() {}
}

extension JobCommand {
    /// Names the states as the index `queue_open` does, so that SQLite seeks products instead of scanning.
    private static let waiting = "state = 'available' AND state IN ('available', 'running')"

    /// Whether the product of a finished job was answered by a later call.
    static let isAnsweredSince = """
        EXISTS (
            SELECT 1 FROM result WHERE result.endpoint = queue.endpoint
                AND result.product = queue.product AND result.call_id > queue.call_id)
        """

    /// The jobs that it can change.
    var condition: String {
        let paused = Store.pausedUntil.milliseconds
        return switch self {
        case .cancel: Self.waiting
        case .pause: "\(Self.waiting) AND not_before <> \(paused)"
        case .resume: "\(Self.waiting) AND not_before = \(paused)"
        case .retry: "state = 'discarded' AND finished_at IS NOT NULL"
        case .edit(let edit):
            edit.notBefore == nil
                ? Self.waiting : "\(Self.waiting) AND not_before <> \(paused)"
        }
    }

    var assignments: String {
        switch self {
        case .cancel(let now): "state = 'cancelled', finished_at = \(now.milliseconds)"
        case .pause: "not_before = \(Store.pausedUntil.milliseconds)"
        case .resume: "not_before = 0"
        case .retry:
            """
            state = 'available', not_before = 0, failures = 0,
            snoozes = 0, batch_limit = 100, finished_at = NULL, error = NULL,
            (pages_done, page_offset) = (
                SELECT iif(is_replaced, 0, pages_done), iif(is_replaced, 0, page_offset)
                FROM (SELECT \(Self.isAnsweredSince) AS is_replaced) AS part)
            """
        case .edit(let edit):
            [
                edit.priority.map { "priority = \($0)" },
                edit.label.map { _ in "label = nullif(?, '')" },
                edit.notBefore.map { "not_before = \($0.milliseconds)" },
            ].compactMap(\.self).joined(separator: ", ")
        }
    }

    /// Of the assignments.
    var arguments: StatementArguments {
        if case .edit(let edit) = self, let label = edit.label { [label] } else { [] }
    }
}
