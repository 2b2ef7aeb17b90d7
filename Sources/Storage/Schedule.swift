internal import GRDB
internal import Planning

/// A standing job: products of an endpoint that the daemon looks up again at an interval.
package struct Schedule: Equatable, Sendable {
    package var id: Int64
    package var endpoint: String
    /// The label of its jobs; with the endpoint, its name.
    package var label: String
    /// The only account that may take its jobs; nil: any shared one.
    package var account: String?
    package var every: Duration
    /// The priority of its jobs.
    package var priority: Int
    /// Whether its products are all that have a result at the endpoint, in place of a list.
    package var isAllKnown: Bool
    package var isPaused: Bool

    /// The permitted intervals.
    package static let everyRange = Duration.seconds(3_600)...Duration.seconds(3_650 * 86_400)

    /// The least urgent one.
    package static let priorityUsual = 9
}

/// A schedule to add.
package struct NewSchedule: Equatable, Sendable {
    package var endpoint: String
    package var label: String
    package var account: String?
    package var every: Duration
    package var priority: Int
    package var isAllKnown: Bool

    package init(
        endpoint: String, label: String, account: String? = nil, every: Duration,
        priority: Int = Schedule.priorityUsual, isAllKnown: Bool = false
    ) {
        self.endpoint = endpoint
        self.label = label
        self.account = account
        self.every = every
        self.priority = priority
        self.isAllKnown = isAllKnown
    }
}

extension Schedule {
    static let columns = "id, endpoint, label, account, every_ms, priority, is_all_known, is_paused"

    init(_ row: Row) {
        self.init(
            id: row[0], endpoint: row[1], label: row[2], account: row[3],
            every: .milliseconds(row[4] as Int64), priority: row[5], isAllKnown: row[6],
            isPaused: row[7])
    }
}
