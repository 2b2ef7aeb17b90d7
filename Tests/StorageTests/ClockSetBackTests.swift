import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// The clock was set back by an hour: the ledger's future instants move with it.
struct ClockSetBackTests {
    private let hour = 3_600_000
    /// When the calls were made, by the wrong clock.
    private var ahead: Timestamp { .noon.after(hour) }

    /// A call whose refusal lasts until `ahead` and nine seconds.
    private func snoozed(_ store: Store, _ products: [String]) throws {
        try store.add(products)
        let call = try store.call(now: ahead.after(-1_000))
        let outcome = CallOutcome.rateLimited(.minute, hint: .seconds(9), message: "")
        try store.settle(call, outcome, now: ahead)
    }

    @Test("entries move as LedgerEntry.clamped defines, and stay so", arguments: Medium.allCases)
    func entries(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), now: .noon.after(-5_000))
            try store.complete(
                asin(2), at: .barcodes, now: ahead.after(-20_000), answer([asin(2)], left: 50))
            try snoozed(store, [asin(3)])
            let before = try store.snapshot(.images, among: Endpoint.both, at: ahead).ledger.entries
            #expect(before.count == 3)
            let moved = try store.look(at: .noon).ledger.entries
            #expect(moved == before.map { $0.clamped(to: .noon) })
            #expect(moved[0] == before[0] && moved[1] != before[1] && moved[2] != before[2])
            let contents = try store.contents()
            #expect(try store.look(.barcodes, at: .noon).ledger.entries == moved)
            #expect(try store.contents() == contents)
        }
    }

    @Test("jobs that those calls deferred become due as much earlier", arguments: Medium.allCases)
    func jobs(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try snoozed(store, asins(1...2))
            #expect(try store.look(at: .noon).nextDueAt == .noon.after(9_000))
            #expect(try store.look(at: .noon.after(8_999)).ready.isEmpty)
            #expect(try store.look(at: .noon.after(9_000)).ready.map(\.id) == [1, 2])
        }
    }

    @Test("jobs that a user scheduled or paused stay", arguments: Medium.allCases)
    func users(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try snoozed(store, asins(1...2))
            _ = try store.pause(JobSelection(products: [asin(2)]))
            try store.add([asin(3)], EnqueueOptions(notBefore: ahead.after(9_000)))
            try store.add([asin(4)], EnqueueOptions(notBefore: .midnight.after(hour * 100)))
            _ = try store.look(at: .noon)
            #expect(
                try store.rows("SELECT product, not_before FROM queue ORDER BY id") == [
                    "\(asin(1))|\(Timestamp.noon.after(9_000).milliseconds)",
                    "\(asin(2))|\(Store.pausedUntil.milliseconds)",
                    "\(asin(3))|\(ahead.after(9_000).milliseconds)",
                    "\(asin(4))|\(Timestamp.midnight.after(hour * 100).milliseconds)",
                ])
        }
    }

    @Test(
        "jobs of calls in the past, and of other providers' endpoints, stay",
        arguments: Medium.allCases)
    func others(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(
                asin(1), now: .noon.after(-2_000),
                .rateLimited(.day, hint: .seconds(7_200), message: ""))
            try store.complete(
                asin(2), at: .barcodes, now: ahead, .failed(status: 500, message: ""))
            let before = try store.rows(
                "SELECT product, not_before FROM queue WHERE product = '\(asin(1))'")
            let contents = try store.contents()
            _ = try store.look(.images, among: [.images], at: .noon)
            #expect(try store.contents() == contents)
            _ = try store.look(.images, at: .noon)
            #expect(
                try store.rows("SELECT product, not_before FROM queue WHERE product = '\(asin(1))'")
                    == before)
            #expect(try store.contents() != contents)
        }
    }

    @Test("an open call, finished jobs and results keep their instants", arguments: Medium.allCases)
    func openCall(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), now: ahead)
            try store.add([asin(2)])
            let call = try store.call(now: ahead.after(2_000))
            let result = try store.contents().filter {
                $0.hasPrefix("result") || $0.hasPrefix("queue")
            }
            _ = try store.look(at: .noon)
            #expect(try store.openCalls(at: Endpoint.both) == [call.entry])
            #expect(
                try store.contents().filter { $0.hasPrefix("result") || $0.hasPrefix("queue") }
                    == result)
            #expect(try store.settle(call, answer([asin(2)]), now: .noon.after(1)) != nil)
        }
    }

    @Test(
        "however the clock jumps, a job is never due before 1970",
        arguments: Medium.allCases)
    func farBack(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try snoozed(store, [asin(1)])
            _ = try store.look(at: Timestamp(milliseconds: 5))
            #expect(try store.rows("SELECT not_before FROM queue") == ["9005"])
            #expect(try store.rows("SELECT settled_at FROM ledger") == ["5"])
        }
    }
}
