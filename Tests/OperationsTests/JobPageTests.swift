import Operations
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite("A list of jobs") struct JobPageTests {
    /// The ids of all pages; `between` runs before each page but the first.
    private func walk(
        _ database: TestDatabase, _ filter: JobFilter, limit: Int,
        between: () throws -> Void = {}
    ) throws -> [Int64] {
        var ids: [Int64] = []
        var cursor: String?
        repeat {
            if cursor != nil { try between() }
            let page = try JobPage.read(
                database.store, filter, limit: limit, cursor: cursor, at: .noon)
            #expect(page.items.count <= limit)
            ids += page.items.map(\.id)
            cursor = page.next
        } while cursor != nil
        return ids
    }

    @Test("has every job exactly once, the latest first, while jobs are added")
    func whileAdding() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...57), EnqueueOptions(label: "red"))
        for (filter, limit) in [
            (JobFilter(), 10), (JobFilter(label: "red"), 7), (JobFilter(endpoint: "images"), 19),
            (JobFilter(state: .ready), 1),
        ] {
            let known = try database.number("SELECT max(id) FROM queue")
            var more = known * 10
            let ids = try walk(database, filter, limit: limit) {
                more += 1
                try database.add([asin(more)], EnqueueOptions(label: "red"))
            }
            #expect(ids == ids.sorted(by: >))
            #expect(ids.count == Set(ids).count)
            #expect(Set(ids).isSuperset(of: (1...57).map { Int64($0) }))
        }
    }

    @Test("has dead letters by the time when they were discarded, and each once")
    func finished() async throws {
        let database = try await TestDatabase()
        for number in (1...9).reversed() {
            try database.complete(
                asin(number), now: .noon.after(-number * 10_000),
                .rejected(status: 400, message: "no"))
            // Rejections in a row would halt the lane.
            try database.complete(
                asin(number + 100), now: .noon.after(-number * 10_000 + 2_000))
            try database.complete(
                asin(number), at: "barcodes", now: .noon.after(-number * 10_000 + 5_000))
        }
        let all = try walk(database, JobFilter(state: .discarded), limit: 2)
        #expect(
            try all.map { try database.store.job($0, at: .noon)!.product } == asins(1...9))
        #expect(try walk(database, JobFilter(state: .completed), limit: 4).count == 18)
        let barcodes = JobFilter(endpoint: "barcodes", state: .completed)
        #expect(try walk(database, barcodes, limit: 4).count == 9)
        #expect(
            try walk(database, JobFilter(endpoint: "barcodes", state: .discarded), limit: 4) == [])
    }

    @Test("has jobs that finished at one instant once each")
    func sameInstant() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...50))
        try database.add(asins(1...50), at: "barcodes")
        _ = try database.store.cancel(JobSelection(products: asins(1...50)), now: .noon)
        let ids = try walk(database, JobFilter(state: .cancelled), limit: 7)
        #expect(ids == (1...100).reversed().map { Int64($0) })
    }

    @Test("has jobs by the states of status")
    func states() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...2))
        try database.add(asins(3...4), EnqueueOptions(notBefore: .noon.after(60_000)))
        try database.add([asin(5)], EnqueueOptions(notBefore: .noon.after(-60_000)))
        _ = try database.store.pause(JobSelection(products: [asin(2)]))
        _ = try database.store.cancel(JobSelection(products: [asin(4)]), now: .noon)
        try database.add([asin(6)], EnqueueOptions(priority: 0))
        _ = try database.call()
        func products(_ state: JobState) throws -> [String] {
            try JobPage.read(
                database.store, JobFilter(state: state), limit: 10, cursor: nil, at: .noon
            ).items.map(\.product)
        }
        #expect(try products(.ready) == [asin(5), asin(1)])
        #expect(try products(.later) == [asin(3)])
        #expect(try products(.paused) == [asin(2)])
        #expect(try products(.running) == [asin(6)])
        #expect(try products(.cancelled) == [asin(4)])
        #expect(try products(.completed) == [])
    }

    @Test(
        "refuses a cursor that is malformed, or of another list",
        arguments: [
            "", "j", "j_1", "j_x_1", "j_1_2_3", "f_0_1", "j_0_99999999999999999999", "\u{0}",
            "j_0_ 1",
        ])
    func malformed(cursor: String) async throws {
        let database = try await TestDatabase()
        let text = try badRequest {
            _ = try JobPage.read(
                database.store, JobFilter(), limit: 1, cursor: cursor, at: .noon)
        }
        #expect(text.contains("cursor"))
    }

    @Test(
        "has at most a thousand jobs, and at least one",
        arguments: [
            (Int.max, 1_000), (1_001, 1_000), (0, 1), (-5, 1), (Int.min, 1),
        ])
    func limits(limit: Int, count: Int) async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...1_005))
        let page = try JobPage.read(
            database.store, JobFilter(), limit: limit, cursor: nil, at: .noon)
        #expect(page.items.count == count)
        #expect(page.next != nil)
    }

    @Test("shows text that is not valid with a replacement, and finds it so", .onSQLite)
    func oddText() async throws {
        let database = try await TestDatabase()
        try database.addOdd("4230FF31", label: "CAST(x'72FF' AS TEXT)")
        try database.addOdd("42003132")
        try database.add(asins(1...3))
        let page = try JobPage.read(
            database.store, JobFilter(), limit: 10, cursor: nil, at: .noon)
        #expect(page.items.map(\.product).suffix(2) == ["B\u{FFFD}12", "B0\u{FFFD}1"])
        for filter in [
            JobFilter(product: "B0\u{FFFD}1"), JobFilter(label: "r\u{FFFD}"),
            JobFilter(product: "B\u{0}12"),
        ] {
            let found = try JobPage.read(
                database.store, filter, limit: 10, cursor: nil, at: .noon)
            #expect(found.items.count == 1, "\(filter)")
        }
        for product in ["", "B0000\u{0}00001", "' OR 1 --", String(repeating: "x", count: 100_000)]
        {
            let found = try JobPage.read(
                database.store, JobFilter(product: product), limit: 10, cursor: nil, at: .noon)
            #expect(found.items.isEmpty)
        }
    }

    @Test("reads a bounded number of rows for a page, and continues after them")
    func bounded() async throws {
        let database = try await TestDatabase()
        try database.add([asin(1)])
        try database.add(asins(2...20_500))
        let filter = JobFilter(product: asin(1))
        let first = try JobPage.read(
            database.store, filter, limit: 5, cursor: nil, at: .noon)
        #expect(first.items.isEmpty && first.next != nil)
        let second = try JobPage.read(
            database.store, filter, limit: 5, cursor: first.next, at: .noon)
        #expect(second.items.map(\.product) == [asin(1)])
        #expect(second.next == nil)
    }

    @Test("refuses an endpoint or account that does not exist, and says which do")
    func unknownNames() async throws {
        let database = try await TestDatabase()
        func refusal(_ filter: JobFilter) throws -> String {
            try badRequest {
                _ = try JobPage.read(
                    database.store, filter, limit: 1, cursor: nil, at: .noon)
            }
        }
        #expect(try refusal(JobFilter(endpoint: "nowhere")).contains("images"))
        #expect(
            try refusal(JobFilter(endpoint: "images", account: "ghost")).contains("asinscope"))
        #expect(try refusal(JobFilter(account: "ghost")).contains("upcitemdb"))
    }
}
