extension UPCitemdbLimits {
    /// Draws the behavior that the vendor does not document.
    package mutating func drawUnpublished(_ dice: inout SplitMix64) {
        chargesRefusals = dice.happens(0.5)
        blockCovers = dice.happens(0.5) ? .client : .endpoint
        searchHeaders = dice.happens(0.5) ? .sharedPool : .searches
        resetMinute = dice.pick([0, 437, 720, 1_439])
    }

    /// Takes `calls` from each burst limit and lengthens its window by three seconds: the share that another
    /// client uses.
    package mutating func narrow(by calls: Int) {
        func narrowed(_ burst: Burst) -> Burst {
            Burst(calls: max(1, burst.calls - calls), milliseconds: burst.milliseconds + 3_000)
        }
        lookupBursts = lookupBursts.map(narrowed)
        searchBursts = searchBursts.map(narrowed)
    }
}
