import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct EnqueueTests {
    @Test("products get ids in their order, with the options' columns", arguments: Medium.allCases)
    func columns(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let options = EnqueueOptions(priority: 3, label: "spring", notBefore: .midnight)
            let products = [asin(9), asin(2), "0306406152", "080442957X"]
            let enqueued = try store.enqueue(products, at: "barcodes", options, now: .noon)
            #expect(enqueued == Enqueued(added: 4))
            let rest =
                "barcodes|available|3|spring|\(Timestamp.noon.milliseconds)|\(Timestamp.midnight.milliseconds)|0|0|100|-|-|-"
            #expect(
                try store.rows(
                    """
                    SELECT id, product, endpoint, state, priority, label, enqueued_at, not_before,
                        failures, snoozes, batch_limit, call_id, finished_at, error FROM queue
                    ORDER BY id
                    """) == zip(1..., products).map { "\($0)|\($1)|\(rest)" })
        }
    }

    @Test(
        "without options a job may run at once, at priority 5, without a label",
        arguments: Medium.allCases)
    func defaults(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)])
            #expect(try store.rows("SELECT priority, label, not_before FROM queue") == ["5|-|0"])
        }
    }

    @Test("one job for each product is open at an endpoint", arguments: Medium.allCases)
    func alreadyOpen(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...2))
            _ = try store.call(1)
            let again = try store.enqueue(
                [asin(1), asin(2), asin(3), asin(3), asin(1)], at: "images",
                EnqueueOptions(priority: 0),
                now: .noon.after(5))
            #expect(again == Enqueued(added: 1, alreadyOpen: 4, raised: 1))
            #expect(
                try store.rows("SELECT product, state, priority FROM queue ORDER BY id") == [
                    "\(asin(1))|running|5", "\(asin(2))|available|0", "\(asin(3))|available|0",
                ])
            let elsewhere = try store.enqueue(
                asins(1...3), at: "barcodes", EnqueueOptions(), now: .noon)
            #expect(elsewhere == Enqueued(added: 3))
        }
    }

    @Test("a result is fresh from its very millisecond on", arguments: Medium.allCases, [-1, 0, 1])
    func fresh(_ medium: Medium, later: Int) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), now: .noon)
            let fetchedAt = Timestamp.noon
            #expect(
                try store.number("SELECT fetched_at FROM result") == Int(fetchedAt.milliseconds))
            let enqueued = try store.enqueue(
                asins(1...2), at: "images", EnqueueOptions(freshSince: fetchedAt.after(later)),
                now: .noon.after(9_000))
            #expect(enqueued == (later > 0 ? Enqueued(added: 2) : Enqueued(added: 1, fresh: 1)))
        }
    }

    @Test(
        "a result at one endpoint is not fresh for another, and one not found counts as well",
        arguments: Medium.allCases)
    func freshElsewhere(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), answer([]))
            let options = EnqueueOptions(freshSince: Timestamp(milliseconds: 0))
            #expect(
                try store.enqueue([asin(1)], at: "images", options, now: .noon)
                    == Enqueued(fresh: 1))
            #expect(
                try store.enqueue([asin(1)], at: "barcodes", options, now: .noon)
                    == Enqueued(added: 1))
        }
    }

    @Test(
        "a finished product may be requested again", arguments: Medium.allCases,
        ["completed", "discarded", "cancelled"])
    func again(_ medium: Medium, state: String) throws {
        try medium.withStore { (store: Store) throws in
            switch state {
            case "completed": try store.complete(asin(1))
            case "discarded": try store.complete(asin(1), .rejected(status: 400, message: "no"))
            default:
                try store.add([asin(1)])
                #expect(try store.cancel(JobSelection(products: [asin(1)]), now: .noon) == 1)
            }
            #expect(try store.rows("SELECT state FROM queue") == [state])
            try store.add([asin(1)])
            #expect(try store.rows("SELECT id, state FROM queue") == ["1|\(state)", "2|available"])
        }
    }

    @Test("enqueueing nothing does nothing", arguments: Medium.allCases)
    func nothing(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try store.enqueue([], at: "images", EnqueueOptions(), now: .noon) == Enqueued())
        }
    }
}
