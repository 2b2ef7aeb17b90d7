extension UPCitemdbModel {
    /// Checks everything in a request, in the server's order: its key, its speed, the rest of the day, its
    /// content.
    mutating func admit(
        _ request: SandboxRequest, at endpoint: UPCitemdbEndpoint, atMilliseconds now: Int64
    ) throws(UPCitemdbRefusal) -> Finding {
        try authorize(request)
        do throws(UPCitemdbRefusal) {
            try checkBursts(endpoint, atMilliseconds: now)
            let over = days.over
            if over.contains(endpoint) { throw .dailyLimit(of: over) }
            return try find(UPCitemdbQuestion(request), at: endpoint)
        } catch {
            if limits.chargesRefusals, error.mayBeCharged, days.spend(endpoint) {
                counts[endpoint].tokensCharged += 1
            }
            throw error
        }
    }

    /// Vendor's sample: a paid plan's request has its key in `user_key`, and `key_type: 3scale`.
    private func authorize(_ request: SandboxRequest) throws(UPCitemdbRefusal) {
        guard limits.plan.needsKey else { return }
        guard let key = request.header("user_key"), keys.contains(key),
            request.header("key_type") == "3scale"
        else { throw .unauthorized }
    }

    /// Every admitted call counts, whatever its answer; a refused one extends the block.
    private mutating func checkBursts(
        _ endpoint: UPCitemdbEndpoint, atMilliseconds now: Int64
    ) throws(UPCitemdbRefusal) {
        if let block = blocks[endpoint], now < block.untilMilliseconds {
            counts[endpoint].extendedBlocks += 1
            throw .tooFast(block.extended(atMilliseconds: now))
        }
        if let block = bursts[endpoint]?.exceeded(atMilliseconds: now) { throw .tooFast(block) }
        bursts[endpoint]?.add(atMilliseconds: now)
        let sums = bursts[endpoint]?.sums(atMilliseconds: now) ?? []
        let most = counts[endpoint].mostInBursts
        counts[endpoint].mostInBursts = most.isEmpty ? sums : zip(most, sums).map(max)
    }

    /// Counts a refusal, and records whom it blocks until when.
    mutating func note(_ refusal: UPCitemdbRefusal, at endpoint: UPCitemdbEndpoint) {
        switch refusal.limit {
        case .burst(let block):
            counts[endpoint].refusedForBurst += 1
            let blocked =
                switch limits.blockCovers {
                case .client: UPCitemdbEndpoint.allCases
                case .endpoint: [endpoint]
                }
            for endpoint in blocked {
                blocks[endpoint] = block
                awayUntilMilliseconds[endpoint] = block.untilMilliseconds
            }
        case .day(let over):
            counts[endpoint].refusedForDay += 1
            for endpoint in over {
                awayUntilMilliseconds[endpoint] = days[endpoint].resetMilliseconds
            }
        case nil:
            break
        }
    }
}
