import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

struct ResultsTests {
    private func results(_ store: Store, at endpoint: String = "images", _ products: [String] = [])
        throws
        -> [StoredResult]
    {
        var results: [StoredResult] = []
        try store.results(at: endpoint, products: products) { results.append($0) }
        return results
    }

    @Test("results come in the order of the products, one for each", arguments: Medium.allCases)
    func order(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in [3, 1, 2, 1] { try store.complete(asin(number)) }
            try store.complete(asin(9), at: .barcodes)
            let body = { (number: Int) in #"{"asin":"\#(asin(number))"}"# }
            #expect(
                try results(store)
                    == (1...3).map { number in
                        StoredResult(
                            product: asin(number), isFound: true, body: body(number),
                            fetchedAt: .noon)
                    })
            #expect(try results(store, at: "lookup").isEmpty)
        }
    }

    @Test(
        "requested products come in the order of the request, without others",
        arguments: Medium.allCases)
    func asked(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...20 { try store.complete(asin(number)) }
            let asked = asins([5, 12, 3, 77, 3, 20, 1, 2, 4, 6, 7, 8, 9])
            #expect(
                try results(store, asked).map(\.product) == asked.filter { $0 != asin(77) })
            #expect(try results(store, ["'", "no such"]).isEmpty)
        }
    }

    @Test(
        "a product that was not found is reported as such, with the reply's data about it",
        arguments: Medium.allCases)
    func notFound(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let item = Item(isFound: false, body: #"{"title":""}"#)
            try store.complete(asin(1), .succeeded(Answer(items: [asin(1): item])))
            #expect(
                try results(store) == [
                    StoredResult(
                        product: asin(1), isFound: false, body: #"{"title":""}"#, fetchedAt: .noon)
                ])
        }
    }

    @Test(
        "results are passed one at a time, and a reader may stop", arguments: Medium.allCases)
    func streaming(_ medium: Medium) throws {
        struct Enough: Error {}
        try medium.withStore { (store: Store) throws in
            for number in 1...5 { try store.complete(asin(number)) }
            for products in [[], asins(1...5)] {
                var seen: [String] = []
                #expect(throws: Enough.self) {
                    try store.results(at: "images", products: products) { result in
                        seen.append(result.product)
                        if seen.count == 2 { throw Enough() }
                    }
                }
                #expect(seen == asins(1...2))
            }
            #expect(try results(store).count == 5)
        }
    }

    @Test("all passed rows are of one moment, whatever is committed meanwhile")
    func oneMoment() throws {
        try TemporaryFolder.with { folder in
            let lane = try Store(path: folder.database, access: .create)
            for number in 1...3 { try lane.complete(asin(number)) }
            let reader = try Store(path: folder.database, access: .read)
            var seen: [String] = []
            try reader.results(at: "images", products: []) { result in
                if seen.isEmpty { try lane.complete(asin(4)) }
                seen.append(result.product)
            }
            #expect(seen == asins(1...3))
            #expect(try results(reader).count == 4)
        }
    }
}
