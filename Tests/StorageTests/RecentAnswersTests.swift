import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

struct RecentAnswersTests {
    private static let hour = 3_600_000

    @Test("products of calls that succeeded in this hour and the one before it are counted")
    func products() throws {
        let store = try Store()
        // Noon begins an hour.
        let times = [-2 * Self.hour, -Self.hour - 1, -Self.hour, -1, 0, 60_000]
        for (number, time) in times.enumerated() {
            try store.complete(asin(number + 1), now: .noon.after(time))
        }
        try store.complete(asin(20), at: .barcodes, now: .noon.after(90_000))
        try store.complete(
            asin(21), now: .noon.after(100_000), .rejected(status: 400, message: "no"))
        let recent = try store.recentAnswers(at: .noon.after(120_000))
        #expect(recent == RecentAnswers(products: 5, since: .noon.after(-Self.hour)))
        let next = try store.recentAnswers(at: .noon.after(Self.hour))
        #expect(next == RecentAnswers(products: 3, since: .noon))
        let later = try store.recentAnswers(at: .noon.after(2 * Self.hour))
        #expect(later == RecentAnswers(products: 0, since: .noon.after(Self.hour)))
    }

    @Test("without a call there are no products, and the whole period is meant")
    func none() throws {
        let recent = try Store().recentAnswers(at: .noon.after(1))
        #expect(recent == RecentAnswers(products: 0, since: .noon.after(-Self.hour)))
    }
}
