import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// The counts of a forecast's backlog, against plain counting.
struct BacklogTests {
    /// A row of the queue, in the plainest form.
    private struct Plain {
        var id: Int64
        var endpoint: String
        var account: String?
        var isLeading: Bool
        var priority: Int
        var label: String?
        var state: String
        var notBefore: Int64

        var isPaused: Bool { notBefore == Store.pausedUntil.milliseconds }
        var isReady: Bool { state == "available" && notBefore == 0 }
        var isScheduled: Bool { state == "available" && notBefore > 0 && !isPaused }
    }

    private func rows(_ store: Store) throws -> [Plain] {
        try store.rows(
            """
            SELECT id, endpoint, priority, coalesce(label, '-'), state, not_before,
                coalesce(account, '-'), then_lookup IS NOT NULL
            FROM queue ORDER BY id
            """
        ).map { row in
            let parts = row.split(separator: "|").map(String.init)
            return Plain(
                id: Int64(parts[0])!, endpoint: parts[1],
                account: parts[6] == "-" ? nil : parts[6], isLeading: parts[7] == "1",
                priority: Int(parts[2])!,
                label: parts[3] == "-" ? nil : parts[3], state: parts[4],
                notBefore: Int64(parts[5])!)
        }
    }

    private func fill(_ store: Store, _ random: inout SplitMix64) throws {
        let instants: [Timestamp?] = [
            nil, nil, nil, .noon.after(-1), .noon.after(30_000), .noon.after(50_000),
            .noon.after(7_200_000), .midnight, Store.pausedUntil,
        ]
        for number in 1...250 {
            let endpoint = random.pick(Endpoint.both)
            try store.add(
                [asin(number)], at: endpoint,
                EnqueueOptions(
                    priority: random.pick([0, 5, 5, 5, 9]),
                    label: random.pick([nil, "red", "blue", "grün"]),
                    account: random.pick([nil, nil, "asinscope"]),
                    notBefore: random.pick(instants),
                    thenLookup: random.pick([nil, .zero])))
        }
        for endpoint in Endpoint.both {
            let failed = try store.call(random.within(1...9), at: endpoint)
            try store.settle(failed, .failed(status: 500, message: "no"), at: endpoint)
            let answered = try store.call(random.within(1...6), at: endpoint)
            try store.settle(answered, answer(answered.jobs.map(\.product)), at: endpoint)
            // Jobs that failed and may run again.
            _ = try store.look(endpoint, at: .noon.after(3_600_000))
            if random.once(in: 2) { _ = try store.call(random.within(1...9), at: endpoint) }
        }
        _ = try store.cancel(JobSelection(label: "blue", products: asins(1...40)), now: .noon)
    }

    @Test("an empty queue has no waiting job", arguments: Medium.allCases)
    func empty(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let backlog = try store.backlog(of: Endpoint.both, at: .noon)
            #expect(
                backlog
                    == Backlog(
                        at: .noon, ledgers: ["asinscope": Ledger()],
                        lanes: Endpoint.both.map { LaneCondition(endpoint: $0) },
                        queues: Endpoint.both.flatMap { endpoint in
                            [nil, "asinscope"].map {
                                QueueBacklog(endpoint: endpoint.name, account: $0)
                            }
                        }))
        }
    }

    @Test(
        "lines, scheduled jobs, paused and running ones are counted as row by row",
        arguments: Medium.allCases, 1...6 as ClosedRange<UInt64>)
    func counts(_ medium: Medium, seed: UInt64) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: seed)
            try fill(store, &random)
            let rows = try rows(store)
            let backlog = try store.backlog(of: Endpoint.both, at: .noon)
            for lane in backlog.queues {
                let all = rows.filter {
                    $0.endpoint == lane.endpoint && $0.account == lane.account
                }
                let comment: Comment = "seed \(seed), \(lane.endpoint), \(lane.account ?? "-")"
                let running = lane.running.reduce(0) { $0 + $1.count }
                #expect(running == all.count { $0.state == "running" }, comment)
                #expect(
                    lane.paused == all.count { $0.state == "available" && $0.isPaused }, comment)
                for (priority, line) in lane.lines.enumerated() {
                    let here = all.filter { $0.priority == priority }
                    #expect(line.ready == here.count { $0.isReady }, comment)
                    #expect(
                        line.leading
                            == here.count { $0.isLeading && ($0.isReady || $0.isScheduled) },
                        comment)
                    var seen: Int64 = 0
                    for part in line.scheduled {
                        let these = here.filter {
                            $0.isScheduled && $0.notBefore > seen
                                && $0.notBefore <= part.dueAt.milliseconds
                        }
                        #expect(part.count == these.count, comment)
                        #expect(these.map(\.notBefore).max() == part.dueAt.milliseconds, comment)
                        let first = these.map(\.id).min() ?? 0
                        #expect(part.ahead == here.count { $0.isReady && $0.id < first }, comment)
                        seen = part.dueAt.milliseconds
                    }
                    let scheduled = line.scheduled.reduce(0) { $0 + $1.count }
                    #expect(scheduled == here.count { $0.isScheduled }, comment)
                }
            }
        }
    }

    @Test(
        "labels have their jobs, and the position of their last job", arguments: Medium.allCases,
        1...6 as ClosedRange<UInt64>)
    func labels(_ medium: Medium, seed: UInt64) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: seed)
            try fill(store, &random)
            let rows = try rows(store)
            for lane in try store.backlog(of: Endpoint.both, at: .noon).queues {
                let all = rows.filter {
                    $0.endpoint == lane.endpoint && $0.account == lane.account
                }
                let open = all.filter { ["available", "running"].contains($0.state) }
                #expect(lane.groups.map(\.label) == Set(open.compactMap(\.label)).sorted())
                for group in lane.groups {
                    let comment: Comment = "seed \(seed), \(lane.endpoint), \(group.label!)"
                    let mine = open.filter { $0.label == group.label }
                    let paused = mine.count { $0.isPaused }
                    #expect(group.paused == paused, comment)
                    #expect(group.jobs == mine.count - paused, comment)
                    #expect(
                        group.calls.isEmpty == !mine.contains { $0.state == "running" }, comment)
                    #expect(group.marks.count == marks(mine), comment)
                    for mark in group.marks {
                        let here = mine.filter { $0.priority == mark.priority }
                        if mark.part == 0 {
                            let last = here.filter(\.isReady).map(\.id).max()!
                            let before = all.count {
                                $0.priority == mark.priority && $0.isReady && $0.id <= last
                            }
                            #expect(mark.position == before, comment)
                        } else {
                            let part = lane.lines[mark.priority].scheduled[mark.part - 1]
                            let last = here.filter(\.isScheduled).map(\.notBefore).max()!
                            #expect(part.dueAt.milliseconds >= last, comment)
                            #expect(mark.position == part.count, comment)
                        }
                    }
                }
            }
        }
    }

    /// One for each priority with ready jobs, and one if some are scheduled.
    private func marks(_ jobs: [Plain]) -> Int {
        (0...9).reduce(0) { sum, priority in
            let here = jobs.filter { $0.priority == priority }
            return sum + (here.contains(where: \.isReady) ? 1 : 0)
                + (here.contains(where: \.isScheduled) ? 1 : 0)
        }
    }

    @Test("labels above the requested number are counted")
    func manyLabels() throws {
        let store = try Store()
        for number in 1...30 {
            for endpoint in Endpoint.both {
                try store.add([asin(number)], at: endpoint, EnqueueOptions(label: "l\(number)"))
            }
        }
        _ = try store.cancel(JobSelection(label: "l7"), now: .noon)
        let backlog = try store.backlog(of: Endpoint.both, at: .noon, labelsMax: 12)
        let queues = Endpoint.both.compactMap { backlog[$0.name] }
        #expect(queues.map(\.groups.count) == [12, 12] && backlog.labelsLeftOut == 17)
        let without = try store.backlog(of: Endpoint.both, at: .noon, labelsMax: 0)
        let others = Endpoint.both.compactMap { without[$0.name] }
        #expect(others.map(\.groups.count) == [0, 0] && without.labelsLeftOut == 0)
        #expect(others.map { $0.lines[5].ready } == [29, 29])
    }

    @Test("jobs scheduled for any number of instants make at most some hundred parts")
    func boundedParts() throws {
        let store = try Store()
        try store.add(asins(1...3_000))
        // From some seconds to thirty years ahead.
        try store.execute(
            """
            UPDATE queue SET not_before = \(Timestamp.noon.milliseconds) +
                CAST(10000 * pow(1.0061, id) AS INTEGER)
            """)
        let line = try store.backlog(of: Endpoint.both, at: .noon).queues[0].lines[5]
        #expect(line.scheduled.reduce(0) { $0 + $1.count } == 3_000)
        #expect(line.scheduled.count < 140)
        for (before, part) in zip([.noon] + line.scheduled.map(\.dueAt), line.scheduled) {
            #expect(part.dueAt > before)
        }
    }

    @Test("a paused lane and a resumed one are reported, and the ledger is a claim's")
    func lane() throws {
        let store = try Store()
        try store.complete(asin(1))
        try store.pauseLane("barcodes", now: .noon)
        try store.resumeLane("images")
        let backlog = try store.backlog(of: Endpoint.both, at: .noon.after(1))
        #expect(backlog.lanes.map(\.isPaused) == [false, true])
        #expect(backlog.lanes.map(\.resumedAfter) == [1, 0])
        #expect(backlog.ledgers["asinscope"] == (try store.look(at: .noon.after(1))).ledger)
    }
}
