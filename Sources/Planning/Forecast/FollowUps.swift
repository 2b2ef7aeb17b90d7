/// Jobs that answers may lead to, as they arrive at another endpoint: an upper bound, because not every answer
/// leads to one.
struct FollowUps {
    /// The line that they join.
    struct Line: Hashable, Comparable {
        var endpoint: String
        /// The account of the job that was answered.
        var account: String?
        var priority: Int

        static func < (left: Line, right: Line) -> Bool {
            (left.endpoint, left.account ?? "", left.priority)
                < (right.endpoint, right.account ?? "", right.priority)
        }
    }

    /// Jobs that arrive together, at the time of the last of them.
    private struct Arrival {
        var from: Timestamp
        var dueAt: Timestamp
        var count: Int
    }

    private let began: Timestamp
    private var arrivals: [Line: [Arrival]] = [:]

    init(from began: Timestamp) {
        self.began = began
    }

    /// Jobs that arrive within a minute are grouped, and jobs further ahead within a sixteenth of the time
    /// until then.
    mutating func add(_ count: Int, to line: Line, at now: Timestamp) {
        guard count > 0 else { return }
        if let last = arrivals[line]?.last,
            (now - last.from).milliseconds
                <= max(60_000, (last.from - began).milliseconds / 16)
        {
            let index = arrivals[line]!.count - 1
            arrivals[line]![index].dueAt = max(last.dueAt, now)
            arrivals[line]![index].count += count
        } else {
            arrivals[line, default: []].append(Arrival(from: now, dueAt: now, count: count))
        }
    }

    /// Adds the jobs that arrive at endpoints of `backlog` to its queues.
    func add(to backlog: inout Backlog) {
        for line in arrivals.keys.sorted()
        where backlog.lanes.contains(where: { $0.endpoint.name == line.endpoint }) {
            let queue = backlog.queue(line.endpoint, naming: line.account)
            for arrival in arrivals[line]! {
                backlog.queues[queue].schedule(
                    arrival.count, priority: line.priority, dueAt: arrival.dueAt)
            }
        }
    }
}

extension Backlog {
    /// The queue of the jobs that follow from one of `account`, which need not be one of this provider.
    mutating func queue(_ endpoint: String, naming account: String?) -> Int {
        let isKnown = lanes.contains { $0.endpoint.account == account }
        let account = isKnown ? account : nil
        let found = queues.firstIndex { $0.endpoint == endpoint && $0.account == account }
        if let found { return found }
        queues.append(QueueBacklog(endpoint: endpoint, account: account))
        return queues.endIndex - 1
    }

    /// The endpoint that another one's answers lead to.
    func target(of endpoint: String) -> String? {
        lanes.first { $0.endpoint.name == endpoint }?.endpoint.leadsTo
    }

    /// How many jobs may follow, by the endpoint where they arrive.
    var followUps: [String: Int] {
        queues.reduce(into: [:]) { counts, queue in
            guard queue.leading > 0, let next = target(of: queue.endpoint) else { return }
            counts[next, default: 0] += queue.leading
        }
    }
}
