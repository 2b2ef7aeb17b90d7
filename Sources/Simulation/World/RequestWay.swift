internal import Sandbox

/// The times of a request and its reply, in microseconds from the start of its call.
struct RequestWay {
    let leaves: Int64
    /// When the server counts it.
    let arrives: Int64
    /// When the reply arrives.
    let ends: Int64

    /// For sequential calls: the server may count one at any instant of its duration.
    init(countedWithin latency: Int64, _ dice: inout SplitMix64) {
        leaves = 0
        arrives = Int64(dice.below(Int(latency) + 1))
        ends = latency
    }

    /// For overlapping calls, with the worst case that the planner has to expect: some claims wait for the
    /// disk or open a connection, ways to the server differ by up to 50 ms, and some requests are lost and
    /// sent again 200 ms later.
    init(
        overlapping latency: Int64, shortestMilliseconds: Int, _ dice: inout SplitMix64
    ) {
        let shortestWay = Int64(shortestMilliseconds) * 500
        let waits = dice.below(20) == 0 ? dice.within(10...300) : dice.within(0...10)
        leaves = Int64(waits) * 1_000
        let delay = Int64(dice.pick([0, 50_000, dice.below(50_001)]))
        let loss: Int64 = dice.below(50) == 0 ? 200_000 : 0
        arrives = leaves + shortestWay + delay + loss
        ends = max(leaves + latency + loss, arrives + shortestWay)
    }
}
