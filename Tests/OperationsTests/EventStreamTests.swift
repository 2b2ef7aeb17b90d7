import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("The stream of events") struct EventStreamTests {
    private func stream(_ database: TestDatabase, after: EventCursor? = nil) throws -> EventStream {
        try EventStream(database.settings, database.store, after: after)
    }

    /// All that there is by now.
    private func rest(
        _ stream: inout EventStream, _ database: TestDatabase, at now: Timestamp = .noon
    ) throws -> [Event] {
        var events: [Event] = []
        var hasMore = true
        while hasMore {
            let found = try stream.next(database.settings, database.store, at: now)
            events += found.events
            hasMore = found.hasMore
        }
        return events
    }

    /// What an event is about: `call 3`, `dead_letter 7`, `lane_halted images`.
    private func key(_ event: Event) -> String {
        switch event.subject {
        case .watching: event.name
        case .call(let call): "call \(call.entry.id)"
        case .deadLetter(let job): "dead_letter \(job.id)"
        case .lane(let lane): "\(event.name) \(lane.endpoint)"
        }
    }

    @Test("begins now: earlier calls are not in it, and a call that was open is once it is settled")
    func beginsNow() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1))
        try database.add([asin(2)])
        let open = try database.call()
        var stream = try stream(database)
        #expect(try rest(&stream, database).isEmpty)
        #expect(stream.cursor.text == "e_2_2")
        try database.settle(open, answer([asin(2)]))
        #expect(try rest(&stream, database).map(key) == ["call 2"])
        #expect(stream.cursor.text == "e_2")
        #expect(try rest(&stream, database).isEmpty)
    }

    @Test("has each call once although calls settle out of the order of their ids")
    func outOfOrder() async throws {
        let database = try await TestDatabase()
        var stream = try stream(database)
        try database.add([asin(1)])
        try database.add([asin(1)], at: "barcodes")
        let images = try database.call()
        let barcodes = try database.call(at: "barcodes")
        #expect(try rest(&stream, database).isEmpty)
        try database.settle(barcodes, answer([asin(1)]), at: "barcodes")
        #expect(try rest(&stream, database).map(key) == ["call 2"])
        #expect(stream.cursor.text == "e_2_1")
        try database.complete(asin(3), at: "barcodes", now: .noon.after(5_000))
        #expect(try rest(&stream, database).map(key) == ["call 3"])
        try database.settle(images, answer([asin(1)]))
        #expect(try rest(&stream, database).map(key) == ["call 1"])
    }

    @Test("has the dead letters of a call after it, with their reasons")
    func deadLetters() async throws {
        let database = try await TestDatabase()
        var stream = try stream(database)
        try database.complete(asin(1), .rejected(status: 400, message: "no such product"))
        let events = try rest(&stream, database)
        #expect(events.map(key) == ["call 1", "dead_letter 1"])
        #expect(
            events.map(\.text) == [
                "2026-05-04 12:00:00  images: call 1 rejected 400, \(asin(1)), 0 tokens, 100 ms: no such product",
                "2026-05-04 12:00:00  images: dead letter \(asin(1)), job 1: no such product",
            ])
        let object = try json(events[1])
        #expect(object["event"] as? String == "dead_letter")
        #expect((object["job"] as? [String: Any])?["product"] as? String == asin(1))
        #expect(object["call"] == nil && object["lane"] == nil)
        #expect(object["at"] as? String == "2026-05-04T12:00:00.100Z")
    }

    /// A call whose first product is answered; the answers of the others cannot be stored.
    private func manyDeadLetters(_ database: TestDatabase, _ numbers: ClosedRange<Int>) throws {
        try database.add(asins(numbers))
        let call = try database.call(numbers.count)
        let items = numbers.map { number in
            let body = number == numbers.lowerBound ? "{}" : "{"
            return (asin(number), Item(isFound: true, body: body))
        }
        let answer = Answer(items: Dictionary(uniqueKeysWithValues: items))
        try database.settle(call, .succeeded(answer))
    }

    @Test("continues after any of its events: none is lost, none comes twice")
    func continues() async throws {
        let database = try await TestDatabase()
        let start = try stream(database).cursor
        try database.add(["0885909456017"], at: "lookup")
        try database.add([asin(1)], at: "barcodes")
        let late = try database.call(at: "lookup")
        let open = try database.call(at: "barcodes")
        try manyDeadLetters(database, 10...14)
        var first = try stream(database, after: start)
        let early = try rest(&first, database)
        #expect(early.count == 5)
        // Between the two looks, the earliest call is settled too.
        try database.settle(late, .rejected(status: 400, message: "no"), at: "lookup")
        let later = try rest(&first, database)
        #expect(later.map(key) == ["call 1", "dead_letter 1"])
        let keys = (early + later).map(key)
        for (index, event) in early.enumerated() {
            // Continued after the end of the earliest call, which comes first where the others were not begun.
            var stream = try stream(database, after: EventCursor(event.cursor.text))
            let rest = try rest(&stream, database).map(key)
            let expected = keys.dropFirst(index + 1)
            #expect(rest.sorted() == expected.sorted(), "after \(event.cursor.text)")
            #expect(Set(rest).count == rest.count)
        }
        for (index, event) in later.enumerated() {
            var stream = try stream(database, after: EventCursor(event.cursor.text))
            #expect(
                try rest(&stream, database).map(key) == Array(later.map(key).dropFirst(index + 1)))
        }
        #expect(first.cursor.text == "e_3_\(open.entry.id)")
    }

    @Test("has more calls than one look reads")
    func many() async throws {
        let database = try await TestDatabase()
        var stream = try stream(database)
        try database.execute(
            """
            DROP TRIGGER ledger_insert;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
            INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until,
                settled_at, outcome, charged)
            SELECT 'asinscope', 'images', '["B0"]', 1, 1, 2, 3, 'succeeded', 1 FROM n
            """)
        #expect(try rest(&stream, database).map(key) == (1...450).map { "call \($0)" })
    }

    @Test("leaves out an open call that was pruned after its end")
    func pruned() async throws {
        let database = try await TestDatabase()
        try database.add([asin(1)])
        let call = try database.call()
        var stream = try stream(database)
        try database.settle(call, answer([asin(1)]))
        try database.execute("DELETE FROM ledger")
        try database.complete(asin(2), at: "barcodes")
        #expect(try rest(&stream, database).map(key) == ["call 2"])
        #expect(stream.cursor.text == "e_2")
    }

    @Test(
        "says when lanes halt, are paused and are resumed, and not what they were at its beginning")
    func lanes() async throws {
        let database = try await TestDatabase(["asinscope: {apiKey: x}"])
        try database.store.pauseLane("barcodes", of: "asinscope", now: .noon)
        var stream = try stream(database)
        try database.add([asin(1)])
        let call = try database.call()
        try database.settle(call, .unauthorized(status: 401, message: "bad key"))
        let halted = try rest(&stream, database)
        #expect(halted.map(key) == ["call 1", "lane_halted images"])
        #expect(halted[1].text.contains("  images: halted: the provider rejected the key"))
        try database.store.resumeLane("barcodes", of: "asinscope")
        try database.store.pauseLane("images", of: "asinscope", now: .noon)
        let changed = try rest(&stream, database, at: .noon.after(5_000))
        #expect(changed.map(key) == ["lane_resumed barcodes", "lane_paused images"])
        #expect(
            changed[1].text == "2026-05-04 12:00:05  images: paused until `asinqd resume --images`")
        try database.store.resumeLane("images", of: "asinscope")
        let resumed = try rest(&stream, database)
        #expect(resumed.map(key) == ["lane_resumed images"])
        let lane = try #require(try json(resumed[0])["lane"] as? [String: Any])
        #expect(lane["account"] as? String == "asinscope" && lane["text"] as? String == "resumed")
        #expect(try rest(&stream, database).isEmpty)
    }

    @Test(
        "begins with the ledger at 0 or an empty text, as of an empty file", arguments: ["", "0"])
    func beginning(text: String) throws {
        #expect(try EventCursor(text).text == "e_0")
    }

    @Test(
        "refuses a text that is no cursor",
        arguments: [
            "e", "e_", "e_x", "e_-1", "e_1_", "e_1_2", "e_2_2.1", "e_2_1.1", "e_2_1_",
            "e_2_1_2.0",
            "e_0_1", "e_2_1_1", "e_2__1.0", "e_2_1_1.-1", "e_2_1_1.0_", "j_0_1", "e_01", "e_+1",
            "e_1 ",
            "e_99999999999999999999", "e_2_0",
        ])
    func malformed(text: String) throws {
        _ = try badRequest { _ = try EventCursor(text) }
    }

    @Test(
        "reads its own cursors", arguments: ["e_0", "e_7", "e_7_3.5", "e_7_3.5_5.0", "e_7_5_5.120"])
    func cursors(text: String) throws {
        #expect(try EventCursor(text).text == text)
    }

    @Test("refuses a cursor that is ahead of the ledger")
    func ahead() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1))
        _ = try stream(database, after: EventCursor("e_1"))
        let text = try badRequest { _ = try stream(database, after: EventCursor("e_2")) }
        #expect(text.contains("ahead"))
    }
}
