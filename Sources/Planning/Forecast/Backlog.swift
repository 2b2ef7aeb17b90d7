/// What waits at the endpoints of one provider, as counts: all that a forecast looks at, however many
/// jobs there are. A job that may take several pages is as many jobs here, because each is a call.
package struct Backlog: Equatable, Sendable {
    /// When it was counted.
    package var at: Timestamp
    package var ledger: Ledger
    /// In the provider's order.
    package var lanes: [LaneBacklog]
    /// How many labels of jobs that wait have no group in a lane, because there are too many.
    package var labelsLeftOut: Int

    package init(
        at: Timestamp, ledger: Ledger = Ledger(), lanes: [LaneBacklog], labelsLeftOut: Int = 0
    ) {
        self.labelsLeftOut = labelsLeftOut
        self.at = at
        self.ledger = ledger
        self.lanes = lanes
    }

    package subscript(endpoint: String) -> LaneBacklog? {
        get { lanes.first { $0.endpoint.name == endpoint } }
        set {
            guard let newValue,
                let index = lanes.firstIndex(where: { $0.endpoint.name == endpoint })
            else { return }
            lanes[index] = newValue
        }
    }
}

/// What waits at one endpoint.
package struct LaneBacklog: Equatable, Sendable {
    package var endpoint: Endpoint
    package var isPaused: Bool
    /// What keeps the lane from calling that neither the queue nor the ledger shows.
    package var standstill: Standstill?
    /// As in `Snapshot`.
    package var resumedAfter: Int64
    /// A line for each of the ten priorities.
    package var lines: [LineBacklog]
    /// Jobs of the call that is under way.
    package var running: Int
    /// Jobs put off until somebody resumes them. They are in no line.
    package var paused: Int
    /// Those whose end is asked for.
    package var groups: [JobGroup]

    package init(
        endpoint: Endpoint, isPaused: Bool = false, resumedAfter: Int64 = 0,
        lines: [LineBacklog] = Array(repeating: LineBacklog(), count: 10), running: Int = 0,
        paused: Int = 0, groups: [JobGroup] = []
    ) {
        precondition(lines.count == 10)
        self.endpoint = endpoint
        self.isPaused = isPaused
        self.resumedAfter = resumedAfter
        self.lines = lines
        self.running = running
        self.paused = paused
        self.groups = groups
    }
}

/// The jobs of one priority that are going to run, first in, first out.
package struct LineBacklog: Equatable, Sendable {
    /// Jobs that may run at once.
    package var ready: Int
    /// When the last of them came in: those that are left over at the end linger from then on.
    package var lastEnqueuedAt: Timestamp
    /// Jobs that were put off, in the order in which they become due.
    package var putOff: [PutOffJobs]

    package init(
        ready: Int = 0, lastEnqueuedAt: Timestamp = Timestamp(milliseconds: 0),
        putOff: [PutOffJobs] = []
    ) {
        self.ready = ready
        self.lastEnqueuedAt = lastEnqueuedAt
        self.putOff = putOff
    }

    var count: Int { putOff.reduce(ready) { $0 + $1.count } }
}

/// Jobs of one priority that become due at about the same time.
package struct PutOffJobs: Equatable, Sendable {
    /// When the last of them is due.
    package var dueAt: Timestamp
    package var count: Int
    /// Ready jobs of the same priority that came in before the first of these, and so go first.
    package var ahead: Int

    package init(dueAt: Timestamp, count: Int, ahead: Int) {
        self.dueAt = dueAt
        self.count = count
        self.ahead = ahead
    }
}
