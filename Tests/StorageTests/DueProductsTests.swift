import GRDB
import Planning
import Providers
import Storage
import StoreSupport
import TestSupport
import Testing

/// The look for due products of lists.
struct DueProductsTests {
    @Test("Without a schedule a look reads little and writes nothing")
    func none() throws {
        let store = try Store()
        let before = try store.totalChanges()
        #expect(try store.lookForDue() == StandingLook())
        #expect(try store.totalChanges() == before)
    }

    @Test(
        "Due products get jobs with the schedule's label and priority, once",
        arguments: Medium.allCases)
    func enqueued(_ medium: Medium) throws {
        try medium.withStore { store in
            _ = try store.schedule(asins(1...3), priority: 8)
            #expect(try store.lookForDue().added == 3)
            #expect(
                try store.rows("SELECT product, label, priority, account FROM queue")
                    == asins(1...3).map { "\($0)|catalog|8|-" })
            let again = try store.lookForDue()
            #expect(again.added == 0 && again.nextAt == .noon.after(3_600_000))
        }
    }

    @Test("No more are enqueued than there is room for, and the oldest go first")
    func oldestFirst() throws {
        let store = try Store()
        for number in [4, 2, 3] {
            try store.complete(asin(number), now: .noon.after(-number * 1_000))
        }
        _ = try store.schedule(asins(1...4))
        let later = Timestamp.noon.after(days: 2)
        var order: [String] = []
        for _ in 1...4 {
            #expect(try store.lookForDue(1, now: later).added == 1)
            order = try store.openProducts()
        }
        #expect(order == [1, 4, 3, 2].map { asin($0) })
    }

    @Test("A product is due again an interval after its answer, also one that was not found")
    func answered() throws {
        let store = try Store()
        _ = try store.schedule(asins(1...2))
        try store.lookForDue()
        let answeredAt = Timestamp.noon.after(5_000)
        let call = try store.call(now: answeredAt)
        try store.settle(call, .succeeded(Answer(items: [:])), now: answeredAt)
        #expect(try store.number("SELECT count(*) FROM result WHERE found = 0") == 2)
        // The answer is noticed an hour later.
        #expect(try store.lookForDue(now: .noon.after(days: 0, hours: 1)).added == 0)
        let dueAt = answeredAt.after(days: 1)
        let early = try store.lookForDue(now: dueAt.after(-1))
        #expect(early == StandingLook(nextAt: dueAt))
        #expect(try store.lookForDue(now: dueAt).added == 2)
    }

    @Test("An answer to another job counts as well")
    func answeredElsewhere() throws {
        let store = try Store()
        _ = try store.schedule(asins(1...2))
        try store.complete(asin(1), now: .noon)
        #expect(try store.lookForDue().added == 1)
        #expect(try store.openProducts() == [asin(2)])
    }

    @Test("A product with an open job is skipped, whatever its account", arguments: [false, true])
    func open(hasAccount: Bool) throws {
        let account = hasAccount ? "asinscope" : nil
        let store = try Store()
        try store.add([asin(1)], EnqueueOptions(account: account))
        _ = try store.schedule(asins(1...2))
        #expect(try store.lookForDue().added == 1)
        #expect(try store.number("SELECT count(*) FROM queue") == 2)
        #expect(try store.lookForDue(now: .noon.after(days: 0, hours: 2)).added == 0)
    }

    @Test("A dead letter is enqueued again an interval after its failure, not before")
    func deadLetter() throws {
        let store = try Store()
        _ = try store.schedule([asin(1)])
        try store.lookForDue()
        let failedAt = Timestamp.noon.after(7_000)
        try store.answerReady(now: failedAt, .rejected(status: 400, message: "no"))
        #expect(try store.deadLetters(at: "images", limit: 9).count == 1)
        for hours in [1, 2, 23] {
            #expect(try store.lookForDue(now: .noon.after(days: 0, hours: hours)).added == 0)
        }
        let dueAt = failedAt.after(days: 1)
        #expect(try store.lookForDue(now: dueAt.after(-1)) == StandingLook(nextAt: dueAt))
        #expect(try store.lookForDue(now: dueAt).added == 1)
    }

    @Test("A cancelled job is enqueued again an interval after that")
    func cancelled() throws {
        let store = try Store()
        _ = try store.schedule([asin(1)])
        try store.lookForDue()
        _ = try store.cancel(JobSelection(label: "catalog"), now: .noon)
        #expect(try store.lookForDue(now: .noon.after(days: 0, hours: 23)).added == 0)
        #expect(try store.lookForDue(now: .noon.after(days: 1)).added == 1)
    }

    @Test("A paused schedule gets no jobs until it is resumed")
    func paused() throws {
        let store = try Store()
        let schedule = try store.schedule([asin(1)])
        try store.setPaused(true, schedule)
        #expect(try store.lookForDue() == StandingLook())
        try store.setPaused(false, schedule)
        #expect(try store.lookForDue().added == 1)
    }

    @Test("The more urgent schedule goes first, then the one with the oldest product")
    func order() throws {
        let store = try Store()
        try store.complete(asin(1), now: .noon.after(-1_000))
        try store.complete(asin(2), now: .noon.after(-2_000))
        try store.complete(asin(3), now: .noon)
        _ = try store.schedule([asin(1)], "a")
        _ = try store.schedule([asin(2)], "b")
        _ = try store.schedule([asin(3)], "c", priority: 8)
        try store.lookForDue(2, now: .noon.after(days: 2))
        #expect(try store.openProducts() == [asin(3), asin(2)])
    }

    @Test("A shorter interval applies to products that would be due later than it")
    func shortened() throws {
        let store = try Store()
        try store.complete(asin(1), now: .noon)
        _ = try store.schedule([asin(1)], every: .day * 7)
        #expect(try store.lookForDue(now: .noon.after(days: 2)).added == 0)
        _ = try store.schedule([], every: .day)
        #expect(try store.lookForDue(now: .noon.after(days: 2)).added == 1)
    }

    @Test("After the clock was set back, a result of the future does not delay its product")
    func clockSetBack() throws {
        let store = try Store()
        try store.complete(asin(1), now: .noon.after(days: 1_000))
        _ = try store.schedule([asin(1)])
        #expect(try store.lookForDue(now: .noon).added == 1)
    }

    @Test("Jobs name the account that pays, if the schedule names none and several take such jobs")
    func accounts() throws {
        let store = try Store()
        try store.register([StoredAccount(name: "second", provider: "asinscope")])
        _ = try store.schedule([asin(1)], "any")
        _ = try store.schedule([asin(2)], "own", account: "asinscope")
        #expect(try store.lookForDue(naming: "asinscope").added == 2)
        #expect(
            try store.rows("SELECT account FROM queue") == ["asinscope", "asinscope"])
        var second = Endpoint.images
        second.account = "second"
        _ = try store.schedule([asin(3)], "other", account: "asinscope")
        let look = try store.enqueueDue(at: second, among: [second], now: .noon) { _ in
            .products(5)
        }
        #expect(look.added == 0)
        second.isShared = false
        _ = try store.schedule([asin(4)], "shared")
        let unshared = try store.enqueueDue(at: second, among: [second], now: .noon) { _ in
            .products(5)
        }
        #expect(unshared.added == 0)
    }

    @Test("A look examines a bounded number of rows, and the next one continues")
    func bounded() throws {
        let store = try Store()
        let schedule = try store.schedule(asins(1...5_000))
        try store.execute(
            """
            INSERT INTO result (endpoint, product, found, fetched_at, call_id)
            SELECT 'images', product, 0, \(Timestamp.noon.milliseconds), 1 FROM schedule_product
            WHERE product < '\(asin(4_500))'
            """)
        let first = try store.lookForDue(10)
        #expect(first.added == 0)
        #expect(try #require(first.nextAt) < .noon.after(1_000))
        #expect(try store.counts(of: schedule, at: .noon).due == 3_000)
        #expect(try store.lookForDue(10).added == 0)
        #expect(try store.lookForDue(10).added == 10)
    }

    @Test("A look gets the demand of every endpoint of the account")
    func demands() throws {
        let store = try Store()
        _ = try store.schedule([asin(1)])
        try store.add(asins(10...14), at: .barcodes)
        try store.add(asins(20...22), at: .images, EnqueueOptions(notBefore: .noon.after(5_000)))
        try store.add(asins(30...31), at: .images, EnqueueOptions(notBefore: .midnight.after(1)))
        var seen: StandingSnapshot?
        _ = try store.enqueueDue(at: .images, among: Endpoint.both, now: .noon) {
            seen = $0
            return .none(until: .midnight)
        }
        #expect(
            seen?.demands == [
                .init(PoolPeer(endpoint: .images, waiting: byPriority(5, 3)), isReady: false),
                .init(PoolPeer(endpoint: .barcodes, waiting: byPriority(5, 5)), isReady: true),
            ])
        try store.pauseLane("barcodes", of: "asinscope", now: .noon)
        _ = try store.enqueueDue(at: .images, among: Endpoint.both, now: .noon.after(5_000)) {
            seen = $0
            return .none(until: .midnight)
        }
        #expect(seen?.demands.map(\.isReady) == [true, true])
        #expect(seen?.demands.map(\.peer.isPaused) == [false, true])
    }

    @Test("A look without room waits for no other program's transaction")
    func noRoom() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(
                path: folder.database, access: .create, endpoints: Catalog.current.references)
            _ = try store.schedule([asin(1)])
            let other = try DatabaseQueue(path: folder.database)
            try other.inDatabase { db in
                try db.inTransaction(.immediate) {
                    let look = try store.enqueueDue(
                        at: .images, among: Endpoint.both, now: .noon
                    ) { _ in .none(until: .midnight) }
                    #expect(look == StandingLook(nextAt: .midnight))
                    return .rollback
                }
            }
        }
    }
}

/// Jobs of one priority.
private func byPriority(_ priority: Int, _ count: Int) -> [Int] {
    (0...9).map { $0 == priority ? count : 0 }
}
