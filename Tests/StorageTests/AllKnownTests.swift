import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// Schedules of all products that have a result at their endpoint.
struct AllKnownTests {
    @Test("All results of its endpoint become due in the order of age, and no others")
    func order() throws {
        let store = try Store()
        for number in [3, 1, 2] { try store.complete(asin(number), now: .noon.after(number)) }
        try store.complete(asin(9), at: .barcodes, now: .noon)
        let schedule = try store.schedule([], isAllKnown: true)
        #expect(
            try store.counts(of: schedule, at: .noon.after(9))
                == ScheduleCounts(products: 3, due: 0))
        #expect(try store.lookForDue(now: .noon.after(60_000)).added == 0)
        let later = Timestamp.noon.after(days: 1, hours: 1)
        #expect(try store.counts(of: schedule, at: later).due == 3)
        #expect(try store.lookForDue(2, now: later).added == 2)
        #expect(try store.openProducts() == [asin(3), asin(1)])
        #expect(try store.counts(of: schedule, at: later).due == 1)
        #expect(try store.lookForDue(now: later).added == 1)
        #expect(try store.lookForDue(now: later).added == 0)
    }

    @Test("A product keeps a row until it is answered, and is due again an interval later")
    func answered() throws {
        let store = try Store()
        for number in 1...3 { try store.complete(asin(number)) }
        _ = try store.schedule([], isAllKnown: true)
        let first = Timestamp.noon.after(days: 1)
        try store.lookForDue(now: first)
        #expect(try store.number("SELECT count(*) FROM schedule_product") == 3)
        try store.answerReady(now: first.after(1_000))
        try store.lookForDue(now: first.after(days: 0, hours: 1))
        #expect(try store.number("SELECT count(*) FROM schedule_product") == 0)
        let dueAt = first.after(1_000).after(days: 1)
        #expect(try store.lookForDue(now: dueAt.after(-1)) == StandingLook(nextAt: dueAt))
        #expect(try store.lookForDue(now: dueAt).added == 3)
    }

    @Test("A dead letter waits an interval, and then gets its turn although its result stays")
    func deadLetter() throws {
        let store = try Store()
        try store.complete(asin(1))
        _ = try store.schedule([], isAllKnown: true)
        let first = Timestamp.noon.after(days: 1)
        try store.lookForDue(now: first)
        try store.answerReady(now: first, .rejected(status: 400, message: "no"))
        for hours in [1, 5, 23] {
            #expect(try store.lookForDue(now: first.after(days: 0, hours: hours)).added == 0)
        }
        #expect(try store.lookForDue(now: first.after(days: 1)).added == 1)
    }

    @Test("A product that becomes known later joins by itself")
    func joins() throws {
        let store = try Store()
        _ = try store.schedule([], isAllKnown: true)
        #expect(try store.lookForDue() == StandingLook())
        try store.complete(asin(1))
        #expect(try store.lookForDue().nextAt == .noon.after(days: 1))
        #expect(try store.lookForDue(now: .noon.after(days: 1)).added == 1)
    }

    @Test("Results of other endpoints are passed over once, in bounded looks")
    func others() throws {
        let store = try Store()
        try store.execute(
            """
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 25000)
            INSERT INTO result (endpoint, product, found, fetched_at, call_id)
            SELECT 'barcodes', 'B' || substr(CAST(1000000000 + n AS TEXT), 2), 0, 1, 1 FROM number;
            INSERT INTO result (endpoint, product, found, fetched_at, call_id)
            VALUES ('images', 'B000000001', 0, 1, 1);
            """)
        _ = try store.schedule([], isAllKnown: true)
        for position in [10_000, 20_000] {
            let look = try store.lookForDue()
            #expect(look.added == 0 && look.nextAt == .noon)
            #expect(try store.number("SELECT last_revision FROM schedule") == position)
        }
        #expect(try store.lookForDue().added == 1)
        #expect(try store.number("SELECT last_revision FROM schedule") == 25_001)
    }

    @Test("A result of the future, from before the clock was set back, is due")
    func clockSetBack() throws {
        let store = try Store()
        try store.complete(asin(1), now: .noon.after(days: 1_000))
        _ = try store.schedule([], isAllKnown: true)
        #expect(try store.lookForDue(now: .noon).added == 1)
    }

    @Test("A text of an earlier version that is not UTF-8 is skipped, not changed", .onSQLite)
    func oddText() throws {
        let store = try Store()
        try store.execute(
            """
            INSERT INTO result (endpoint, product, found, fetched_at, call_id)
            VALUES ('search', CAST(x'4672FC68' AS TEXT), 0, 1, 1), ('search', 'red', 0, 2, 1)
            """)
        _ = try store.schedule([], at: .search, isAllKnown: true)
        #expect(try store.lookForDue(at: .search).added == 1)
        #expect(try store.openProducts() == ["red"])
    }

    @Test("Due results are counted by bisection as they are one by one")
    func counts() throws {
        let store = try Store()
        for number in 1...60 {
            try store.complete(
                asin(number), at: number % 3 == 0 ? .barcodes : .images,
                now: .noon.after(number * 1_000))
        }
        try store.execute("DELETE FROM result WHERE revision % 7 = 0")
        let schedule = try store.schedule([], isAllKnown: true)
        for number in 0...61 {
            let now = Timestamp.noon.after(days: 1).after(number * 1_000)
            let due = try store.number(
                """
                SELECT count(*) FROM result WHERE endpoint = 'images'
                AND fetched_at + 86400000 <= \(now.milliseconds)
                """)
            #expect(try store.counts(of: schedule, at: now).due == due)
        }
    }
}
