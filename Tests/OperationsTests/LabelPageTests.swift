import Foundation
import Operations
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite("A list of labels") struct LabelPageTests {
    private func walk(
        _ database: TestDatabase, limit: Int, between: () throws -> Void = {}
    ) throws -> [LabelReport] {
        var labels: [LabelReport] = []
        var cursor: String?
        repeat {
            if cursor != nil { try between() }
            let page = try LabelPage.read(
                database.settings, database.store, limit: limit, cursor: cursor, at: .noon)
            labels += page.items
            cursor = page.next
        } while cursor != nil
        return labels
    }

    @Test("has each label once, with its jobs by state, and finished labels too")
    func states() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), label: "done")
        try database.complete(
            asin(2), label: "done", now: .noon.after(5_000), .rejected(status: 400, message: "no"))
        try database.add(asins(10...14), EnqueueOptions(label: "waiting"))
        try database.add(
            asins(15...16),
            EnqueueOptions(label: "waiting", notBefore: .noon.after(60_000)))
        try database.add(asins(10...12), at: "barcodes", EnqueueOptions(label: "waiting"))
        _ = try database.store.pause(JobSelection(products: [asin(14)]))
        let labels = try walk(database, limit: 1)
        #expect(labels.map(\.label) == ["done", "waiting"])
        #expect(labels[0].jobs.completed == 1 && labels[0].jobs.discarded == 1)
        #expect(labels[0].finishesAt.instant == nil && labels[0].remainingTokens.number == 0)
        #expect(
            labels[1].jobs.ready == 7 && labels[1].jobs.later == 2 && labels[1].jobs.paused == 1)
        #expect(labels[1].endpoints.map(\.endpoint) == ["barcodes", "images"])
        #expect(labels[1].finishesAt.instant.map { $0 >= .noon.after(60_000) } == true)
        #expect((labels[1].remainingTokens.number ?? 0) > 0)
        let object = try json(labels[0])
        #expect(object.keys.contains("finishesAt"))
    }

    @Test("continues while labels are added, and after text that is not valid", .onSQLite)
    func order() async throws {
        let database = try await TestDatabase()
        try database.addOdd("4230303030303030303131", label: "CAST(x'72FF31' AS TEXT)")
        try database.addOdd("4230303030303030303132", label: "CAST(x'72FF32' AS TEXT)")
        for number in 1...20 {
            try database.add([asin(number)], EnqueueOptions(label: "l\(number)"))
        }
        var more = 100
        let labels = try walk(database, limit: 3) {
            more += 1
            try database.add([asin(more)], EnqueueOptions(label: "a\(more)"))
        }.map(\.label)
        #expect(labels.count == 22)
        #expect(labels.suffix(2) == ["r\u{FFFD}1", "r\u{FFFD}2"])
    }

    @Test(
        "refuses a cursor that is malformed", arguments: ["", "l_", "l_f", "l_+1", "l_zz", "j_0_1"])
    func malformed(cursor: String) async throws {
        let database = try await TestDatabase()
        _ = try badRequest {
            _ = try LabelPage.read(
                database.settings, database.store, limit: 1, cursor: cursor, at: .noon)
        }
    }

    private func written(
        _ database: TestDatabase, _ format: RowFormat, width: Int = 80
    ) throws -> String {
        var text = ""
        var writer = RowWriter(LabelReport.layout(width: width, at: .noon), format) { text += $0 }
        try writer.begin()
        try LabelPage.forEach(database.settings, database.store, at: .noon) {
            try writer.append($0)
        }
        try writer.end()
        return text
    }

    @Test("is printed with the progress, the cost and the end of each label")
    func text() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), label: "done")
        try database.complete(
            asin(2), label: "done", now: .noon.after(5_000), .rejected(status: 400, message: "no"))
        try database.add(asins(10...19), EnqueueOptions(label: "a label of thirty columns here"))
        try database.add([asin(20)], EnqueueOptions(label: "held"))
        _ = try database.store.pause(JobSelection(label: "held"))
        _ = try database.store.cancel(JobSelection(products: [asin(19)]), now: .noon)
        let lines = try written(database, .table).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "LABEL                      DONE      LEFT FAILED    TOKENS  END",
                "a label of thirty columns here",
                "                              0         9      0         9  Mon 12:01 UTC",
                "          1 cancelled",
                "done                          1         0      1         0  finished",
                "held                          0         1      0         0  paused",
                "          1 paused",
            ])
    }

    @Test("fits any width", arguments: [40, 79, 80, 104])
    func widths(width: Int) async throws {
        let database = try await TestDatabase()
        for label in [String(repeating: "春", count: 100), String(repeating: "l", count: 100)] {
            try database.add([asin(label.utf8.count)], EnqueueOptions(label: label))
        }
        let text = try written(database, .table, width: width)
        for line in text.split(separator: "\n") {
            #expect(TerminalText.columns(String(line)) <= width, "\(line)")
        }
        #expect(text.count { $0 == "春" } == 100)
    }

    @Test("has all labels beyond a page, in CSV and JSON too")
    func all() async throws {
        let database = try await TestDatabase()
        try database.execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1050)
            INSERT INTO queue (endpoint, product, label)
            SELECT 'images', 'B' || substr(CAST(1000000000 + i AS TEXT), 2), 'l' || i FROM n
            """)
        let csv = try written(database, .csv).components(separatedBy: "\r\n")
        #expect(
            csv[0]
                == "label,ready,later,paused,running,completed,discarded,cancelled,remaining_tokens,finishes_at"
        )
        #expect(csv.count == 1_052)
        #expect(csv[1].hasPrefix("l1,1,0,0,0,0,0,0,1,2026-05-04T12:"))
        let jsonl = try written(database, .jsonl).split(separator: "\n")
        #expect(jsonl.count == 1_050)
        #expect(jsonl[0].contains(#""label":"l1""#) && jsonl[0].contains(#""remainingTokens":1"#))
    }
}
