import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("A change of all jobs that match") struct JobFilterTests {
    @Test("finds a product however it is written, and jobs by their ids")
    func written() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...3))
        let store = database.store
        let filter = JobFilter(endpoint: "images", product: " " + asin(2).lowercased())
        let listed = try JobPage.read(store, filter, limit: 10, cursor: nil, at: .noon)
        #expect(listed.items.map(\.product) == [asin(2)])
        #expect(try store.count(filter, for: .pause, at: .noon) == 1)
        let ids = try JobPage.read(store, JobFilter(), limit: 10, cursor: nil, at: .noon)
            .items.map(\.id)
        let selections = [JobSelection(ids: Array(ids.prefix(2)) + [9_999])]
        #expect(try store.count(selections, for: .pause) == 2)
        #expect(try store.change(selections, by: .pause).changed == 2)
        // A finished job does not stand for the waiting one of its product.
        try database.complete(asin(8))
        let finished = try JobPage.read(
            store, JobFilter(state: .completed), limit: 1, cursor: nil, at: .noon
        ).items.map(\.id)
        try database.add([asin(8)])
        #expect(try store.count([JobSelection(ids: finished)], for: .cancel(at: .noon)) == 0)
    }

    @Test("does not reach lanes, which are paused and resumed as a whole, with jobs to come")
    func lanes() async throws {
        let database = try await TestDatabase()
        let store = database.store
        func isPaused(_ account: String = "asinscope") throws -> Bool {
            try StatusReport.read(database.settings, store, at: .noon).endpoints
                .first { $0.endpoint == "images" && $0.account == account }?.lane.state == "paused"
        }
        try store.change(lanesOf: "images", account: nil, by: .pause, at: .noon)
        try database.add(asins(1...3))
        #expect(try isPaused())
        #expect(try store.change(JobFilter(endpoint: "images"), by: .resume, at: .noon) == 0)
        #expect(try isPaused())
        try store.change(lanesOf: "images", account: "asinscope", by: .resume, at: .noon)
        #expect(try !isPaused())
        _ = try badRequest {
            try store.change(lanesOf: "images", account: "another", by: .pause, at: .noon)
        }
        _ = try badRequest {
            try store.change(lanesOf: "imges", account: nil, by: .pause, at: .noon)
        }
    }

    @Test("counts before what it changes then, by all parts of the filter")
    func counted() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...20), EnqueueOptions(label: "red"))
        try database.add(asins(21...30), EnqueueOptions(label: "blue"))
        try database.add(
            asins(31...33), EnqueueOptions(label: "red", notBefore: .noon.after(60_000)))
        func expect(
            _ filter: JobFilter, _ command: JobCommand, _ count: Int,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let counted = try database.store.count(filter, for: command, at: .noon)
            let changed = try database.store.change(filter, by: command, at: .noon)
            #expect(counted == count && changed == count, sourceLocation: sourceLocation)
        }
        try expect(JobFilter(state: .later, label: "red"), .pause, 3)
        try expect(JobFilter(state: .ready, label: "red"), .pause, 20)
        try expect(JobFilter(endpoint: "images", state: .paused), .resume, 23)
        try expect(JobFilter(label: "red", product: asin(7)), .cancel(at: .noon), 1)
        try expect(JobFilter(endpoint: "barcodes"), .cancel(at: .noon), 0)
        try expect(JobFilter(state: .ready, label: "blue"), .cancel(at: .noon), 10)
        try expect(JobFilter(endpoint: "images"), .retry, 0)
    }

    @Test(
        "changes nothing in a state that the command does not change",
        arguments: [
            (JobState.completed, JobCommand.cancel(at: .noon)), (.running, .pause),
            (.ready, .resume),
            (.cancelled, .retry), (.paused, .pause),
        ])
    func otherStates(state: JobState, command: JobCommand) async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1))
        try database.add(asins(2...4))
        _ = try database.store.pause(JobSelection(products: [asin(3)]))
        let filter = JobFilter(endpoint: "images", state: state)
        #expect(try database.store.count(filter, for: command, at: .noon) == 0)
        #expect(try database.store.change(filter, by: command, at: .noon) == 0)
    }

    @Test(
        "is refused without an endpoint, label or product",
        arguments: [
            JobFilter(), JobFilter(state: .ready), JobFilter(account: "asinscope"),
        ])
    func unlimited(filter: JobFilter) async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...3))
        let text = try badRequest {
            _ = try database.store.change(filter, by: .cancel(at: .noon), at: .noon)
        }
        #expect(text.contains("every job"))
        #expect(try database.number("SELECT count(*) FROM queue WHERE state = 'available'") == 3)
    }
}
