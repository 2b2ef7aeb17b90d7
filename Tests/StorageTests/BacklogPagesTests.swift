import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// In a forecast a search counts as the pages that it may still take.
struct BacklogPagesTests {
    private func lane(_ store: Store, at now: Timestamp = .noon) throws -> QueueBacklog {
        let backlog = try store.backlog(of: Endpoint.codes, at: now)
        return try #require(backlog["search"])
    }

    private func add(
        _ store: Store, _ query: String, pages: Int, label: String? = nil,
        notBefore: Timestamp? = nil
    ) throws {
        try store.add(
            [query], at: .search, EnqueueOptions(label: label, notBefore: notBefore, pages: pages))
    }

    @Test(
        "Jobs that are ready, scheduled and paused count page by page", arguments: Medium.allCases)
    func waiting(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try add(store, "a", pages: 3, label: "red")
            try add(store, "b", pages: 4)
            try add(store, "c", pages: 5, label: "red")
            try add(store, "d", pages: 6, label: "red", notBefore: .midnight)
            try add(store, "e", pages: 7, notBefore: Store.pausedUntil)
            let lane = try lane(store)
            #expect(lane.lines[5].ready == 12 && lane.paused == 7 && lane.running.isEmpty)
            #expect(
                lane.lines[5].scheduled == [ScheduledJobs(dueAt: .midnight, count: 6, ahead: 12)])
            #expect(
                lane.groups == [
                    JobGroup(
                        label: "red", jobs: 14,
                        marks: [
                            .init(priority: 5, part: 0, position: 12),
                            .init(priority: 5, part: 1, position: 6),
                        ])
                ])
        }
    }

    @Test("One page of a search in progress runs, and the others come first in line")
    func running() throws {
        let store = try Store()
        try add(store, "a", pages: 4, label: "red")
        try add(store, "b", pages: 3, label: "blue")
        let call = try store.call(1, at: .search)
        let running = [RunningJobs(callID: call.entry.id, count: 1)]
        let lane = try lane(store)
        #expect(lane.running == running && lane.lines[5].ready == 6)
        #expect(
            lane.groups == [
                JobGroup(
                    label: "blue", jobs: 3, marks: [.init(priority: 5, part: 0, position: 6)]),
                JobGroup(
                    label: "red", jobs: 4, calls: [call.entry.id],
                    marks: [.init(priority: 5, part: 0, position: 3)]),
            ])
        let without = try store.backlog(of: Endpoint.codes, at: .noon, labelsMax: 0)["search"]
        #expect(
            without?.running == running && without?.lines[5].ready == 6 && without?.groups == [])
    }

    @Test("Fetched pages do not count, and a job is at least one call")
    func pagesDone() throws {
        let store = try Store()
        try add(store, "a", pages: 4, label: "red")
        for number in 1...2 {
            let call = try store.call(at: .search, now: .noon.after(number * 60_000))
            try store.settle(
                call, page("a", ["1"], next: number * 10), at: .search,
                now: .noon.after(number * 60_000))
        }
        #expect(try lane(store, at: .midnight).lines[5].ready == 2)
        try store.execute("UPDATE queue SET pages = 1")
        #expect(try lane(store, at: .midnight).lines[5].ready == 1)
        #expect(try lane(store, at: .midnight).groups.map(\.jobs) == [1])
    }

    @Test("A peer reserves tokens for the pages that a search may still take")
    func peers() throws {
        let store = try Store()
        try add(store, "a", pages: 4)
        try add(store, "b", pages: 3, notBefore: .noon.after(5))
        try store.add([code(1)], at: .lookup)
        let endpoints = Endpoint.codes.map { endpoint in
            var small = endpoint
            small.pools[0] = DailyPool(allowanceTokens: 15)
            return small
        }
        let snapshot = try store.look(endpoints[0], among: endpoints)
        #expect(snapshot.peers.map { $0.waiting[5] } == [7])
    }
}
