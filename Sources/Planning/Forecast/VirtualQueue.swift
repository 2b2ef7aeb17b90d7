/// A queue in a forecast: its jobs, and its results so far.
struct VirtualQueue {
    let endpoint: String
    let account: String?
    /// By priority.
    var lines: [VirtualLine]
    var groups: [VirtualGroup]
    /// A full batch of each priority, made once: the part of a long line that the planner sees.
    private let batches: [[Job]]

    init(_ backlog: QueueBacklog, batchLimit: Int) {
        endpoint = backlog.endpoint
        account = backlog.account
        lines = backlog.lines.map(VirtualLine.init)
        groups = backlog.groups.map(VirtualGroup.init)
        batches = backlog.lines.enumerated().map { priority, line in
            let job = Job(
                id: 0, product: "", priority: priority, enqueuedAt: line.lastEnqueuedAt)
            return Array(repeating: job, count: batchLimit)
        }
        for (index, group) in backlog.groups.enumerated() {
            for mark in group.marks { lines[mark.priority].add(mark, of: index) }
        }
    }

    var left: Int { lines.reduce(0) { $0 + $1.left } }

    var nextDueAt: Timestamp? { lines.compactMap(\.nextDueAt).min() }

    /// `count` jobs of a priority, at most a batch.
    func jobs(_ count: Int, priority: Int) -> [Job] {
        count == batches[priority].count
            ? batches[priority] : Array(batches[priority].prefix(count))
    }

    /// - Returns: Whether jobs have become due.
    mutating func join(at now: Timestamp) -> Bool {
        var hasJoined = false
        for priority in lines.indices where lines[priority].nextDueAt.map({ $0 <= now }) ?? false {
            hasJoined = lines[priority].join(at: now) || hasJoined
        }
        return hasJoined
    }
}

extension [VirtualQueue] {
    /// As `Snapshot.ready`, but a batch is enough, because no job here has a limit of its own.
    func ready(_ places: [Int], batchLimit: Int) -> [Job] {
        var jobs: [Job] = []
        for priority in 0...9 {
            let most = batchLimit - jobs.count
            for (place, count) in next(most, priority: priority, places) {
                let more = self[place].jobs(count, priority: priority)
                if jobs.isEmpty { jobs = more } else { jobs += more }
            }
            if jobs.count == batchLimit { break }
        }
        return jobs
    }

    /// How many of the next jobs of a priority, at most `count`, come from which of the queues.
    func next(_ count: Int, priority: Int, _ places: [Int]) -> [(place: Int, count: Int)] {
        let waiting = places.filter { self[$0].lines[priority].waiting > 0 }
        if waiting.count <= 1 {
            return waiting.map { ($0, Swift.min(count, self[$0].lines[priority].waiting)) }
        }
        var taken = [Int](repeating: 0, count: waiting.count)
        for _ in 0..<count {
            let open = waiting.indices.filter {
                taken[$0] < self[waiting[$0]].lines[priority].waiting
            }
            guard
                let first = open.min(by: {
                    self[waiting[$0]].lines[priority].id(after: taken[$0])
                        < self[waiting[$1]].lines[priority].id(after: taken[$1])
                })
            else { break }
            taken[first] += 1
        }
        return zip(waiting, taken).filter { $0.1 > 0 }.map { ($0, $1) }
    }

    /// As in `PoolPeer.waiting`: counting stops at `most`.
    func waiting(_ places: [Int], before reset: Timestamp, upTo most: Int) -> [Int] {
        var left = most
        return (0...9).map { priority in
            guard left > 0 else { return 0 }
            let all = places.reduce(0) { $0 + self[$1].lines[priority].waiting(before: reset) }
            let count = Swift.min(left, all)
            left -= count
            return count
        }
    }
}
