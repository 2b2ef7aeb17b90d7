/// The jobs of one priority in a forecast: how many of each part of the line were taken.
struct VirtualLine {
    /// Jobs that joined the line together: those that were ready at the start, or some of a later time.
    struct Part {
        /// nil: in the line from the start.
        var dueAt: Timestamp?
        var count: Int
        let ahead: Int
        var taken = 0
        /// Positions that groups wait for, the first of them last.
        var marks: [(position: Int, group: Int)] = []

        var left: Int { count - taken }
    }

    private(set) var parts: [Part]
    /// The parts that joined the line later, in the order in which they go.
    private var joined: [Int] = []
    /// The first part that is not in the line yet.
    private var nextPart = 1
    /// The part of jobs that other answers led to.
    private var followUps: Int?
    /// Jobs that may run now.
    private(set) var waiting: Int
    /// Jobs that may run now or later.
    private(set) var left: Int
    /// How many of these may lead to another endpoint. They count as the last ones, so that the jobs that
    /// follow arrive no earlier than here.
    private(set) var leading: Int
    private let firstID: Double
    private let lastID: Double

    init(_ line: LineBacklog) {
        parts =
            [Part(dueAt: nil, count: line.ready, ahead: 0)]
            + line.scheduled.map { Part(dueAt: $0.dueAt, count: $0.count, ahead: $0.ahead) }
        waiting = line.ready
        left = line.count
        leading = min(line.leading, line.count)
        firstID = Double(line.firstID)
        lastID = Double(line.lastID)
    }

    mutating func add(_ mark: JobGroup.Mark, of group: Int) {
        let at = parts[mark.part].marks.firstIndex { $0.position < mark.position }
        parts[mark.part].marks.insert(
            (mark.position, group), at: at ?? parts[mark.part].marks.count)
    }

    var nextDueAt: Timestamp? { nextPart < parts.count ? parts[nextPart].dueAt : nil }

    /// Jobs that may run before `instant`.
    func waiting(before instant: Timestamp) -> Int {
        var count = waiting
        for part in parts[nextPart...] {
            guard part.dueAt! < instant else { break }
            count += part.count
        }
        return count
    }

    /// The approximate id, among those of other queues, of the job `later` places behind the next one.
    func id(after later: Int) -> Double {
        let place = min(parts[0].taken + later, max(0, parts[0].count - 1))
        return firstID + (lastID - firstID) * Double(place) / Double(max(1, parts[0].count - 1))
    }

    /// Lets the jobs join that are due.
    /// - Returns: Whether there were any.
    mutating func join(at now: Timestamp) -> Bool {
        var hasJoined = false
        while let dueAt = nextDueAt, dueAt <= now {
            joined.append(nextPart)
            waiting += parts[nextPart].count
            nextPart += 1
            hasJoined = true
        }
        if hasJoined { sortJoined() }
        return hasJoined
    }

    private mutating func sortJoined() {
        joined.sort { (parts[$0].ahead, $0) < (parts[$1].ahead, $1) }
    }

    /// Lets all join, whenever they are due.
    /// - Returns: When the last of them is due.
    mutating func joinAll() -> Timestamp? {
        guard let last = parts.compactMap(\.dueAt).max() else { return nil }
        _ = join(at: last)
        return last
    }

    /// Adds jobs that other answers led to.
    mutating func follow(_ count: Int, at now: Timestamp) {
        waiting += count
        left += count
        if let part = followUps, part == nextPart - 1 {
            parts[part].count += count
            parts[part].dueAt = now
            if joined.contains(part) { return }
            joined.append(part)
        } else {
            parts.insert(
                Part(dueAt: now, count: count, ahead: parts[0].count), at: nextPart)
            joined.append(nextPart)
            followUps = nextPart
            nextPart += 1
        }
        sortJoined()
    }

    /// Takes `count` jobs that may run now.
    ///
    /// - Parameter body: Gets each stretch of them: its part of the line, and how many.
    /// - Returns: How many of them may lead to another endpoint.
    @discardableResult
    mutating func take(
        _ count: Int, _ body: (_ part: Int, _ count: Int) -> Void = { _, _ in }
    ) -> Int {
        precondition(count <= waiting)
        var wanted = count
        while wanted > 0 {
            var part = 0
            var most = parts[0].left
            if let first = joined.first {
                let before = min(most, parts[first].ahead - parts[0].taken)
                (part, most) = before > 0 ? (0, before) : (first, parts[first].left)
            }
            let taken = min(wanted, most)
            parts[part].taken += taken
            if part > 0 && parts[part].left == 0 { joined.removeFirst() }
            wanted -= taken
            body(part, taken)
        }
        waiting -= count
        left -= count
        let led = max(0, leading - left)
        leading -= led
        return led
    }

    /// The groups whose marks are passed, which are then forgotten.
    mutating func passedMarks() -> [Int] {
        var passed: [Int] = []
        for index in parts.indices {
            let taken = parts[index].taken
            while let mark = parts[index].marks.last, mark.position <= taken {
                passed.append(mark.group)
                parts[index].marks.removeLast()
            }
        }
        return passed
    }

    /// Takes `count` jobs that may run now, and says after how many of them each mark is passed, and
    /// since when its part of the line may run.
    mutating func passOver(_ count: Int) -> [(group: Int, dueAt: Timestamp?, after: Int)] {
        var passed = passedMarks().map { (group: $0, dueAt: nil as Timestamp?, after: 0) }
        var stretches: [(part: Int, count: Int)] = []
        var reached = parts.map(\.taken)
        take(count) { stretches.append(($0, $1)) }
        var before = 0
        for (part, count) in stretches {
            while let mark = parts[part].marks.last, mark.position <= reached[part] + count {
                passed.append(
                    (mark.group, parts[part].dueAt, before + mark.position - reached[part]))
                parts[part].marks.removeLast()
            }
            reached[part] += count
            before += count
        }
        return passed
    }
}
