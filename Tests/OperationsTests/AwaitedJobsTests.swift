import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("Changes of waiting jobs, and waits for them") struct AwaitedJobsTests {
    private struct Row: Equatable {
        var priority: Int
        var label: String?
        var state: JobState
    }

    private func rows(_ database: TestDatabase) throws -> [Row] {
        try JobPage.read(database.store, JobFilter(), limit: 10, cursor: nil, at: .noon).items
            .reversed().map { Row(priority: $0.priority, label: $0.label, state: $0.state) }
    }

    @Test("the priority, label and time of waiting jobs change, each for itself")
    func edits() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...2), EnqueueOptions(label: "spring"))
        let store = database.store
        let label = JobSelection(label: "spring")
        func change(_ edit: JobEdit) throws -> Int {
            try store.change([label], by: .edit(edit)).changed
        }
        #expect(try change(JobEdit(priority: 2)) == 2)
        #expect(
            try rows(database)
                == Array(repeating: Row(priority: 2, label: "spring", state: .ready), count: 2))
        #expect(try change(JobEdit(notBefore: .noon + .seconds(3_600))) == 2)
        #expect(try rows(database).map(\.state) == [.later, .later])
        #expect(try store.pause(JobSelection(products: [asin(1)])) == 1)
        // A paused job waits for `resume`, whatever its time is.
        #expect(try change(JobEdit(priority: 1, notBefore: Timestamp(milliseconds: 0))) == 1)
        #expect(
            try rows(database) == [
                Row(priority: 2, label: "spring", state: .paused),
                Row(priority: 1, label: "spring", state: .ready),
            ])
        #expect(try change(JobEdit(label: "autumn'; --")) == 2)
        #expect(try rows(database).map(\.label) == ["autumn'; --", "autumn'; --"])
        let renamed = JobSelection(label: "autumn'; --")
        #expect(try store.change([renamed], by: .edit(JobEdit(label: ""))).changed == 2)
        #expect(try rows(database).map(\.label) == [nil, nil])
    }

    @Test("jobs that are not waiting are not changed")
    func running() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...2), EnqueueOptions(label: "spring"))
        let store = database.store
        #expect(try store.cancel(JobSelection(products: [asin(1)]), now: .noon) == 1)
        #expect(
            try store.change([JobSelection(label: "spring")], by: .edit(JobEdit(priority: 0)))
                .changed == 1)
        #expect(try rows(database).map(\.priority) == [5, 0])
    }

    @Test("a wait ends when the last of many jobs is finished, and a paused one is open")
    func waits() async throws {
        let database = try await TestDatabase()
        let products = asins(1...1_200)
        try database.add(products)
        let store = database.store
        var awaited = AwaitedJobs(products, at: "images")
        #expect(try !awaited.areFinished(in: store))
        _ = try store.cancel(JobSelection(products: Array(products.dropLast())), now: .noon)
        _ = try store.pause(JobSelection(products: [products[1_199]]))
        #expect(try !awaited.areFinished(in: store))
        #expect(try !store.hasOpenJob(JobSelection(endpoint: "images"), isPausedCounted: false))
        let report = try WaitReport(
            [JobSelection(endpoint: "images")], isFinished: false, in: store)
        #expect(report.waiting == 1 && report.deadLetters == 0)
        _ = try store.cancel(JobSelection(endpoint: "images"), now: .noon)
        #expect(try awaited.areFinished(in: store))
        var none = AwaitedJobs([], at: "images")
        #expect(try none.areFinished(in: store))
    }
}
