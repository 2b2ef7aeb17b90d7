import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct ClaimOrderTests {
    @Test("jobs are listed by priority, then first in, first out", arguments: Medium.allCases)
    func order(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: 5)
            var expected: [(priority: Int, id: Int)] = []
            for id in 1...60 {
                let priority = random.below(10)
                try store.add([asin(1_000 - id)], EnqueueOptions(priority: priority))
                expected.append((priority, id))
            }
            expected.sort { ($0.priority, $0.id) < ($1.priority, $1.id) }
            let ready = try store.look().ready
            #expect(ready.map(\.id) == expected.map { Int64($0.id) })
            #expect(ready.map(\.priority) == expected.map(\.priority))
        }
    }

    @Test("a job is listed as its row has it", arguments: Medium.allCases)
    func columns(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)], EnqueueOptions(priority: 2))
            try store.execute("UPDATE queue SET failures = 3, snoozes = 4, batch_limit = 25")
            let job = Job(
                id: 1, product: asin(1), priority: 2, enqueuedAt: .noon, failures: 3, snoozes: 4,
                batchLimit: 25)
            #expect(try store.look().ready == [job])
        }
    }

    @Test("a scheduled job takes its place by id once it is due", arguments: Medium.allCases)
    func due(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)])
            try store.add([asin(2)], EnqueueOptions(notBefore: .noon.after(10)))
            try store.add([asin(3)])
            try store.add([asin(4)], EnqueueOptions(priority: 1, notBefore: .noon.after(11)))
            for (now, ids) in [(9, [1, 3]), (10, [1, 2, 3]), (11, [4, 1, 2, 3])] {
                #expect(try store.look(at: .noon.after(now)).ready.map(\.id) == ids.map(Int64.init))
            }
        }
    }

    @Test("a paused job is never listed, whatever the year", arguments: Medium.allCases)
    func paused(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...2))
            #expect(try store.pause(JobSelection(products: [asin(1)])) == 1)
            for now in [Timestamp.noon, Store.pausedUntil.after(-1)] {
                let snapshot = try store.look(at: now)
                #expect(snapshot.ready.map(\.product) == [asin(2)])
                #expect(snapshot.nextDueAt == nil)
            }
        }
    }

    @Test(
        "two batches are listed, so that jobs with a limit of their own may be skipped",
        arguments: Medium.allCases)
    func twoBatches(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...30))
            let endpoint = Endpoint.images.with(batchLimit: 7)
            #expect(try store.look(endpoint).ready.map(\.id) == Array(1...14))
        }
    }

    @Test(
        "jobs of another endpoint, and running and finished ones, are not listed",
        arguments: Medium.allCases)
    func others(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1))
            try store.add([asin(2)], at: .barcodes)
            try store.add(asins(3...5))
            _ = try store.cancel(JobSelection(products: [asin(4)]), now: .noon)
            _ = try store.call(1, now: .noon.after(5_000))
            #expect(try store.look(at: .noon.after(5_000)).ready.map(\.product) == [asin(5)])
        }
    }

    @Test("another connection's rows are seen by the next claim")
    func otherConnection() throws {
        try TemporaryFolder.with { folder in
            let lane = try Store(path: folder.database, access: .create)
            #expect(try lane.look().ready.isEmpty)
            let program = try Store(path: folder.database, access: .write)
            try program.execute(
                "INSERT INTO queue (endpoint, product) VALUES ('images', '\(asin(1))')")
            #expect(try lane.look().ready.map(\.product) == [asin(1)])
            let call = try lane.call()
            #expect(try program.openCalls(at: Endpoint.both) == [call.entry])
        }
    }
}
