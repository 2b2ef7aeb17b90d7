import Testing

@testable import Planning

/// When the jobs under a label are done.
struct ForecastLabelTests {
    private func ends(_ lane: LaneBacklog, _ ledger: Ledger = Ledger()) -> [Int64?] {
        let backlog = Backlog(at: .noon, ledger: ledger, lanes: [lane])
        let forecast = Forecast(backlog, callDuration: .milliseconds(400))
        return forecast.lanes[0].groups.map { $0.finishesAt.map { ($0 - .noon).milliseconds } }
    }

    /// Five calls of 100 at once; the others when these have left the window.
    @Test(
        "labels are done when their last job is, first in, first out",
        arguments: [
            (1, 400), (100, 400), (101, 800), (500, 2_000), (501, 60_801), (1_000, 62_401),
        ])
    func fifo(position: Int, milliseconds: Int64) {
        let lane = LaneBacklog(
            .barcodes, ready: [5: 1_000], groups: [.label("a", upTo: position)])
        #expect(ends(lane) == [milliseconds])
    }

    @Test("labels whose jobs take turns end one call apart at the most")
    func interleaved() {
        // a, b, a, b … : the last of a stands right before the last of b.
        let lane = LaneBacklog(
            .barcodes, ready: [5: 400],
            groups: [.label("a", upTo: 399, jobs: 200), .label("b", upTo: 400, jobs: 200)])
        #expect(ends(lane) == [1_600, 1_600])
        let parted = LaneBacklog(
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
        let lane = LaneBacklog(
            .barcodes, ready: [2: 200, 7: 200],
            groups: [JobGroup(label: "a", jobs: 200, marks: marks)])
        #expect(ends(lane) == [1_200])
    }

    @Test("jobs that were put off go before those that came in after them")
    func putOffFirst() {
        let due = Timestamp.noon.after(1_000)
        let marks = { (part: Int, position: Int) in
            [JobGroup.Mark(priority: 5, part: part, position: position)]
        }
        // At 1.2 s, when the third call has ended, 300 of the ready ones are done.
        for (ahead, first) in [(0, 1_600), (300, 1_600), (350, 2_000), (400, 2_000)] {
            let lane = LaneBacklog(
                .barcodes, ready: [5: 400], later: [(due, 5, 100, ahead)],
                groups: [
                    JobGroup(label: "later", jobs: 100, marks: marks(1, 100)),
                    JobGroup(label: "ready", jobs: 400, marks: marks(0, 400)),
                ])
            let last: Int64 = ahead == 400 ? 1_600 : 2_000
            #expect(ends(lane) == [Int64(first), last], "\(ahead) ahead")
        }
    }

    @Test("a label with jobs in the call under way is not done before it ends")
    func running() {
        let open = LedgerEntry.open(3, .barcodes, 10, from: .noon)
        var lane = LaneBacklog(.barcodes, ready: [5: 0])
        lane.running = 10
        lane.groups = [
            JobGroup(label: "a", jobs: 10, running: 10), JobGroup(label: "b", jobs: 0, paused: 4),
        ]
        #expect(ends(lane, Ledger([open])) == [400, nil])
    }

    @Test("jobs just enqueued stand at the end of their line")
    func markLast() {
        var lane = LaneBacklog(.barcodes, ready: [5: 1_000, 6: 50])
        lane.append(100, priority: 5, at: .noon)
        lane.markLast(100, priority: 5, at: .noon)
        #expect(lane.lines[5].ready == 1_100)
        #expect(lane.groups[0].marks == [JobGroup.Mark(priority: 5, part: 0, position: 1_100)])
    }

    @Test("jobs just enqueued for later join their line then")
    func markLastLater() {
        let dues = [10_000, 30_000].map { Timestamp.noon.after($0) }
        var lane = LaneBacklog(
            .barcodes, ready: [5: 10],
            later: dues.map { (dueAt: $0, priority: 5, count: 7, ahead: 0) })
        let due = Timestamp.noon.after(20_000)
        lane.append(100, priority: 5, dueAt: due, at: .noon)
        lane.markLast(100, priority: 5, dueAt: due, at: .noon)
        #expect(lane.lines[5].putOff.map(\.count) == [7, 100, 7])
        #expect(lane.lines[5].putOff[1] == PutOffJobs(dueAt: due, count: 100, ahead: 10))
        #expect(lane.groups[0].marks == [JobGroup.Mark(priority: 5, part: 2, position: 100)])
        #expect(ends(lane) == [20_400])
    }

    @Test("a label's tokens are what its jobs cost by themselves")
    func tokens() {
        let groups = [JobGroup.label("a", upTo: 1), .label("b", upTo: 12, jobs: 11)]
        let lanes = [Endpoint.images, .barcodes].map {
            LaneBacklog($0, ready: [5: 12], groups: groups)
        }
        let forecast = Forecast(Backlog(at: .noon, lanes: lanes))
        #expect(forecast.lanes.map { $0.groups.map(\.tokens) } == [[1, 11], [10, 20]])
    }
}
