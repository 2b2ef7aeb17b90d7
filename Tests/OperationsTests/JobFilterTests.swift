import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("A change of all jobs that match") struct JobFilterTests {
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
