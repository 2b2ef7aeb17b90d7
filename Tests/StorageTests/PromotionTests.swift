import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// Due jobs are promoted to those that may run at once, a bounded number at a time.
struct PromotionTests {
    /// At most ten times as many are promoted in one claim.
    private let endpoint = Endpoint.images.with(batchLimit: 2)
    private let most = 20

    private func promoted(_ store: Store) throws -> [String] {
        try store.rows("SELECT id FROM queue WHERE not_before = 0 ORDER BY id")
    }

    @Test(
        "no more than ten batches are promoted at once, those that have been due longest first",
        arguments: Medium.allCases)
    func bounded(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...50 {
                let options = EnqueueOptions(notBefore: .noon.after(-number))
                try store.add([asin(number)], options)
            }
            for round in 1...3 {
                _ = try store.look(endpoint)
                let first = max(1, 51 - most * round)
                #expect(try promoted(store) == (first...50).map(String.init))
            }
        }
    }

    @Test(
        "the urgent ones are promoted first, even if they have been due for less long",
        arguments: Medium.allCases)
    func urgentFirst(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...30 {
                try store.add(
                    [asin(number)], EnqueueOptions(priority: 7, notBefore: .noon.after(-99)))
            }
            for number in 31...35 {
                try store.add([asin(number)], EnqueueOptions(priority: 0, notBefore: .noon))
            }
            let snapshot = try store.look(endpoint)
            #expect(snapshot.ready.map(\.id) == [31, 32, 33, 34])
            #expect(
                try store.rows(
                    "SELECT priority, count(*) FROM queue WHERE not_before = 0 GROUP BY 1 ORDER BY 1"
                )
                    == ["0|5", "7|\(most - 5)"])
        }
    }

    @Test("only due jobs are promoted, and only at this endpoint", arguments: Medium.allCases)
    func onlyDue(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)], EnqueueOptions(notBefore: .noon))
            try store.add([asin(2)], EnqueueOptions(notBefore: .noon.after(1)))
            try store.add([asin(3)], at: .barcodes, EnqueueOptions(notBefore: .noon))
            _ = try store.look(endpoint)
            #expect(try promoted(store) == ["1"])
        }
    }

    @Test("reading without claiming promotes nothing", arguments: Medium.allCases)
    func looking(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add([asin(1)], EnqueueOptions(notBefore: .noon))
            let before = try store.contents()
            let snapshot = try store.snapshot(.images, among: Endpoint.both, at: .midnight)
            #expect(snapshot.ready.isEmpty && snapshot.nextDueAt == .noon)
            #expect(try store.contents() == before)
        }
    }
}
