import GRDB
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// The effect of a settlement on the dead letters of earlier calls, and its input about them.
struct RejectionHaltTests {
    private let upgrade = CallOutcome.rejected(status: 400, message: "Service is being upgraded")

    private func discarded(_ store: Store) throws -> Set<String> {
        Set(try store.deadLetters(at: "images", limit: 99).map(\.product))
    }

    @Test(
        "three products rejected alone are all back in the queue, and the lane is halted",
        arguments: Medium.allCases)
    func halt(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(9))
            try store.add(asins(1...5))
            try store.settle(try store.call(1), upgrade)
            #expect(try discarded(store) == [asin(1)])
            try store.settle(try store.call(1, now: .noon.after(2_000)), upgrade)
            #expect(try discarded(store) == [asin(1), asin(2)])
            try store.settle(try store.call(1, now: .noon.after(4_000)), upgrade)
            #expect(try discarded(store) == [])
            let snapshot = try store.look(at: .noon.after(9_000))
            #expect(snapshot.ready.map(\.product) == asins(1...5))
            #expect(snapshot.ready.map(\.failures) == [0, 0, 0, 0, 0])
            #expect(Planner.decide(snapshot, at: .noon.after(9_000)) == .hold(.halted, until: nil))
            try store.resumeLane("images")
            #expect(try store.look(at: .noon.after(9_000)).resumedAfter == 4)
        }
    }

    @Test("a dead letter stays one if its product was enqueued again meanwhile")
    func enqueuedAgain() throws {
        let store = try Store()
        try store.add(asins(1...4))
        try store.settle(try store.call(1), upgrade)
        try store.add([asin(1)])
        try store.settle(try store.call(1, now: .noon.after(2_000)), upgrade)
        try store.settle(try store.call(1, now: .noon.after(4_000)), upgrade)
        #expect(try discarded(store) == [asin(1)])
        #expect(
            Set(try store.look(at: .noon.after(9_000)).ready.map(\.product)) == Set(asins(1...4)))
    }

    @Test("dead letters of other calls stay, and those of another endpoint")
    func others() throws {
        let store = try Store()
        try store.complete(asin(7), upgrade)
        try store.complete(asin(8), now: .noon.after(3_000))
        try store.complete(asin(7), at: .barcodes, upgrade)
        for number in 1...3 {
            try store.complete(asin(number), now: .noon.after(number * 10_000), upgrade)
        }
        #expect(try discarded(store) == [asin(7)])
        #expect(try store.deadLetters(at: "barcodes", limit: 9).map(\.product) == [asin(7)])
    }

    /// The input of the settlement of a call for the first ready product.
    private func lone(_ store: Store, at now: Timestamp) throws -> LoneFailures? {
        let call = try store.call(1, now: now)
        var seen: LoneFailures?
        _ = try store.settle(
            call.entry.id, at: .images, among: Endpoint.both, now: now.after(500)
        ) {
            seen = $2.loneFailures
            return Planner.resolve(
                .failed(status: 500, message: "boom"), of: $0, jobs: $1, endpoint: .images,
                ledger: Ledger(), at: now.after(500))
        }
        return seen
    }

    @Test("a product's failures in a row are counted from the first of them")
    func loneFailures() throws {
        let store = try Store()
        try store.complete(asin(9), now: .noon.after(-60_000))
        try store.add([asin(1)])
        #expect(try lone(store, at: .noon) == nil)
        for calls in 1...3 {
            let now = Timestamp.noon.after(calls * 600_000)
            #expect(try lone(store, at: now) == LoneFailures(since: .noon, calls: calls))
        }
    }

    @Test("another product's call, an answer, and a call that never left restart the count")
    func interrupted() throws {
        for outcome: CallOutcome in [
            .failed(status: 500, message: "boom"), .unsent(.connectionRefused),
            .intercepted(status: 403, message: "wait"),
        ] {
            let store = try Store()
            try store.add([asin(1)])
            _ = try lone(store, at: .noon)
            let other = outcome == .failed(status: 500, message: "boom") ? asin(2) : asin(1)
            _ = try store.enqueue(
                [other], at: "images", EnqueueOptions(priority: 0), now: .noon.after(600_000))
            let call = try store.call(1, now: .noon.after(600_000))
            #expect(call.jobs.map(\.product) == [other])
            try store.settle(call, outcome, now: .noon.after(601_000))
            _ = try store.cancel(
                JobSelection(endpoint: "images", products: [asin(2)]), now: .noon)
            #expect(try lone(store, at: .noon.after(1_200_000)) == nil)
            #expect(
                try lone(store, at: .noon.after(1_800_000))
                    == LoneFailures(since: .noon.after(1_200_000), calls: 1))
        }
    }
}
