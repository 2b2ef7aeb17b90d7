/// The lanes of an endpoint of one account in a forecast: their open calls, and totals so far.
struct VirtualLane {
    /// A call in progress, and the effects of its end.
    struct Open {
        var entry: LedgerEntry
        var finish: Timestamp
        /// The queues that it has jobs of.
        var queues: Set<Int> = []
        /// Groups whose last jobs, or some of them, it has.
        var groups: [(queue: Int, group: Int)] = []
        /// Jobs that may lead to another endpoint.
        var leading: [(queue: Int, priority: Int, count: Int)] = []

        init(_ entry: LedgerEntry, finish: Timestamp) {
            self.entry = entry
            self.finish = finish
        }

        /// A call that is open at the start.
        init(_ entry: LedgerEntry, finish: Timestamp, in backlog: [QueueBacklog]) {
            self.init(entry, finish: finish)
            for (index, queue) in backlog.enumerated() {
                for jobs in queue.running where jobs.callID == entry.id {
                    queues.insert(index)
                    for (priority, count) in jobs.leading.enumerated() where count > 0 {
                        leading.append((index, priority, count))
                    }
                }
                for (number, group) in queue.groups.enumerated()
                where group.calls.contains(entry.id) {
                    groups.append((index, number))
                }
            }
        }
    }

    let endpoint: Endpoint
    /// The account's place among those of the run.
    let account: Int
    /// The queues whose jobs it takes.
    let queues: [Int]
    let isPaused: Bool
    let resumedAfter: Int64
    let callDuration: Duration

    /// By slot.
    private(set) var opens: [Open] = []
    /// When a lane without a call looks again; nil: when a call has ended.
    var looksAt: Timestamp?
    /// The reason why the next call waits.
    var hold: Hold?
    /// The reason why it makes no more calls.
    var standstill: Standstill?

    var calls = 0
    var tokens = 0
    var finishedAt: Timestamp?

    init(_ lane: LaneCondition, account: Int, queues: [Int], callDuration: Duration) {
        endpoint = lane.endpoint
        self.account = account
        self.queues = queues
        isPaused = lane.isPaused
        resumedAfter = lane.resumedAfter
        standstill = lane.standstill
        self.callDuration = callDuration
    }

    /// The lowest slot without a call.
    var freeSlot: Int? {
        endpoint.clientPolicy.slots.first { slot in !opens.contains { $0.entry.slot == slot } }
    }

    /// The next instant at which something happens by itself.
    var next: Timestamp? {
        let looksAt = freeSlot == nil ? nil : looksAt
        return (opens.map(\.finish) + [looksAt].compactMap(\.self)).min()
    }

    mutating func open(_ call: Open) {
        opens.append(call)
        opens.sort { $0.entry.slot < $1.entry.slot }
        looksAt = nil
    }

    /// Removes a call that is over by `now`.
    mutating func close(by now: Timestamp) -> Open? {
        guard let index = opens.indices.min(by: { opens[$0].finish < opens[$1].finish }),
            opens[index].finish <= now
        else { return nil }
        return opens.remove(at: index)
    }

    /// Lets a group's end wait for the calls that have jobs of its queue.
    /// - Returns: How many there are.
    mutating func wait(_ group: Int, of queue: Int) -> Int {
        var count = 0
        for index in opens.indices where opens[index].queues.contains(queue) {
            opens[index].groups.append((queue, group))
            count += 1
        }
        return count
    }

    /// The groups of its calls, which are then forgotten, and when each call ends.
    mutating func releaseGroups() -> [(queue: Int, group: Int, at: Timestamp)] {
        let groups = opens.flatMap { open in open.groups.map { ($0.queue, $0.group, open.finish) } }
        for index in opens.indices { opens[index].groups = [] }
        return groups
    }

    /// Moves the calls in progress by as many days.
    mutating func move(by days: Duration) {
        for index in opens.indices {
            opens[index].entry = opens[index].entry.moved(by: days)
            opens[index].finish = opens[index].finish + days
        }
        looksAt = looksAt.map { $0 + days }
    }

    mutating func forgetCalls() { opens = [] }
}

extension LedgerEntry {
    /// The same entry, later.
    func moved(by duration: Duration) -> LedgerEntry {
        var moved = self
        moved.startedAt = startedAt + duration
        moved.leaseUntil = leaseUntil + duration
        moved.settledAt = settledAt.map { $0 + duration }
        moved.dailyResetAt = dailyResetAt.map { $0 + duration }
        moved.retryAt = retryAt.map { $0 + duration }
        moved.fullAt = fullAt.map { $0 + duration }
        moved.serverAt = serverAt.map { $0 + duration }
        moved.sentAt = sentAt.map { $0 + duration }
        return moved
    }
}
