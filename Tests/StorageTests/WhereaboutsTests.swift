import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct WhereaboutsTests {
    @Test("each product without a result has a state, or was never requested")
    func places() throws {
        let store = try Store()
        try store.complete(asin(1))
        try store.complete(asin(2), .rejected(status: 400, message: "no such product"))
        try store.add([asin(3)])
        _ = try store.cancel(JobSelection(products: [asin(3)]), now: .noon)
        try store.add([asin(4)])
        _ = try store.pause(JobSelection(products: [asin(4)]))
        try store.add([asin(5)], EnqueueOptions(notBefore: .midnight))
        try store.add([asin(6)])
        _ = try store.call(now: .noon.after(60_000))
        try store.add([asin(7)])
        let products = asins(1...8) + [asin(2)]
        #expect(
            try store.whereabouts(of: products, at: "images", now: .noon)
                == [
                    .answered(isFound: true), .discarded(error: "no such product"), .cancelled,
                    .paused, .waiting(notBefore: .midnight), .running, .waiting(notBefore: nil),
                    .neverRequested, .discarded(error: "no such product"),
                ])
        #expect(
            try store.whereabouts(of: [asin(5)], at: "images", now: .midnight)
                == [.waiting(notBefore: nil)])
        #expect(
            try store.whereabouts(of: [asin(1)], at: "barcodes", now: .noon) == [.neverRequested])
    }

    @Test("an open job takes precedence over a result, and the last finished one over the others")
    func order() throws {
        let store = try Store()
        try store.complete(asin(9))
        try store.complete(asin(1), .rejected(status: 400, message: "first"))
        try store.add([asin(1)])
        _ = try store.cancel(JobSelection(products: [asin(1)]), now: .noon)
        let last = try store.whereabouts(of: [asin(1)], at: "images", now: .noon)
        #expect(last == [.cancelled])
        try store.add([asin(1)])
        let open = try store.whereabouts(of: [asin(1)], at: "images", now: .noon)
        #expect(open == [.waiting(notBefore: nil)])
    }

    @Test("finished jobs are read once, and no product by a scan", .onSQLite)
    func plan() throws {
        let store = try Store()
        try store.add(asins(1...50))
        let plans = try store.plans {
            _ = try store.whereabouts(of: asins(1...60), at: "images", now: .noon)
        }
        #expect(plans.count == 2)
        for plan in plans {
            #expect(
                !plan.steps.contains { $0.hasPrefix("SCAN queue") || $0.hasPrefix("SCAN result") })
        }
        #expect(
            plans.contains {
                $0.has("INDEX queue_finished (endpoint=? AND state=? AND finished_at>?)")
            })
    }

    @Test("labels are found one by one, finished jobs' too, up to a limit")
    func labels() throws {
        let store = try Store()
        for (number, label) in ["red", "green", "blue"].enumerated() {
            try store.add([asin(number)], EnqueueOptions(label: label))
        }
        try store.add([asin(9)])
        _ = try store.cancel(JobSelection(label: "green"), now: .noon)
        #expect(try store.labels(limit: 9) == ["blue", "green", "red"])
        #expect(try store.labels(limit: 2) == ["blue", "green"])
        #expect(try Store().labels(limit: 9).isEmpty)
        #expect(try store.hasLabel("green") && !store.hasLabel("gren"))
    }

    @Test("progress counts from the last call that succeeded")
    func progress() throws {
        let store = try Store()
        let none = try store.progress(at: .images)
        #expect(none.lastActivityAt == nil && none.unansweredCalls == 0)
        #expect(none.unansweredSince == nil)
        try store.complete(asin(1))
        #expect(try store.progress(at: .images).unansweredCalls == 0)
        try store.complete(
            asin(2), now: .noon.after(60_000), .failed(status: nil, message: "timeout"))
        try store.complete(
            asin(2), now: .noon.after(120_000), .failed(status: nil, message: "timeout"))
        let progress = try store.progress(at: .images)
        #expect(progress.unansweredCalls == 2 && progress.lastActivityAt != nil)
    }
}
