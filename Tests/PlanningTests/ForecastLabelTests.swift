import Testing

@testable import Planning

/// When the jobs under a label are done.
struct ForecastLabelTests {
    private func ends(
        _ queue: QueueBacklog, _ ledger: Ledger = Ledger()
    ) -> [Int64?] {
        let backlog = Backlog(at: .noon, ledger: ledger, of: [.barcodes], [queue])
        let forecast = Forecast(backlog, callDuration: .milliseconds(400))
        return forecast.endpoints[0].groups.map { $0.finishesAt.map { ($0 - .noon).milliseconds } }
    }

    /// Five calls of 100 at once; the others when these have left the window.
    @Test(
        "labels are done when their last job is, first in, first out",
        arguments: [
            (1, 400), (100, 400), (101, 800), (500, 2_000), (501, 60_801), (1_000, 62_401),
        ])
    func fifo(position: Int, milliseconds: Int64) {
        let queue = QueueBacklog(
            .barcodes, ready: [5: 1_000], groups: [.label("a", upTo: position)])
        #expect(ends(queue) == [milliseconds])
    }

    @Test("labels whose jobs take turns end at most one call apart")
    func interleaved() {
        // a, b, a, b …: the last of a is right before the last of b.
        let queue = QueueBacklog(
            .barcodes, ready: [5: 400],
            groups: [.label("a", upTo: 399, jobs: 200), .label("b", upTo: 400, jobs: 200)])
        #expect(ends(queue) == [1_600, 1_600])
        let parted = QueueBacklog(
            .barcodes, ready: [5: 401],
            groups: [.label("a", upTo: 400, jobs: 200), .label("b", upTo: 401, jobs: 201)])
        #expect(ends(parted) == [1_600, 2_000])
    }

    @Test("a label with jobs at two priorities is done with the later of them")
    func twoPriorities() {
        let marks = [
            JobGroup.Mark(priority: 2, part: 0, position: 100),
            JobGroup.Mark(priority: 7, part: 0, position: 100),
        ]
        let queue = QueueBacklog(
            .barcodes, ready: [2: 200, 7: 200],
            groups: [JobGroup(label: "a", jobs: 200, marks: marks)])
        #expect(ends(queue) == [1_200])
    }

    @Test("scheduled jobs go before those that were added after them")
    func scheduledFirst() {
        let due = Timestamp.noon.after(1_000)
        let marks = { (part: Int, position: Int) in
            [JobGroup.Mark(priority: 5, part: part, position: position)]
        }
        // At 1.2 s, when the third call has ended, 300 of the ready ones are done.
        for (ahead, first) in [(0, 1_600), (300, 1_600), (350, 2_000), (400, 2_000)] {
            let queue = QueueBacklog(
                .barcodes, ready: [5: 400], later: [(due, 5, 100, ahead)],
                groups: [
                    JobGroup(label: "later", jobs: 100, marks: marks(1, 100)),
                    JobGroup(label: "ready", jobs: 400, marks: marks(0, 400)),
                ])
            let last: Int64 = ahead == 400 ? 1_600 : 2_000
            #expect(ends(queue) == [Int64(first), last], "\(ahead) ahead")
        }
    }

    @Test("a label with jobs in the call in progress is not done before it ends")
    func running() {
        let open = LedgerEntry.open(3, .barcodes, 10, from: .noon)
        var queue = QueueBacklog(.barcodes, ready: [5: 0])
        queue.running = [RunningJobs(callID: 3, count: 10)]
        queue.groups = [
            JobGroup(label: "a", jobs: 10, calls: [3]), JobGroup(label: "b", jobs: 0, paused: 4),
        ]
        #expect(ends(queue, Ledger([open])) == [400, nil])
    }

    @Test("jobs just enqueued are at the end of their line")
    func markLast() {
        var queue = QueueBacklog(.barcodes, ready: [5: 1_000, 6: 50])
        queue.append(100, priority: 5, at: .noon)
        queue.markLast(100, priority: 5, at: .noon)
        #expect(queue.lines[5].ready == 1_100)
        #expect(queue.groups[0].marks == [JobGroup.Mark(priority: 5, part: 0, position: 1_100)])
    }

    @Test("jobs just enqueued for later join their line then")
    func markLastLater() {
        let dues = [10_000, 30_000].map { Timestamp.noon.after($0) }
        var queue = QueueBacklog(
            .barcodes, ready: [5: 10],
            later: dues.map { (dueAt: $0, priority: 5, count: 7, ahead: 0) })
        let due = Timestamp.noon.after(20_000)
        queue.append(100, priority: 5, dueAt: due, at: .noon)
        queue.markLast(100, priority: 5, dueAt: due, at: .noon)
        #expect(queue.lines[5].scheduled.map(\.count) == [7, 100, 7])
        #expect(queue.lines[5].scheduled[1] == ScheduledJobs(dueAt: due, count: 100, ahead: 10))
        #expect(queue.groups[0].marks == [JobGroup.Mark(priority: 5, part: 2, position: 100)])
        #expect(ends(queue) == [20_400])
    }

    @Test("a label's tokens are the cost of its jobs by themselves")
    func tokens() {
        let groups = [JobGroup.label("a", upTo: 1), .label("b", upTo: 12, jobs: 11)]
        let queues = [Endpoint.images, .barcodes].map {
            QueueBacklog($0, ready: [5: 12], groups: groups)
        }
        let forecast = Forecast(Backlog(at: .noon, of: [.images, .barcodes], queues))
        #expect(forecast.endpoints.map { $0.groups.map(\.tokens) } == [[1, 11], [10, 20]])
    }
}
