/// Jobs of one queue with a common end: those under a label, or those that were just enqueued.
package struct JobGroup: Equatable, Sendable {
    /// nil for those that were just enqueued.
    package var label: String?
    /// Those that are going to run, or are running.
    package var jobs: Int
    /// The open calls that have some of the jobs.
    package var calls: [Int64]
    /// Jobs that wait until a person resumes them.
    package var paused: Int
    /// The group is done when all marks are passed, and the calls have ended.
    package var marks: [Mark]

    package init(
        label: String? = nil, jobs: Int, calls: [Int64] = [], paused: Int = 0, marks: [Mark] = []
    ) {
        self.label = label
        self.jobs = jobs
        self.calls = calls
        self.paused = paused
        self.marks = marks
    }

    /// A position in a line: the first `position` jobs of a part of it.
    package struct Mark: Equatable, Sendable {
        package var priority: Int
        /// 0: those that are ready; from 1 on: `LineBacklog.scheduled`, whose jobs join the line together.
        package var part: Int
        package var position: Int

        package init(priority: Int, part: Int, position: Int) {
            self.priority = priority
            self.part = part
            self.position = position
        }
    }
}

extension QueueBacklog {
    /// Adds `count` jobs to the end of a line, before any group is marked in it: the backlog after they are
    /// enqueued.
    package mutating func append(
        _ count: Int, priority: Int, dueAt: Timestamp? = nil, areLeading: Bool = false,
        at now: Timestamp
    ) {
        precondition(groups.isEmpty)
        guard count > 0 else { return }
        if areLeading { lines[priority].leading += count }
        guard let dueAt, dueAt > now else {
            lines[priority].ready += count
            lines[priority].lastEnqueuedAt = now
            return
        }
        schedule(count, priority: priority, dueAt: dueAt)
    }

    /// Adds jobs to a line after all that are ready there.
    mutating func schedule(_ count: Int, priority: Int, dueAt: Timestamp) {
        let line = lines[priority]
        let index = line.scheduled.firstIndex { $0.dueAt > dueAt } ?? line.scheduled.count
        lines[priority].scheduled.insert(
            ScheduledJobs(dueAt: dueAt, count: count, ahead: line.ready), at: index)
        for group in groups.indices {
            for mark in groups[group].marks.indices
            where groups[group].marks[mark].priority == priority
                && groups[group].marks[mark].part > index
            {
                groups[group].marks[mark].part += 1
            }
        }
    }

    /// Marks the end of the last `count` jobs of a line.
    package mutating func markLast(
        _ count: Int, priority: Int, dueAt: Timestamp? = nil, at now: Timestamp
    ) {
        guard count > 0 else { return }
        let line = lines[priority]
        var part = 0
        if let dueAt, dueAt > now {
            part = (line.scheduled.firstIndex { $0.dueAt >= dueAt } ?? line.scheduled.count - 1) + 1
        }
        let position = part == 0 ? line.ready : line.scheduled[part - 1].count
        groups.append(
            JobGroup(
                jobs: count,
                marks: [JobGroup.Mark(priority: priority, part: part, position: position)]))
    }
}

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
