import Planning
import Storage
import TestSupport
import Testing

@Suite struct LeftoversTests {
    @Test(
        "dead letters count from the first call that a daemon is responsible for",
        arguments: Medium.allCases
    )
    func deadLetters(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let none = try store.earlierCalls()
            #expect(none == EarlierCalls(last: 0, open: []))
            try store.complete(asin(1), .rejected(status: 400, message: "no"))
            let before = try store.earlierCalls()
            #expect(try store.deadLetters(after: before) == [:])
            #expect(try store.deadLetters(after: none) == ["images": 1])
            try store.add([asin(2)])
            let open = try store.call(1)
            try store.complete(asin(3), at: .barcodes, .rejected(status: 400, message: "no"))
            let started = try store.earlierCalls()
            #expect(started == EarlierCalls(last: 3, open: [open.entry.id]))
            #expect(try store.deadLetters(after: started) == [:], "that of a later call is old")
            try store.settle(open, .rejected(status: 400, message: "no"))
            #expect(try store.deadLetters(after: before) == ["images": 1, "barcodes": 1])
            #expect(try store.deadLetters(after: started) == ["images": 1])
            _ = try store.retry(JobSelection(products: [asin(2)]))
            #expect(try store.deadLetters(after: started) == [:], "only what is left")
        }
    }

    @Test("remaining jobs have their last call's message", arguments: Medium.allCases)
    func left(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1), asin(2)])
            try store.settle(try store.call(1), .failed(status: 500, message: "out of order"))
            try store.add([asin(3)], EnqueueOptions(label: "held"))
            try store.add([asin(4)], EnqueueOptions())
            _ = try store.pause(JobSelection(label: "held"))
            _ = try store.pause(JobSelection(products: [asin(4)]))
            #expect(
                try store.leftJobs(at: "images", limit: 5) == [
                    LeftJob(product: asin(1), error: "out of order"), LeftJob(product: asin(2)),
                ])
            #expect(try store.leftJobs(at: "images", limit: 1).count == 1)
            #expect(try store.leftJobs(at: "barcodes", limit: 5).isEmpty)
            #expect(try store.pausedLabels(at: "images", limit: 5) == [nil, "held"])
            #expect(try !store.isLanePaused(.images))
            try store.pauseLane("images", now: .noon)
            #expect(try store.isLanePaused(.images))
        }
    }
}
