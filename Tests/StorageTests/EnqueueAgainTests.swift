import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// A waiting product that is enqueued again with further options.
struct EnqueueAgainTests {
    private let later = Timestamp.noon.after(60_000)
    private let latest = Timestamp.noon.after(90_000)

    @Test("The more urgent priority counts, the other changes nothing", arguments: 0...9, 0...9)
    func priority(had: Int, wanted: Int) throws {
        let store = try Store()
        try store.add([asin(1)], EnqueueOptions(priority: had))
        let again = try store.enqueue(
            [asin(1)], at: "images", EnqueueOptions(priority: wanted), now: .noon)
        #expect(again == Enqueued(alreadyOpen: 1, raised: wanted < had ? 1 : 0))
        #expect(try store.number("SELECT priority FROM queue") == min(had, wanted))
    }

    @Test("The earlier time counts, and no time means at once", arguments: Medium.allCases)
    func time(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let steps: [(Timestamp?, isRaised: Bool, Timestamp?)] = [
                (latest, false, latest), (later, true, later), (latest, false, later),
                (later, false, later), (nil, true, nil), (nil, false, nil), (later, false, nil),
            ]
            try store.add([asin(1)], EnqueueOptions(notBefore: latest))
            for (notBefore, isRaised, has) in steps {
                let again = try store.enqueue(
                    [asin(1)], at: "images", EnqueueOptions(notBefore: notBefore), now: .noon)
                #expect(again == Enqueued(alreadyOpen: 1, raised: isRaised ? 1 : 0))
                #expect(
                    try store.number("SELECT not_before FROM queue") == Int(has?.milliseconds ?? 0))
            }
        }
    }

    @Test("A due job is not raised when it is requested at once")
    func due() throws {
        let store = try Store()
        try store.add([asin(1)], EnqueueOptions(notBefore: .noon))
        let again = try store.enqueue([asin(1)], at: "images", EnqueueOptions(), now: .noon)
        #expect(again == Enqueued(alreadyOpen: 1))
    }

    @Test("A paused job stays paused, though it becomes more urgent")
    func paused() throws {
        let store = try Store()
        try store.add([asin(1)])
        #expect(try store.pause(JobSelection(products: [asin(1)])) == 1)
        let again = try store.enqueue(
            [asin(1)], at: "images", EnqueueOptions(priority: 1), now: .noon)
        #expect(again == Enqueued(alreadyOpen: 1, raised: 1))
        #expect(
            try store.rows("SELECT priority, not_before FROM queue")
                == ["1|\(Store.pausedUntil.milliseconds)"])
    }

    @Test("A job that backs off after a failure keeps its time, and a running one keeps everything")
    func called() throws {
        let store = try Store()
        try store.add(asins(1...2))
        let call = try store.call(1)
        try store.settle(call, .failed(status: 500, message: "down"))
        let time = "SELECT not_before FROM queue WHERE product = '\(asin(1))'"
        let before = try store.number(time)
        #expect(before > Timestamp.noon.milliseconds)
        _ = try store.call(1, now: .noon.after(1_500))
        let again = try store.enqueue(
            asins(1...2), at: "images", EnqueueOptions(priority: 0), now: .noon.after(1_600))
        #expect(again == Enqueued(alreadyOpen: 2, raised: 1))
        #expect(try store.number(time) == before)
        #expect(
            try store.rows("SELECT state, priority FROM queue ORDER BY id")
                == ["available|0", "running|5"])
    }

    @Test("Labels stay as they are, and different ones are counted", arguments: Medium.allCases)
    func labels(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...3), EnqueueOptions(label: "autumn"))
            try store.add(asins(4...5))
            try store.add(asins(6...6), EnqueueOptions(label: "spring"))
            let before = try store.contents()
            let again = try store.enqueue(
                asins(1...7), at: "images", EnqueueOptions(label: "spring"), now: .noon)
            #expect(
                again
                    == Enqueued(added: 1, alreadyOpen: 6, keptLabels: ["autumn": 3, nil: 2]))
            #expect(try store.contents().count { before.contains($0) } == before.count)
            let plain = try store.enqueue(
                asins(1...7), at: "images", EnqueueOptions(), now: .noon)
            #expect(plain == Enqueued(alreadyOpen: 7))
        }
    }

    @Test("A search that is raised and widened is counted once")
    func both() throws {
        let store = try Store()
        try store.add(["shoes"], at: .search, EnqueueOptions(pages: 2))
        let again = try store.enqueue(
            ["shoes"], at: "search", EnqueueOptions(priority: 1, pages: 4), now: .noon)
        #expect(again == Enqueued(alreadyOpen: 1, raised: 1))
        #expect(try store.rows("SELECT priority, pages FROM queue") == ["1|4"])
    }

    @Test("Only the open job is changed")
    func others() throws {
        let store = try Store()
        try store.complete(asin(1))
        try store.add(asins(1...2))
        try store.add([asin(1)], at: .barcodes)
        let again = try store.enqueue(
            [asin(1)], at: "images", EnqueueOptions(priority: 2), now: .noon)
        #expect(again.raised == 1)
        #expect(
            try store.rows("SELECT endpoint, product, state, priority FROM queue ORDER BY id") == [
                "images|\(asin(1))|completed|0", "images|\(asin(1))|available|2",
                "images|\(asin(2))|available|5", "barcodes|\(asin(1))|available|5",
            ])
    }
}
