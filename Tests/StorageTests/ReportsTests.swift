import Planning
import TestSupport
import Testing

@testable import Storage

struct ReportsTests {
    /// Calls at noon and every ten seconds after it, one for each outcome; their ids from 1 on.
    private func make(_ store: Store, _ outcomes: [CallOutcome], at endpoint: Endpoint = .images)
        throws
    {
        for (number, outcome) in outcomes.enumerated() {
            try store.complete(
                asin(number + 1), at: endpoint, now: .noon.after(number * 10_000), outcome)
        }
    }

    private func ids(_ store: Store, limit: Int?, since: Timestamp?) throws -> [Int64] {
        var ids: [Int64] = []
        try store.ledger(limit: limit, since: since) { ids.append($0.entry.id) }
        return ids
    }

    @Test(
        "the ledger comes latest first, within its limit and since its instant",
        arguments: Medium.allCases)
    func ledger(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try make(store, asins(1...5).map { answer([$0]) })
            let cases: [(limit: Int?, since: Timestamp?, ids: [Int64])] = [
                (nil, nil, [5, 4, 3, 2, 1]), (2, nil, [5, 4]), (0, nil, []),
                (99, nil, [5, 4, 3, 2, 1]),
                (nil, .noon.after(20_000), [5, 4, 3]), (nil, .noon.after(20_001), [5, 4]),
                (1, .noon.after(20_000), [5]), (nil, .midnight, []),
            ]
            for (limit, since, expected) in cases {
                #expect(try ids(store, limit: limit, since: since) == expected)
            }
        }
    }

    @Test("an open call is in the ledger, with its known columns", arguments: Medium.allCases)
    func openCall(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...2))
            let call = try store.call()
            var lines: [LedgerLine] = []
            try store.ledger(limit: nil, since: nil) { lines.append($0) }
            #expect(lines.map(\.entry) == [call.entry])
            #expect(lines[0].products == asins(1...2))
            #expect(lines[0].httpStatus == nil && lines[0].message == nil)
        }
    }

    @Test(
        "a reader may stop the ledger, and the store continues to work",
        arguments: Medium.allCases)
    func stopped(_ medium: Medium) throws {
        struct Enough: Error {}
        try medium.withStore { (store: Store) throws in
            try make(store, asins(1...3).map { answer([$0]) })
            var seen = 0
            #expect(throws: Enough.self) {
                try store.ledger(limit: nil, since: nil) { _ in
                    seen += 1
                    throw Enough()
                }
            }
            #expect(seen == 1)
            #expect(try ids(store, limit: nil, since: nil) == [3, 2, 1])
            try store.add([asin(9)])
        }
    }

    @Test(
        "the last error is the endpoint's last call that did not succeed",
        arguments: Medium.allCases)
    func trouble(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try store.lastError(at: .images) == nil)
            try store.complete(asin(9))
            #expect(try store.lastError(at: .images) == nil)
            let endings = CallOutcome.every.dropFirst(2)
            for (number, outcome) in endings.enumerated() {
                let now = Timestamp.noon.after(10_000 * (number + 1))
                try store.complete(asin(number + 10), now: now, outcome)
                _ = try store.cancel(JobSelection(endpoint: "images"), now: now)
                try store.complete(asin(8), now: now.after(2_000))
                let trouble = try #require(try store.lastError(at: .images))
                #expect(trouble.products == [asin(number + 10)] && trouble.entry.settledAt == now)
                #expect(
                    trouble.message == (outcome == .expired ? "lease_expired" : outcome.message))
            }
            try store.add([asin(7)])
            _ = try store.call(now: .midnight)
            #expect(try store.lastError(at: .images)?.entry.outcome == .expired)
            #expect(try store.lastError(at: .barcodes) == nil)
        }
    }

    @Test("dead letters come latest first, each with its reason", arguments: Medium.allCases)
    func deadLetters(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try store.deadLetters(at: "images", limit: 9).isEmpty)
            // An answer after each: otherwise the third one would halt the lane.
            for number in 1...4 {
                let now = Timestamp.noon.after((number - 1) * 10_000)
                try store.complete(
                    asin(number), now: now, .rejected(status: 400, message: "reason \(number)"))
                try store.complete(asin(number + 10), now: now.after(3_000))
            }
            try store.complete(asin(9), at: .barcodes, .rejected(status: 400, message: "else"))
            let all = (1...4).reversed().map { number in
                DeadLetter(
                    product: asin(number), error: "reason \(number)",
                    discardedAt: .noon.after((number - 1) * 10_000))
            }
            for limit in 0...5 {
                #expect(
                    try store.deadLetters(at: "images", limit: limit) == Array(all.prefix(limit)))
            }
        }
    }
}

extension CallOutcome {
    /// The outcome's message, if any.
    fileprivate var message: String? {
        switch self {
        case .succeeded, .expired: nil
        case .rateLimited(_, _, _, let message), .rejected(_, let message),
            .unauthorized(_, let message), .misdirected(_, let message), .failed(_, _, let message),
            .intercepted(_, _, let message):
            message
        case .unsent(let reason): reason.rawValue
        }
    }
}
