/// A group of jobs in a forecast, and how much is left of it.
struct VirtualGroup {
    /// Marks that are not passed yet, and open calls that have some of the jobs.
    private var pending: Int
    private var lastPassedAt: Timestamp?

    init(_ group: JobGroup) {
        pending = group.marks.count + group.calls.count
    }

    /// A mark is passed when these calls are over.
    mutating func wait(forCalls count: Int) { pending += count - 1 }

    mutating func pass(at instant: Timestamp) {
        pending -= 1
        lastPassedAt = lastPassedAt.map { max($0, instant) } ?? instant
    }

    /// nil until all its jobs are done.
    var finishesAt: Timestamp? { pending == 0 ? lastPassedAt : nil }
}
