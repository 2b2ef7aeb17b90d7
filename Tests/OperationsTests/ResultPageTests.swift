import Foundation
import Operations
import Planning
import Providers
import Storage
import TestSupport
import Testing

@Suite("A list of results") struct ResultPageTests {
    private func walk(
        _ database: TestDatabase, endpoint: String? = nil, label: String? = nil, limit: Int,
        between: () throws -> Void = {}
    ) throws -> [ResultRecord] {
        var records: [ResultRecord] = []
        var after: Int64 = 0
        while true {
            let page = try ResultPage.read(
                database.store, endpoint: endpoint, label: label, after: after, limit: limit)
            records += page.items
            let next = try ResultPage.revision(page.cursor)
            if next == after { return records }
            after = next
            try between()
        }
    }

    @Test("has every result once, in the order in which they were stored, while results are added")
    func order() async throws {
        let database = try await TestDatabase()
        for number in 1...12 { try database.complete(asin(number)) }
        var added = 12
        let records = try walk(database, limit: 5) {
            guard added < 16 else { return }
            added += 1
            try database.complete(asin(added))
        }
        #expect(records.map(\.line.result.product) == asins(1...16))
        // A result that is replaced gets a place after all others.
        try database.complete(asin(3), now: .noon.after(9_000))
        #expect(try walk(database, limit: 5).last?.line.result.product == asin(3))
    }

    @Test("of an endpoint or a label has those alone")
    func filtered() async throws {
        let database = try await TestDatabase()
        for number in 1...6 {
            try database.complete(asin(number), label: number.isMultiple(of: 2) ? "even" : nil)
            try database.complete(asin(number), at: "barcodes", label: "codes")
        }
        let images = try walk(database, endpoint: "images", limit: 4)
        #expect(images.map(\.line.endpoint) == Array(repeating: "images", count: 6))
        let even = try walk(database, label: "even", limit: 2)
        #expect(even.map(\.line.result.product) == [asin(2), asin(4), asin(6)])
        #expect(try walk(database, endpoint: "images", label: "codes", limit: 2).isEmpty)
        #expect(try walk(database, endpoint: "barcodes", label: "codes", limit: 2).count == 6)
        _ = try badRequest { _ = try walk(database, endpoint: "nowhere", limit: 1) }
    }

    @Test("refuses a cursor that is no revision", arguments: ["", "-1", "x", "1.5", "1 "])
    func cursors(cursor: String) throws {
        _ = try badRequest { _ = try ResultPage.revision(cursor) }
    }

    @Test("is streamed in batches that keep no transaction open")
    func streamed() async throws {
        let database = try await TestDatabase()
        try database.add(asins(1...1_300), EnqueueOptions(label: "all"))
        while try database.number("SELECT count(*) FROM queue WHERE state = 'available'") > 0 {
            let call = try database.call(100)
            try database.settle(call, answer(call.jobs.map(\.product)))
        }
        for label in [nil, "all"] {
            var count = 0
            var revisions: [Int64] = []
            var stream = ResultStream(after: 0, endpoint: "images", label: label)
            while case let lines = try stream.next(90, in: database.store), !lines.isEmpty {
                #expect(lines.count <= 90)
                for line in lines {
                    revisions.append(line.revision)
                    count += 1
                    // A write in the midst of it is possible, and does not disturb it.
                    if count == 700 { try database.complete(asin(5_000), label: "all") }
                }
            }
            #expect(Set(revisions).count == count)
            #expect(revisions == revisions.sorted())
            #expect(count >= 1_300)
            var rest = ResultStream(after: stream.lastRevision, endpoint: nil, label: nil)
            #expect(try rest.next(90, in: database.store).isEmpty, "there is no other")
            #expect(rest.lastRevision == stream.lastRevision)
        }
    }

    @Test("has the provider's object as JSON, and its exact text in the line")
    func body() async throws {
        let database = try await TestDatabase()
        let body =
            #"{"title":"a \"b\"","price":12345678901234567890,"n":1.50,"half":"\ud800","x":[null,true,{}]}"#
        try database.complete(asin(1), answer([asin(1)], body: body))
        let record = try #require(walk(database, limit: 5).first)
        #expect(record.json.contains(#""item":"# + body))
        #expect(!record.json.contains("\n"))
        let object = try json(record)
        #expect(object["asin"] as? String == asin(1))
        #expect(object["found"] as? Bool == true)
        #expect(object["revision"] as? Int == 1)
        #expect(object["callID"] as? Int == 1)
        #expect(object["endpoint"] as? String == "images")
        let item = try #require(object["item"] as? [String: Any])
        #expect(item["title"] as? String == #"a "b""#)
        #expect(item["n"] as? Double == 1.5)
        #expect((item["x"] as? [Any])?.count == 3)
    }
}

@Suite("A product's result") struct ResultReportTests {
    @Test("is absent if the product was never asked, and found by any spelling of it")
    func asked() async throws {
        let database = try await TestDatabase()
        func report(_ product: String) throws -> ResultReport? {
            try ResultReport.read(
                database.store, endpoint: "images", product: product, at: .noon)
        }
        #expect(try report(asin(1)) == nil)
        try database.add([asin(1)])
        var object = try json(#require(try report("b000000001 ")))
        #expect(object["found"] as? Bool == false)
        #expect(object["state"] as? String == "ready")
        #expect(object["fetchedAt"] == nil)
        let call = try database.call()
        try database.settle(call, answer([asin(1)]))
        object = try json(#require(try report(asin(1))))
        #expect(object["found"] as? Bool == true)
        #expect(object["state"] as? String == "completed")
        #expect(object["item"] is [String: Any])
        try database.complete(asin(2), .rejected(status: 400, message: "bad product"))
        object = try json(#require(try report(asin(2))))
        #expect(object["state"] as? String == "discarded")
        #expect((object["error"] as? String)?.contains("bad product") == true)
    }

    @Test(
        "is refused for text that is no product, or an endpoint that does not exist",
        arguments: [
            "", "x", "\u{0}", "B00000000\u{0}1", "b0 0", "' OR 1", "\u{FFFD}\u{FFFD}",
        ])
    func garbage(product: String) async throws {
        let database = try await TestDatabase()
        for endpoint in ["images", "lookup", "nowhere"] {
            _ = try badRequest {
                _ = try ResultReport.read(
                    database.store, endpoint: endpoint, product: product, at: .noon)
            }
        }
    }
}
