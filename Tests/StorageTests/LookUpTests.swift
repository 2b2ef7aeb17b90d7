import Planning
import StoreSupport
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// A barcodes job with a lookup leads to a lookup of the code, in the settlement itself.
struct LookUpTests {
    private let lookups =
        "SELECT product, state, priority, label, not_before FROM queue WHERE endpoint = 'lookup'"

    private func settle(
        _ store: Store, _ codes: [String: String?],
        _ options: EnqueueOptions = EnqueueOptions(thenLookup: .zero),
        now: Timestamp = .noon.after(1_000)
    ) throws {
        try store.add(codes.keys.sorted(), at: .barcodes, options)
        let call = try store.call(at: .barcodes)
        try store.settle(call, barcodes(codes), at: .barcodes, now: now)
    }

    @Test("The lookup has the priority and label of the job", arguments: Medium.allCases)
    func added(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try settle(
                store, [asin(1): code(1), asin(2): nil, asin(3): code(3), asin(4): "oops"],
                EnqueueOptions(priority: 2, label: "red", thenLookup: .zero))
            #expect(
                try store.rows("\(lookups) ORDER BY product") == [
                    "\(code(1))|available|2|red|0", "\(code(3))|available|2|red|0",
                ])
            #expect(
                try store.rows("SELECT DISTINCT enqueued_at FROM queue WHERE endpoint = 'lookup'")
                    == ["\(Timestamp.noon.after(1_000).milliseconds)"])
        }
    }

    @Test("A job without a lookup leads to none, nor does one that found nothing")
    func none() throws {
        let store = try Store()
        try settle(store, [asin(1): code(1)], EnqueueOptions())
        try store.add([asin(2), asin(3)], at: .barcodes, EnqueueOptions(thenLookup: .zero))
        let call = try store.call(at: .barcodes, now: .noon.after(2_000))
        let body = #"{"ean":"\#(code(2))"}"#
        try store.settle(
            call, .succeeded(Answer(items: [asin(2): Item(isFound: false, body: body)])),
            at: .barcodes, now: .noon.after(3_000))
        #expect(try store.rows(lookups) == [])
    }

    @Test("One code of several products is looked up once")
    func shared() throws {
        let store = try Store()
        try settle(store, [asin(1): code(7), asin(2): code(7)])
        try settle(store, [asin(3): code(7)])
        #expect(try store.rows(lookups) == ["\(code(7))|available|5|-|0"])
    }

    @Test(
        "A code with a recent lookup is not looked up again, to the millisecond",
        arguments: [-1, 0, 1])
    func fresh(later: Int) throws {
        let store = try Store()
        try store.complete(code(1), at: .lookup, answer([code(1)]))
        try settle(
            store, [asin(1): code(1)], EnqueueOptions(thenLookup: .seconds(60)),
            now: .noon.after(60_000 + later))
        #expect(
            try store.number("SELECT count(*) FROM queue WHERE endpoint = 'lookup'")
                == (later > 0 ? 2 : 1))
    }

    @Test("Options that another program sets during the call take effect")
    func setMeanwhile() throws {
        let store = try Store()
        try store.add([asin(1)], at: .barcodes)
        let call = try store.call(at: .barcodes)
        try store.execute("UPDATE queue SET then_lookup = 0 WHERE product = '\(asin(1))'")
        try store.settle(call, barcodes([asin(1): code(1)]), at: .barcodes)
        #expect(try store.rows(lookups) == ["\(code(1))|available|5|-|0"])
    }

    @Test("A failed attempt keeps the option")
    func afterFailure() throws {
        let store = try Store()
        try store.add([asin(1)], at: .barcodes, EnqueueOptions(thenLookup: .zero))
        let failed = try store.call(at: .barcodes)
        try store.settle(failed, .failed(status: 500, message: "no"), at: .barcodes)
        _ = try store.look(.barcodes, at: .midnight)
        let call = try store.call(at: .barcodes, now: .midnight)
        try store.settle(call, barcodes([asin(1): code(1)]), at: .barcodes, now: .midnight)
        #expect(try store.rows(lookups) == ["\(code(1))|available|5|-|0"])
    }

    @Test("The answer and the lookup are written together or not at all")
    func together() throws {
        struct Killed: Error {}
        let isFatal = Mutex(false)
        let store = try Store(beforeCommit: { if isFatal.withLock(\.self) { throw Killed() } })
        try store.add([asin(1)], at: .barcodes, EnqueueOptions(thenLookup: .zero))
        let call = try store.call(at: .barcodes)
        let before = try store.contents()
        isFatal.withLock { $0 = true }
        #expect(throws: Killed.self) {
            try store.settle(call, barcodes([asin(1): code(1)]), at: .barcodes)
        }
        #expect(try store.contents() == before)
        isFatal.withLock { $0 = false }
        try store.settle(call, barcodes([asin(1): code(1)]), at: .barcodes)
        #expect(try store.rows(lookups) == ["\(code(1))|available|5|-|0"])
        #expect(try store.number("SELECT count(*) FROM result") == 1)
    }
}
