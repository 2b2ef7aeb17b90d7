/// A day of a forecast, from one reset of the pool to the next, with the data that decides whether days
/// repeat it.
struct VirtualDay {
    let began: Timestamp
    let ends: Timestamp
    /// The state in which it began; nil if it did not begin at a reset.
    let state: VirtualState?
    /// Whether a line was emptied, or jobs joined one.
    var isDisturbed = false
    var isOutOfTokens = false

    /// How many jobs remained when it began: by queue and priority.
    private let left: [[Int]]
    /// By lane.
    private let calls: [Int]
    private let tokens: [Int]
    /// By queue and priority: how many jobs of the line were done, and how long after the beginning.
    private var progress: [[[(done: Int, after: Duration)]]]

    init(
        began: Timestamp, ends: Timestamp, _ lanes: [VirtualLane], _ queues: [VirtualQueue],
        state: VirtualState?
    ) {
        self.began = began
        self.ends = ends
        self.state = state
        left = queues.map { $0.lines.map(\.left) }
        calls = lanes.map(\.calls)
        tokens = lanes.map(\.tokens)
        progress = queues.map { $0.lines.map { _ in [] } }
    }

    /// A call has ended.
    mutating func note(_ nowLeft: Int, _ queue: Int, _ priority: Int, at now: Timestamp) {
        let done = left[queue][priority] - nowLeft
        if progress[queue][priority].last?.done == done { return }
        progress[queue][priority].append((done, now - began))
    }

    /// How many jobs remained when it began.
    func left(_ queue: Int, _ priority: Int) -> Int { left[queue][priority] }

    func taken(_ queues: [VirtualQueue], _ queue: Int, _ priority: Int) -> Int {
        left[queue][priority] - queues[queue].lines[priority].left
    }

    func calls(_ lanes: [VirtualLane], _ lane: Int) -> Int { lanes[lane].calls - calls[lane] }

    func tokens(_ lanes: [VirtualLane], _ lane: Int) -> Int { lanes[lane].tokens - tokens[lane] }

    /// How long after the beginning `count` jobs of the line were done; nil: that took until the first
    /// call of the next day.
    func time(of count: Int, _ queue: Int, _ priority: Int) -> Duration? {
        let progress = progress[queue][priority]
        var (low, high) = (0, progress.count)
        while low < high {
            let middle = (low + high) / 2
            if progress[middle].done < count { low = middle + 1 } else { high = middle }
        }
        return low < progress.count ? progress[low].after : nil
    }
}
