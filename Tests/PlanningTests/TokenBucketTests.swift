import Planning
import Testing

struct TokenBucketTests {
    let bucket = TokenBucket.images

    @Test(
        "one instant holds the level: the missing tokens are the refill until then",
        arguments: [
            (-1, 120), (0, 120), (1, 119), (999, 119), (1_000, 119), (1_001, 118),
            (100_000, 20), (100_001, 19), (119_000, 1), (119_001, 0), (120_000, 0),
            (120_001, 0), (86_400_000, 0),
        ])
    func level(untilFull: Int, tokens: Int) {
        #expect(bucket.available(fullAt: .noon.after(untilFull), at: .noon) == tokens)
    }

    @Test("an unused bucket is full")
    func untouched() {
        #expect(bucket.available(fullAt: nil, at: .noon) == 120)
        #expect(bucket.earliest(for: 120, fullAt: nil, at: .noon) == .noon)
        #expect(bucket.fullAt(afterSpending: 0, finish: .noon, fullAt: nil) == .noon)
    }

    @Test("the page's example holds: required 50, available 20, try again in 30 seconds")
    func documentedHint() {
        let fullAt = Timestamp.noon.after(100_000)
        #expect(bucket.available(fullAt: fullAt, at: .noon) == 20)
        #expect(bucket.earliest(for: 50, fullAt: fullAt, at: .noon) == .noon.after(30_000))
    }

    @Test(
        "a call's tokens are refilled from its finish and a millisecond, or after the missing ones",
        arguments: [
            (1, nil, 1_001), (100, nil, 100_001), (120, nil, 120_001),
            (100, -5_000, 100_001), (100, 0, 100_001), (100, 1, 100_001), (100, 2, 100_002),
            (100, 20_000, 120_000), (1, 119_000, 120_000), (0, 119_000, 119_000),
        ] as [(Int, Int?, Int)])
    func spending(tokens: Int, before: Int?, after: Int) {
        let fullAt = bucket.fullAt(
            afterSpending: tokens, finish: .noon, fullAt: before.map { .noon.after($0) })
        #expect(fullAt == .noon.after(after))
    }

    @Test(
        "a rate that does not divide a minute is rounded against us",
        arguments: [(7, 1, 8_572), (7, 7, 60_000), (11, 1, 5_455), (900, 1, 67), (900, 3, 200)])
    func uneven(tokensPerMinute: Int, tokens: Int, refill: Int) {
        let bucket = TokenBucket(capacityTokens: 100, tokensPerMinute: tokensPerMinute)
        #expect(
            bucket.fullAt(afterSpending: tokens, finish: .noon, fullAt: nil)
                == .noon.after(refill + 1))
    }

    @Test("the earliest instant has the tokens and the millisecond before has not")
    func earliest() {
        for rate in [7, 60, 61, 900] {
            let bucket = TokenBucket(capacityTokens: 120, tokensPerMinute: rate)
            for untilFull in [0, 1, 999, 1_000, 1_001, 59_999, 100_000, 120_000] {
                let fullAt = Timestamp.noon.after(untilFull)
                for tokens in 1...120 {
                    let earliest = bucket.earliest(for: tokens, fullAt: fullAt, at: .noon)
                    #expect(earliest >= .noon)
                    #expect(bucket.available(fullAt: fullAt, at: earliest) >= tokens)
                    guard earliest > .noon else { continue }
                    #expect(
                        bucket.available(fullAt: fullAt, at: earliest.after(-1)) < tokens,
                        "\(tokens) tokens at \(rate) a minute, full in \(untilFull) ms")
                }
            }
        }
    }

    @Test(
        "a batch waits for at most five sixths of the bucket",
        arguments: [(120, 100), (60, 50), (12, 10), (6, 5), (5, 5), (2, 2), (1, 1)])
    func batchTokens(capacity: Int, tokens: Int) {
        #expect(TokenBucket(capacityTokens: capacity, tokensPerMinute: 60).batchTokens == tokens)
    }
}
