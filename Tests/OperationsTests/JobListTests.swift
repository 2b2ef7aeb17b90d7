import Foundation
import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("Jobs as rows") struct JobListTests {
    private func jobs(
        _ database: TestDatabase, _ filter: JobFilter = JobFilter(), limit: Int? = nil
    ) throws -> [JobRecord] {
        var jobs: [JobRecord] = []
        let count = try JobPage.forEach(database.store, filter, limit: limit, at: .noon) {
            jobs.append($0)
        }
        #expect(count == jobs.count)
        return jobs
    }

    private func written(
        _ jobs: [JobRecord], _ format: RowFormat, width: Int = 80
    ) throws -> String {
        var text = ""
        var writer = RowWriter(JobRecord.layout(width: width), format) { text += $0 }
        try writer.begin()
        for job in jobs { try writer.append(job) }
        try writer.end()
        return text
    }

    @Test(
        "are all there beyond a page, and as many as the limit says",
        arguments: [(nil, 2_300), (1, 1), (1_000, 1_000), (1_001, 1_001), (5_000, 2_300)])
    func limits(limit: Int?, count: Int) async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...2_300))
        let ids = try jobs(database, limit: limit).map(\.id)
        #expect(ids == (1...2_300).reversed().prefix(count).map { Int64($0) })
    }

    @Test("are found past pages that have none")
    func emptyPages() async throws {
        let database = try await TestDatabase()
        try database.add([asin(1)])
        try database.add(asins(2...40_500))
        #expect(try jobs(database, JobFilter(product: asin(1))).map(\.id) == [1])
    }

    @Test("have the columns of the record in CSV, with the reason of a dead letter")
    func csv() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), label: "a, b", .rejected(status: 400, message: "=no"))
        let lines = try written(jobs(database), .csv).components(separatedBy: "\r\n")
        #expect(
            lines[0]
                == "id,endpoint,product,account,state,priority,label,enqueued_at,not_before,failures,snoozes,call_id,finished_at,error,pages,pages_done,then_lookup"
        )
        #expect(
            lines[1]
                == "1,images,\(asin(1)),,discarded,0,\"a, b\",2026-05-04T12:00:00.000Z,,0,0,1,2026-05-04T12:00:00.100Z,'=no,,,0"
        )
    }

    @Test("are one line each for people, with the reason of a dead letter below it")
    func text() async throws {
        let database = try await TestDatabase()
        try database.complete(
            asin(1), label: "spring", .rejected(status: 400, message: "no such product"))
        try database.complete(asin(2), now: .noon.after(1_000))
        try database.add([asin(3)], EnqueueOptions(notBefore: .noon.after(60_000)))
        let lines = try written(jobs(database), .table).split(separator: "\n")
        #expect(
            lines == [
                "  JOB ID ENDPOINT PRODUCT        STATE     ENQUEUED (UTC)      LABEL",
                "       3 images   \(asin(3))     later     2026-05-04 12:00:00",
                "          not before 2026-05-04 12:01:00 UTC",
                "       2 images   \(asin(2))     completed 2026-05-04 12:00:01",
                "       1 images   \(asin(1))     discarded 2026-05-04 12:00:00 spring",
                "          priority 0, finished 2026-05-04 12:00:00 UTC: no such product",
            ])
    }

    @Test(
        "fit any width, however long their product, label and reason are",
        arguments: [40, 80, 104, 200])
    func widths(width: Int) async throws {
        let database = try await TestDatabase()
        let query = String(repeating: "春の商品 ", count: 30) + "end"
        try database.add(
            [query], at: "search", EnqueueOptions(label: String(repeating: "l", count: 100)))
        try database.complete(
            asin(1), .rejected(status: 400, message: String(repeating: "x", count: 900)))
        let text = try written(jobs(database), .table, width: width)
        for line in text.split(separator: "\n") {
            #expect(TerminalText.columns(String(line)) <= width, "\(line)")
        }
        #expect(
            text.filter { $0 != "\n" && $0 != " " }.contains(String(repeating: "l", count: 100)))
    }

    @Test("keep their columns where a label or product is too long: it is below the line")
    func longTexts() async throws {
        let database = try await TestDatabase()
        let label = "a label of a few words"
        try database.add(
            ["春の商品一覧 and more"], at: "search", EnqueueOptions(label: label))
        #expect(
            try written(jobs(database), .table).split(separator: "\n").dropFirst() == [
                "       1 search   春の商品一覧…  ready     2026-05-04 12:00:00",
                "          product 春の商品一覧 and more, label a label of a few words",
            ])
        #expect(
            try written(jobs(database), .table, width: 110).split(separator: "\n").last
                == "          product 春の商品一覧 and more")
    }

    @Test("of an unknown account are refused with the nearest name")
    func account() async throws {
        let database = try await TestDatabase()
        let text = try badRequest { _ = try jobs(database, JobFilter(account: "asinscop")) }
        #expect(text.hasSuffix("Try: use asinscope."))
    }
}
