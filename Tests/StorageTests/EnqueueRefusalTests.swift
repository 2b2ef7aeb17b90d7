import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct EnqueueRefusalTests {
    static let products = [
        "", "B00000001", "B0000000010", "b000000001", "B00000000 ", "B00000000-", "030640615Y",
        "0306406152X", "B00000000\u{C9}", "B000000001\n", "'; DROP TABLE queue; --",
    ]

    @Test(
        "one bad product keeps the whole batch from being added", arguments: Medium.allCases,
        products)
    func badProduct(_ medium: Medium, product: String) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...2))
            let before = try store.contents()
            #expect {
                _ = try store.enqueue(
                    asins(3...9) + [product] + asins(10...12), at: "images", EnqueueOptions(),
                    now: .noon)
            } throws: { error in
                guard case .other(_, let detail) = error as? StoreError else { return false }
                return detail.contains("must be an ASIN")
            }
            #expect(try store.contents() == before)
            try store.add(asins(3...4))
        }
    }

    static let options: [(EnqueueOptions, endpoint: String, word: String)] = [
        (EnqueueOptions(priority: -1), "images", "queue.priority"),
        (EnqueueOptions(priority: 10), "images", "queue.priority"),
        (EnqueueOptions(label: ""), "images", "queue.label"),
        (EnqueueOptions(label: String(repeating: "x", count: 101)), "images", "queue.label"),
        (
            EnqueueOptions(notBefore: Timestamp(milliseconds: -1)), "images",
            "queue.not_before"
        ),
        (
            EnqueueOptions(notBefore: Timestamp(milliseconds: 253_402_300_800_000)), "images",
            "queue.not_before"
        ),
        (EnqueueOptions(), "titles", "queue.endpoint"),
        (EnqueueOptions(), "lookup", "queue.product must be a code"),
        (EnqueueOptions(pages: 0), "search", "queue.pages"),
        (EnqueueOptions(pages: 101), "search", "queue.pages"),
        (EnqueueOptions(thenLookup: .seconds(-1)), "barcodes", "queue.then_lookup"),
    ]

    @Test(
        "options outside their range are rejected by name", arguments: Medium.allCases,
        options.indices)
    func badOption(_ medium: Medium, index: Int) throws {
        let (options, endpoint, word) = Self.options[index]
        try medium.withStore { (store: Store) throws in
            #expect {
                _ = try store.enqueue([asin(1)], at: endpoint, options, now: .noon)
            } throws: { error in
                switch error as? StoreError {
                case .other(let path, let detail):
                    return path == store.path && detail.contains(word)
                case .unknownEndpoint(let name): return name == "titles" && endpoint == name
                default: return false
                }
            }
            #expect(try store.contents() == [])
        }
    }

    @Test("the ends of the ranges are accepted", arguments: Medium.allCases)
    func ends(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let options = [
                EnqueueOptions(priority: 0, label: "x", notBefore: Timestamp(milliseconds: 0)),
                EnqueueOptions(
                    priority: 9, label: String(repeating: "\u{C9}", count: 100),
                    notBefore: Store.pausedUntil),
            ]
            for (number, option) in options.enumerated() {
                try store.add([asin(number)], option)
            }
            #expect(
                try store.rows("SELECT priority, length(label), not_before FROM queue")
                    == ["0|1|0", "9|100|253402300799999"])
        }
    }
}
