import Planning

/// One endpoint's queue, as a sorted list.
struct QueueModel {
    private var waiting: [(job: Job, notBefore: Timestamp)] = []
    private var lastID: Int64 = 0
    private(set) var completed: Set<Int64> = []
    private(set) var discarded: Set<Int64> = []
    /// Whether jobs are added as fast as they are taken.
    var isEndless = false

    var count: Int { waiting.count }

    mutating func add(_ count: Int, priority: Int = 5, at now: Timestamp) {
        for _ in 0..<count {
            lastID += 1
            let job = Job(
                id: lastID, product: "P\(lastID)", priority: priority, enqueuedAt: now)
            waiting.append((job, now))
        }
        sort()
    }

    mutating func topUp(at now: Timestamp) {
        if isEndless && waiting.count < 101 { add(200, at: now) }
    }

    func ready(at now: Timestamp) -> [Job] {
        Array(waiting.lazy.filter { $0.notBefore <= now }.map(\.job).prefix(101))
    }

    func nextDue(after now: Timestamp) -> Timestamp? {
        waiting.lazy.map(\.notBefore).filter { $0 > now }.min()
    }

    func counts() -> [Int] {
        waiting.reduce(into: Array(repeating: 0, count: 10)) { $0[$1.job.priority] += 1 }
    }

    mutating func take(_ jobs: [Job]) {
        let taken = Set(jobs.map(\.id))
        waiting.removeAll { taken.contains($0.job.id) }
    }

    mutating func apply(_ changes: [JobChange]) {
        var isSorted = true
        for change in changes {
            switch change {
            case .completed(let job, _): completed.insert(job.id)
            case .discarded(let job, _): discarded.insert(job.id)
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
