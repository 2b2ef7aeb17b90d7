/// A group of jobs in a forecast: what it still waits for.
struct VirtualGroup {
    /// Marks that are not passed yet, and the call under way if it has some of the jobs.
    private var pending: Int
    /// Whether some of the jobs are in the call that is under way at first.
    var isRunning: Bool
    private var lastPassedAt: Timestamp?

    init(_ group: JobGroup) {
        isRunning = group.running > 0
        pending = group.marks.count + (isRunning ? 1 : 0)
    }

    mutating func pass(at instant: Timestamp) {
        pending -= 1
        lastPassedAt = lastPassedAt.map { max($0, instant) } ?? instant
    }

    /// nil until all its jobs are done.
    var finishesAt: Timestamp? { pending == 0 ? lastPassedAt : nil }
}
