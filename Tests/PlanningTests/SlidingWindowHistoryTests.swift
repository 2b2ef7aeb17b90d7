import Planning
import TestSupport
import Testing

/// The window against a server that counts each call at some instant between its send and its finish.
struct SlidingWindowHistoryTests {
    @Test("the server refuses nothing that the window admitted, in 2,000 random histories")
    func neverRefused() {
        for seed in 1...2_000 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let window = SlidingWindow(capacityTokens: random.within(1...60) * 10)
            let server = TrailingMinute(capacity: window.capacityTokens)
            var ledger: [LedgerEntry] = []
            var clock = Timestamp.noon.milliseconds * 1_000
            for id in 1...30 as ClosedRange<Int64> {
                var now = Timestamp(milliseconds: clock / 1_000)
                if random.once(in: 4) { clock += Int64(random.below(40_000_000)) }
                let wanted = random.within(1...window.capacityTokens)
                if let earliest = window.earliest(for: wanted, ledger, at: now), earliest > now {
                    clock = max(clock, earliest.milliseconds * 1_000)
                }
                now = Timestamp(milliseconds: clock / 1_000)
                let tokens = random.within(1...max(1, window.available(ledger, at: now)))
                let finish = clock + Int64(random.within(0...20_000_000))
                let counted = clock + Int64(random.below(Int(finish - clock) + 1))
                #expect(
                    server.admits(tokens, at: counted), "seed \(seed), call \(id), \(tokens) tokens"
                )
                clock = finish
                ledger.append(
                    .settled(
                        id, .barcodes, tokens, from: now,
                        to: Timestamp(milliseconds: finish / 1_000)))
            }
        }
    }

    @Test("the window is late by no more than 2 ms for a server that counts at the finish")
    func tight() {
        for seed in 1...300 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let window = SlidingWindow.barcodes
            let server = TrailingMinute(capacity: 500)
            var ledger: [LedgerEntry] = []
            var clock = Timestamp.noon.milliseconds * 1_000
            for id in 1...20 as ClosedRange<Int64> {
                let now = Timestamp(milliseconds: clock / 1_000)
                let tokens = random.within(1...10) * 10
                let earliest = window.earliest(for: tokens, ledger, at: now)!
                if earliest > now {
                    clock = earliest.milliseconds * 1_000
                    #expect(server.total(at: clock - 2_000) + tokens > 500, "seed \(seed)")
                }
                let start = Timestamp(milliseconds: clock / 1_000)
                clock += Int64(random.within(0...3_000_000))
                #expect(server.admits(tokens, at: clock), "seed \(seed), call \(id)")
                ledger.append(
                    .settled(
                        id, .barcodes, tokens, from: start,
                        to: Timestamp(milliseconds: clock / 1_000)))
            }
        }
    }
}
