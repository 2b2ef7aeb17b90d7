import Planning
import TestSupport
import Testing

/// The bucket against a server that takes a call's tokens at some instant before its finish.
struct TokenBucketHistoryTests {
    @Test("the server refuses nothing that the bucket admitted, in 2,000 random histories")
    func neverRefused() {
        for seed in 1...2_000 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let bucket = TokenBucket(
                capacityTokens: random.within(1...200),
                tokensPerMinute: random.pick([1, 6, 7, 60, 61, 500, 900]))
            let server = DrippingBucket(
                capacity: bucket.capacityTokens, dripsPerMinute: bucket.tokensPerMinute)
            var fullAt: Timestamp?
            var clock = Timestamp.noon.milliseconds * 1_000
            for call in 1...30 {
                if random.once(in: 4) { clock += Int64(random.below(90_000_000)) }
                let now = Timestamp(milliseconds: clock / 1_000)
                let wanted = random.within(1...bucket.capacityTokens)
                let earliest = bucket.earliest(for: wanted, fullAt: fullAt, at: now)
                if earliest > now { clock = earliest.milliseconds * 1_000 }
                let available = bucket.available(
                    fullAt: fullAt, at: Timestamp(milliseconds: clock / 1_000))
                #expect(available >= wanted)
                let finish = clock + Int64(random.within(0...20_000_000))
                let counted = clock + Int64(random.below(Int(finish - clock) + 1))
                #expect(
                    server.admits(wanted, at: counted), "seed \(seed), call \(call), \(wanted)")
                clock = finish
                fullAt = bucket.fullAt(
                    afterSpending: wanted, finish: Timestamp(milliseconds: finish / 1_000),
                    fullAt: fullAt)
            }
        }
    }

    @Test(
        "the level is never above the server's, and at most a token below it for a server that counts at the finish"
    )
    func tight() {
        for seed in 1...300 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let bucket = TokenBucket.images
            let server = DrippingBucket(capacity: 120, dripsPerMinute: 60)
            var fullAt: Timestamp?
            var clock = Timestamp.noon.milliseconds * 1_000
            for _ in 1...30 {
                clock += Int64(random.below(60_000_000))
                let now = Timestamp(milliseconds: clock / 1_000)
                let ours = bucket.available(fullAt: fullAt, at: now)
                let theirs = server.level(at: clock)
                #expect(ours <= theirs, "seed \(seed)")
                #expect(theirs - ours <= 1, "seed \(seed)")
                guard ours > 0 else { continue }
                let tokens = random.within(1...ours)
                #expect(server.admits(tokens, at: clock), "seed \(seed)")
                fullAt = bucket.fullAt(afterSpending: tokens, finish: now, fullAt: fullAt)
            }
        }
    }
}
