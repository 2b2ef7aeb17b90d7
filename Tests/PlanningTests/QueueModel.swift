import Planning

/// One endpoint's queue, as a sorted list.
struct QueueModel {
    private var waiting: [(job: Job, notBefore: Timestamp)] = []
    private var lastID: Int64 = 0
    var added: Int { Int(lastID) }
    private(set) var completed: Set<Int64> = []
    private(set) var discarded: Set<Int64> = []
    /// The dead letter of each call that made one.
    private var discardedBy: [Int64: Job] = [:]
    /// Whether there are always more: the same jobs repeatedly, a million of them.
    var isEndless = false
    private static let endless = jobs(101)

    var count: Int { waiting.count }

    mutating func add(
        _ count: Int, priority: Int = 5, at now: Timestamp, dueAt: Timestamp? = nil
    ) {
        for _ in 0..<count {
            lastID += 1
            let job = Job(
                id: lastID, product: "P\(lastID)", priority: priority, enqueuedAt: now)
            waiting.append((job, dueAt ?? now))
        }
        sort()
    }

    func ready(at now: Timestamp) -> [Job] {
        if isEndless { return Self.endless }
        return Array(waiting.lazy.filter { $0.notBefore <= now }.map(\.job).prefix(101))
    }

    func nextDue(after now: Timestamp) -> Timestamp? {
        waiting.lazy.map(\.notBefore).filter { $0 > now }.min()
    }

    func counts() -> [Int] {
        var counts = Array(repeating: 0, count: 10)
        if isEndless { counts[5] = 1_000_000 }
        for item in waiting { counts[item.job.priority] += 1 }
        return counts
    }

    mutating func take(_ jobs: [Job]) {
        if isEndless { return }
        let taken = Set(jobs.map(\.id))
        waiting.removeAll { taken.contains($0.job.id) }
    }

    mutating func apply(_ settlement: Settlement, of callID: Int64) {
        if isEndless { return }
        var isSorted = settlement.revivedCalls.isEmpty
        for job in settlement.revivedCalls.compactMap({ discardedBy.removeValue(forKey: $0) }) {
            discarded.remove(job.id)
            waiting.append((job, Timestamp(milliseconds: 0)))
        }
        for change in settlement.changes {
            switch change {
            case .completed(let job, _): completed.insert(job.id)
            case .discarded(let job, _):
                discarded.insert(job.id)
                discardedBy[callID] = job
            case .continued(let job, _):
                waiting.append((job, Timestamp(milliseconds: 0)))
                isSorted = false
            case .available(let job, let notBefore):
                waiting.append((job, notBefore ?? Timestamp(milliseconds: 0)))
                isSorted = false
            }
        }
        if !isSorted { sort() }
    }

    private mutating func sort() {
        waiting.sort { ($0.job.priority, $0.job.id) < ($1.job.priority, $1.job.id) }
    }
}
