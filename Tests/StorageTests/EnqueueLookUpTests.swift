import Planning
import Providers
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Barcodes that are followed by lookups, and searches of several pages, as they are enqueued.
struct EnqueueLookUpTests {
    private func enqueue(
        _ store: Store, _ products: [String], at endpoint: String = "barcodes",
        _ options: EnqueueOptions, now: Timestamp = .noon
    ) throws -> Enqueued {
        try store.enqueue(
            products, at: endpoint, options, now: now, followUp: barcodeLead)
    }

    @Test("A new job has its own columns, at the endpoint that they apply to")
    func columns() throws {
        let store = try Store()
        let options = EnqueueOptions(pages: 7, thenLookup: .seconds(60))
        for (endpoint, product) in [
            ("images", asin(1)), ("barcodes", asin(1)), ("lookup", code(1)), ("search", "shoes"),
        ] {
            #expect(try enqueue(store, [product], at: endpoint, options) == Enqueued(added: 1))
        }
        #expect(
            try store.rows("SELECT endpoint, pages, then_lookup FROM queue ORDER BY id")
                == ["images|2|-", "barcodes|2|60000", "lookup|2|-", "search|7|-"])
    }

    @Test(
        "An open job gets the missing columns, and keeps the smaller age of two",
        arguments: [
            (nil, nil, "-"), (nil, 0, "0"), (nil, 60, "60000"), (60, nil, "60000"),
            (60, 60, "60000"), (60, 90, "60000"), (90, 60, "60000"), (60, 0, "0"), (0, 60, "0"),
        ] as [(Int?, Int?, String)], [false, true])
    func open(_ seconds: (had: Int?, wanted: Int?, has: String), isRunning: Bool) throws {
        let store = try Store()
        func options(_ seconds: Int?) -> EnqueueOptions {
            EnqueueOptions(priority: 3, thenLookup: seconds.map { .seconds($0) })
        }
        try store.add([asin(1)], at: .barcodes, options(seconds.had))
        if isRunning { _ = try store.call(at: .barcodes) }
        let had = try store.rows("SELECT then_lookup FROM queue")
        #expect(
            try enqueue(store, [asin(1)], options(seconds.wanted))
                == Enqueued(alreadyOpen: 1, widened: had == [seconds.has] ? 0 : 1))
        #expect(
            try store.rows("SELECT state, then_lookup FROM queue")
                == ["\(isRunning ? "running" : "available")|\(seconds.has)"])
    }

    @Test("If barcodes are fresh their code is looked up at once", arguments: Medium.allCases)
    func fresh(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let answers: [String: String?] = [asin(1): code(1), asin(2): nil, asin(3): code(1)]
            for asin in answers.keys.sorted() {
                try store.complete(asin, at: .barcodes, barcodes([asin: answers[asin]!]))
            }
            let options = EnqueueOptions(
                priority: 2, label: "red", notBefore: .midnight, freshSince: .noon,
                thenLookup: .zero)
            #expect(
                try enqueue(store, asins(1...4), options, now: .noon.after(1))
                    == Enqueued(added: 1, fresh: 3, lookupsAdded: 1))
            let midnight = Timestamp.midnight.milliseconds
            #expect(
                try store.rows(
                    "SELECT product, state, priority, label, not_before FROM queue WHERE endpoint = 'lookup'"
                )
                    == ["\(code(1))|available|2|red|\(midnight)"])
            #expect(
                try enqueue(store, asins(1...4), options, now: .noon.after(1))
                    == Enqueued(alreadyOpen: 1, fresh: 3))
        }
    }

    @Test(
        "A code is not looked up if its lookup is recent, or if none is requested",
        arguments: [-1, 0, 1])
    func freshLookUp(later: Int) throws {
        let store = try Store()
        try store.complete(asin(1), at: .barcodes, barcodes([asin(1): code(1)]))
        try store.complete(code(1), at: .lookup, answer([code(1)]))
        let since = Timestamp(milliseconds: 0)
        #expect(
            try enqueue(store, [asin(1)], EnqueueOptions(freshSince: since)) == Enqueued(fresh: 1))
        let options = EnqueueOptions(freshSince: since, thenLookup: .seconds(60))
        #expect(
            try enqueue(store, [asin(1)], options, now: .noon.after(60_000 + later))
                == Enqueued(fresh: 1, lookupsAdded: later > 0 ? 1 : 0))
    }

    @Test("An open search gets the larger number of pages", arguments: [false, true])
    func pages(isRunning: Bool) throws {
        let store = try Store()
        try store.add(["shoes"], at: .search, EnqueueOptions(pages: 3))
        if isRunning { _ = try store.call(at: .search) }
        for (wanted, has) in [(1, 3), (3, 3), (5, 5), (2, 5), (100, 100)] {
            let enqueued = try enqueue(
                store, ["shoes"], at: "search", EnqueueOptions(pages: wanted))
            let isWidened = [5, 100].contains(wanted)
            #expect(enqueued == Enqueued(alreadyOpen: 1, widened: isWidened ? 1 : 0))
            #expect(try store.number("SELECT pages FROM queue") == has)
        }
    }

    @Test("A search whose pages are still coming is open, not fresh")
    func halfDone() throws {
        let store = try Store()
        try store.add(["shoes"], at: .search, EnqueueOptions(pages: 2))
        let call = try store.call(at: .search)
        try store.settle(call, page("shoes", ["1"], next: 10), at: .search)
        let options = EnqueueOptions(freshSince: Timestamp(milliseconds: 0), pages: 4)
        #expect(
            try enqueue(store, ["shoes"], at: "search", options)
                == Enqueued(alreadyOpen: 1, widened: 1))
        #expect(try store.number("SELECT pages FROM queue") == 4)
        try store.execute("UPDATE queue SET state = 'cancelled', finished_at = 1")
        #expect(try enqueue(store, ["shoes"], at: "search", options) == Enqueued(fresh: 1))
    }
}
