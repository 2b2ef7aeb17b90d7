import Planning
import Storage
import TestSupport
import Testing

struct SnapshotTests {
    @Test("an empty store has an empty snapshot", arguments: Medium.allCases)
    func empty(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let peer = PoolPeer(endpoint: .barcodes, waiting: Array(repeating: 0, count: 10))
            #expect(try store.look() == Snapshot(endpoint: .images, peers: [peer]))
            #expect(try store.look(.images, among: [.images]).peers.isEmpty)
        }
    }

    @Test(
        "the next due job is the earliest of all priorities that is not paused",
        arguments: Medium.allCases)
    func nextDue(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)], EnqueueOptions(notBefore: Store.pausedUntil))
            #expect(try store.look().nextDueAt == nil)
            for (number, (priority, milliseconds)) in [(9, 500), (0, 700), (4, 300), (4, 900)]
                .enumerated()
            {
                let options = EnqueueOptions(
                    priority: priority, notBefore: .noon.after(milliseconds))
                try store.add([asin(10 + number)], options)
            }
            try store.add([asin(2)], at: .barcodes, EnqueueOptions(notBefore: .noon.after(1)))
            for (now, due) in [(0, 300), (300, 500), (500, 700), (899, 900)] {
                #expect(try store.look(at: .noon.after(now)).nextDueAt == .noon.after(due))
            }
            #expect(try store.look(at: .noon.after(900)).nextDueAt == nil)
        }
    }

    @Test(
        "a lane's pause and its last resumption are its own, and the peer's are the peer's",
        arguments: Medium.allCases)
    func lanes(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), .unauthorized(status: 401, message: "key"))
            try store.pauseLane("barcodes", now: .noon)
            try store.liftHalt(.images)
            let snapshot = try store.look()
            #expect(!snapshot.isPaused && snapshot.resumedAfter == 1)
            #expect(snapshot.peers[0].isPaused && snapshot.peers[0].resumedAfter == 0)
            let turned = try store.look(.barcodes)
            #expect(turned.isPaused && turned.resumedAfter == 0)
            #expect(!turned.peers[0].isPaused && turned.peers[0].resumedAfter == 1)
        }
    }

    @Test(
        "a claim and a read have the same snapshot, once due jobs are promoted",
        arguments: Medium.allCases)
    func sameLook(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...5))
            try store.add([asin(6)], EnqueueOptions(notBefore: .noon.after(10)))
            try store.complete(asin(7), at: .barcodes)
            let claimed = try store.look(at: .noon.after(20))
            #expect(
                try store.snapshot(.images, among: Endpoint.both, at: .noon.after(20)) == claimed)
        }
    }

    @Test(
        "a row of the ledger is read with all columns that count for a limit",
        arguments: Medium.allCases)
    func ledger(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)])
            let call = try store.call()
            let done = Timestamp.noon.after(700)
            let outcome = CallOutcome.rateLimited(.day, hint: .seconds(3_600), message: "later")
            let settlement = try #require(try store.settle(call, outcome, now: done))
            var entry = call.entry
            entry.settledAt = done
            entry.outcome = .rateLimited
            entry.charged = 0
            entry.dailyRemaining = 0
            entry.dailyResetAt = settlement.dailyResetAt
            entry.retryAt = settlement.retryAt
            entry.fullAt = settlement.fullAt
            #expect(entry.dailyResetAt != nil && entry.retryAt != nil && entry.fullAt != nil)
            #expect(try store.look(at: done).ledger == Ledger([entry]))
        }
    }
}
