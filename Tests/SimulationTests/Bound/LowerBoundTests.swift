import Simulation
import Testing

extension LowerBound {
    /// The figures of the provider's page; images, then barcodes.
    static let documented = LowerBound(
        endpoints: [
            .perProduct([.bucket(burst: 120, perMinute: 60)], tariffStep: 1),
            .perProduct([.window(capacity: 500, periodMilliseconds: 60_000)], tariffStep: 10),
        ],
        dailyTokens: 150_000)
}

extension LowerBound {
    /// UPCitemdb's FREE plan; lookups, then searches.
    static let free = LowerBound(
        endpoints: [
            .perCall([.window(capacity: 6, periodMilliseconds: 60_000)], batchLimit: 1),
            .perCall(
                [.window(capacity: 2, periodMilliseconds: 30_000)], batchLimit: 1, dailyTokens: 20),
        ],
        sharedLimits: [.window(capacity: 1, periodMilliseconds: 10_000)], dailyTokens: 100)
}

/// 2026-05-04 00:00 UTC.
private let midnight: Int64 = 1_777_852_800_000
private let noon = midnight + 43_200_000

struct LowerBoundTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var images = 0
        var barcodes = 0
        var from = midnight
        var left = 150_000
        var seconds: Int64

        var testDescription: String {
            "\(images) images, \(barcodes) barcodes, \(left) left: \(seconds) s"
        }
    }

    @Test(
        "at the documented figures the bound is what pencil and paper say",
        arguments: [
            Case(seconds: 0),
            Case(images: 120, barcodes: 500, seconds: 0),
            Case(images: 121, seconds: 1),
            Case(images: 180, from: noon, seconds: 60),
            Case(barcodes: 501, seconds: 60),
            Case(barcodes: 1_000, from: noon, seconds: 60),
            Case(images: 180, barcodes: 1_000, from: noon, seconds: 60),
            // 120 and one a second: the bucket alone, across 00:00.
            Case(images: 86_520, seconds: 86_400),
            // Images lead; the pool has 450,000 tokens in the three days.
            Case(images: 200_000, barcodes: 200_000, seconds: 199_880),
            // 150,000 on the first day; the other half in 300 windows from 00:00 on.
            Case(barcodes: 300_000, seconds: 86_400 + 299 * 60),
            Case(barcodes: 300_000, from: noon, seconds: 43_200 + 299 * 60),
            // 66 days and 200 windows.
            Case(barcodes: 10_000_000, seconds: 66 * 86_400 + 199 * 60),
            // 9 tokens pay for no barcode. 1 product costs 10.
            Case(barcodes: 1, from: noon, left: 9, seconds: 43_200),
            Case(barcodes: 11, from: noon, left: 19, seconds: 43_200),
            Case(barcodes: 10, from: noon, left: 10, seconds: 0),
            // Both want the same 100 tokens; the bucket and the window could pay for all.
            Case(images: 60, barcodes: 50, from: noon, left: 100, seconds: 43_200),
            Case(images: 50, barcodes: 50, from: noon, left: 100, seconds: 0),
            // 86,519 images are all that a day's bucket gives, and 63,490 tokens are not left for
            // barcodes: 63,480, as 86,519 and 63,490 are more than 150,000.
            Case(images: 86_519, barcodes: 63_480, seconds: 86_399),
            Case(images: 86_519, barcodes: 63_490, seconds: 86_400),
        ])
    func documented(_ bounded: Case) {
        #expect(
            LowerBound.documented.milliseconds(
                for: [bounded.images, bounded.barcodes], from: bounded.from,
                tokensLeft: DayTokens(shared: bounded.left, own: [nil, nil])) == bounded.seconds
                * 1_000)
    }

    /// Lookups, searches, seconds.
    private static let countedByCall: [[Int]] = [
        [0, 0, 0], [1, 1, 10], [6, 0, 50], [6, 1, 60], [7, 0, 60], [0, 3, 30], [0, 20, 270],
        [80, 20, 990], [81, 20, 86_400], [0, 21, 86_400], [100, 0, 990], [101, 0, 86_400],
        // 100 on each of two days, and 60 in ten seconds each.
        [200, 60, 173_390],
        // The day's searches are over, and lookups could not make up for them.
        [10, 41, 172_800],
    ]

    @Test("where calls are counted, it is as well", arguments: countedByCall)
    func calls(_ bounded: [Int]) {
        let least = LowerBound.free.milliseconds(
            for: [bounded[0], bounded[1]], from: midnight, tokensLeft: LowerBound.free.day)
        #expect(least == Int64(bounded[2]) * 1_000)
    }

    @Test("one product more never takes less time, and one token less never either")
    func monotone() {
        var last: Int64 = 0
        for products in stride(from: 0, through: 700_000, by: 13_331) {
            let least = LowerBound.documented.milliseconds(
                for: [products / 3, products], from: noon,
                tokensLeft: DayTokens(shared: 90_000, own: [nil, nil]))
            let withLess = LowerBound.documented.milliseconds(
                for: [products / 3, products], from: noon,
                tokensLeft: DayTokens(shared: 89_999, own: [nil, nil]))
            #expect(last <= least && least <= withLess)
            last = least
        }
    }

    @Test("what arrives late is bounded from its arrival, and what came before counts with it")
    func arrivals() {
        func bound(_ arrivals: [LowerBound.Arrival], left: Int = 150_000) -> Int64 {
            LowerBound.documented.milliseconds(
                for: arrivals, from: noon, tokensLeft: DayTokens(shared: left, own: [nil, nil]))
        }
        let early = LowerBound.Arrival(atMilliseconds: noon, products: [180, 0])
        let late = LowerBound.Arrival(atMilliseconds: noon + 3_600_000, products: [130, 0])
        #expect(bound([]) == 0)
        #expect(bound([LowerBound.Arrival(atMilliseconds: noon + 1_000, products: [0, 0])]) == 0)
        #expect(bound([early]) == 60_000)
        #expect(bound([late, early]) == 3_610_000)
        // The bucket is not full again: 7,200 and 130 take 7,210 s together.
        let many = LowerBound.Arrival(atMilliseconds: noon, products: [7_200, 0])
        #expect(bound([many, late]) == 7_210_000)
        // Two that arrive at once are one arrival.
        #expect(bound([late, late]) == 3_600_000 + 140_000)
        // Before the start is at the start.
        #expect(
            bound([LowerBound.Arrival(atMilliseconds: midnight, products: [180, 0])]) == 60_000)
        // The first day's tokens are no more at noon + 1 h than at noon; the next day's are.
        #expect(bound([late], left: 100) == 43_200_000)
        let tomorrow = LowerBound.Arrival(atMilliseconds: noon + 43_200_000, products: [120, 0])
        #expect(bound([tomorrow], left: 100) == 43_200_000)
    }
}
