/// One endpoint in a forecast: what waits, what is under way, and what came of it so far.
struct VirtualLane {
    let endpoint: Endpoint
    let isPaused: Bool
    let resumedAfter: Int64
    let callDuration: Duration

    /// By priority.
    var lines: [VirtualLine]
    /// The call that is under way, and when it ends.
    var open: (entry: LedgerEntry, finish: Timestamp)?
    /// When a lane without a call looks again; nil: when a call has ended.
    var looksAt: Timestamp?
    /// What the next call waits for.
    var hold: Hold?
    /// No call is made any more.
    var standstill: Standstill?

    var calls = 0
    var tokens = 0
    var finishedAt: Timestamp?

    /// A full batch of each priority, made once: all that the planner sees of a long line.
    private let batches: [[Job]]

    init(_ backlog: LaneBacklog, callDuration: Duration) {
        endpoint = backlog.endpoint
        isPaused = backlog.isPaused
        resumedAfter = backlog.resumedAfter
        self.callDuration = callDuration
        lines = backlog.lines.map(VirtualLine.init)
        batches = backlog.lines.enumerated().map { priority, line in
            let job = Job(
                id: 0, product: "", priority: priority, enqueuedAt: line.lastEnqueuedAt)
            return Array(repeating: job, count: min(line.count, backlog.endpoint.batchLimit))
        }
        standstill = left > 0 ? backlog.standstill : nil
        for (index, group) in backlog.groups.enumerated() {
            for mark in group.marks { lines[mark.priority].add(mark, of: index) }
        }
    }

    var left: Int { lines.reduce(0) { $0 + $1.left } }

    var nextDueAt: Timestamp? { lines.compactMap(\.nextDueAt).min() }

    /// What happens next by itself.
    var next: Timestamp? { open?.finish ?? looksAt }

    /// As `Snapshot.ready`, but a batch is enough, because no job here has a limit of its own.
    var ready: [Job] {
        var jobs: [Job] = []
        for (priority, line) in lines.enumerated() where line.waiting > 0 {
            let most = endpoint.batchLimit - jobs.count
            if jobs.isEmpty && line.waiting >= most { return batches[priority] }
            jobs += batches[priority].prefix(min(line.waiting, most))
            if jobs.count == endpoint.batchLimit { break }
        }
        return jobs
    }

    /// As `Rival.waiting`: counting stops at `most`.
    func waiting(before reset: Timestamp, upTo most: Int) -> [Int] {
        var left = most
        return lines.map { line in
            guard left > 0 else { return 0 }
            let count = min(left, line.waiting(before: reset))
            left -= count
            return count
        }
    }

    /// - Returns: Whether jobs have become due.
    mutating func join(at now: Timestamp) -> Bool {
        var hasJoined = false
        for priority in lines.indices where lines[priority].nextDueAt.map({ $0 <= now }) ?? false {
            hasJoined = lines[priority].join(at: now) || hasJoined
        }
        return hasJoined
    }

    /// What is under way goes on as many days later.
    mutating func move(by days: Duration) {
        open = open.map { ($0.entry.moved(by: days), $0.finish + days) }
        looksAt = looksAt.map { $0 + days }
    }
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
        return moved
    }
}
