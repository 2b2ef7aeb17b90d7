/// The jobs of one endpoint that the same lanes take: those that name an account, or those that name none,
/// which the lanes of every shared account take.
package struct QueueBacklog: Equatable, Sendable {
    package var endpoint: String
    package var account: String?
    /// A line for each of the ten priorities.
    package var lines: [LineBacklog]
    /// Jobs of open calls.
    package var running: [RunningJobs]
    /// Jobs that wait until a person resumes them. They are in no line.
    package var paused: Int
    /// Groups whose end is to be calculated.
    package var groups: [JobGroup]

    package init(
        endpoint: String, account: String? = nil,
        lines: [LineBacklog] = Array(repeating: LineBacklog(), count: 10),
        running: [RunningJobs] = [], paused: Int = 0, groups: [JobGroup] = []
    ) {
        precondition(lines.count == 10)
        self.endpoint = endpoint
        self.account = account
        self.lines = lines
        self.running = running
        self.paused = paused
        self.groups = groups
    }

    /// Jobs that are going to run, or are running.
    var jobs: Int { lines.reduce(0) { $0 + $1.count } + running.reduce(0) { $0 + $1.count } }

    /// The jobs whose answer may lead to another endpoint.
    var leading: Int {
        lines.reduce(0) { $0 + $1.leading }
            + running.reduce(0) { $0 + $1.leading.reduce(0, +) }
    }
}

/// The jobs of one priority that are going to run, first in, first out.
package struct LineBacklog: Equatable, Sendable {
    /// Jobs that may run at once.
    package var ready: Int
    /// The ids of the first and the last of them, with the others spread between: the order in which lanes
    /// take from two queues.
    package var firstID: Int64
    package var lastID: Int64
    /// When the last of them was enqueued: jobs left over at the end linger from then on.
    package var lastEnqueuedAt: Timestamp
    /// Jobs that are due later, in the order in which they become due.
    package var scheduled: [ScheduledJobs]
    /// How many of all these may lead to another endpoint.
    package var leading: Int

    package init(
        ready: Int = 0, firstID: Int64 = 0, lastID: Int64 = 0,
        lastEnqueuedAt: Timestamp = Timestamp(milliseconds: 0), scheduled: [ScheduledJobs] = [],
        leading: Int = 0
    ) {
        self.ready = ready
        self.firstID = firstID
        self.lastID = lastID
        self.lastEnqueuedAt = lastEnqueuedAt
        self.scheduled = scheduled
        self.leading = leading
    }

    var count: Int { scheduled.reduce(ready) { $0 + $1.count } }
}

/// Jobs of one priority that become due at about the same time.
package struct ScheduledJobs: Equatable, Sendable {
    /// When the last of them is due.
    package var dueAt: Timestamp
    package var count: Int
    /// Ready jobs of the same priority that were enqueued before the first of these, and so go first.
    package var ahead: Int

    package init(dueAt: Timestamp, count: Int, ahead: Int) {
        self.dueAt = dueAt
        self.count = count
        self.ahead = ahead
    }
}

/// The jobs of a queue in an open call.
package struct RunningJobs: Equatable, Sendable {
    package var callID: Int64
    package var count: Int
    /// How many of them may lead to another endpoint, by priority; empty: none.
    package var leading: [Int]

    package init(callID: Int64, count: Int, leading: [Int] = []) {
        self.callID = callID
        self.count = count
        self.leading = leading
    }
}
