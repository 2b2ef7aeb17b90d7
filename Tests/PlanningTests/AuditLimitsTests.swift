import Planning
import Testing

/// A wrong planner behaves like the right one with narrower limits than it knows of.
struct AuditLimitsTests {
    private static let hour: [LedgerRecord] = {
        var run = VirtualRun(seed: 9, latency: 0...3_000_000)
        run.queues["images"]!.isEndless = true
        run.queues["barcodes"]!.isEndless = true
        run.run(for: .seconds(3_600))
        return run.records
    }()

    private func codes(images: Endpoint = .images, barcodes: Endpoint = .barcodes) -> Set<AuditCode>
    {
        Self.hour.audited(by: [images, barcodes]).codes
    }

    @Test("a window that holds ten tokens too many, or lasts a millisecond too little, is found")
    func window() {
        func barcodes(_ capacity: Int, _ milliseconds: Int) -> Endpoint {
            .barcodes.with(limits: [
                .slidingWindow(
                    SlidingWindow(capacityTokens: capacity, period: .milliseconds(milliseconds)))
            ])
        }
        #expect(codes(barcodes: barcodes(500, 60_000)) == [])
        #expect(codes(barcodes: barcodes(499, 60_000)) == [.overWindow])
        #expect(codes(barcodes: barcodes(500, 60_001)) == [.overWindow])
    }

    @Test("a bucket that refills a token a minute too fast is found, call by call")
    func refill() {
        func images(_ capacity: Int, _ rate: Int) -> Endpoint {
            .images.with(limits: [
                .tokenBucket(TokenBucket(capacityTokens: capacity, tokensPerMinute: rate))
            ])
        }
        #expect(codes(images: images(120, 60)) == [])
        let slower = Self.hour.audited(by: [images(120, 59), .barcodes])
        #expect(slower.codes.contains(.overBucket))
        #expect(slower.codes.contains(.wrongFullAt), "so often early is no clock")
        #expect(codes(images: images(99, 60)).contains(.overBucket))
    }

    @Test("an overdrawn pool is found, both before the day's first balance and after it")
    func pool() {
        let reset = Timestamp.midnight
        func record(_ id: Int64, _ tokens: Int, at second: Int, left: Int?) -> LedgerRecord {
            LedgerRecord(
                entry: .settled(
                    id, .barcodes, tokens, from: .noon.after(second * 1_000),
                    to: .noon.after(second * 1_000 + 100), left: left, reset: reset),
                products: tokens)
        }
        let first = [record(1, 100, at: 0, left: nil)]
        #expect(first.audited(allowance: 100).codes == [])
        #expect(first.audited(allowance: 99).codes == [.overPool])
        let second = first + [record(2, 50, at: 1, left: nil)]
        #expect(second.audited(allowance: 150).codes == [])
        #expect(second.audited(allowance: 149).codes == [.overPool])
        for (left, isOver) in [(60, false), (59, true)] {
            var known = [record(1, 100, at: 0, left: left), record(2, 50, at: 1, left: nil)]
            #expect(known.audited(allowance: 1).codes == [.overPool], "the first alone")
            known.append(record(3, 10, at: 2, left: nil))
            #expect(known.audited(allowance: 100).codes == (isOver ? [.overPool] : []))
        }
    }

    /// Every order of start, count and end of two calls in each lane, one reply lost or none.
    @Test("two lanes' overlapping calls cause no finding, in any order", arguments: -1...3)
    func lanes(lost: Int) {
        for order in TwoLanes.orders {
            var lanes = TwoLanes(lost: lost)
            for lane in order { lanes.step(lane) }
            var drifts = lanes.drifts
            var records = lanes.ledger.entries.map { entry in
                // The products of the two lanes: images at a token each, and full tens of barcodes.
                LedgerRecord(entry: entry, products: entry.reserved)
            }
            records[0].entry.fullAt = records[0].entry.settledAt!.after(1_001)
            for index in records.indices.sorted(by: {
                records[$0].entry.settledAt! < records[$1].entry.settledAt!
            }) where index > 0 && records[index].entry.outcome == .succeeded {
                records[index].driftTokens = drifts.removeFirst()
            }
            #expect(records.audited().findings == [], "\(order)")
        }
    }

    /// The clock was set back during the second call, by as much as its bucket is early.
    @Test(
        "a bucket that is early by less than a call's duration is the clock's, more is not",
        arguments: [(0, nil), (1, .clockSetBack), (60_000, .clockSetBack), (60_001, .wrongFullAt)]
            as [(Int, AuditCode?)])
    func silentClock(shift: Int, code: AuditCode?) {
        func call(_ id: Int64, at second: Int, fullAt: Int) -> LedgerRecord {
            let start = Timestamp.noon.after(second * 1_000)
            let entry = LedgerEntry.settled(
                id, .images, 100, from: start, to: start.after(500), fullAt: .noon.after(fullAt))
            return LedgerRecord(entry: entry, products: 100)
        }
        // Full again 100 s after the first call's finish, and 100 s later after the second's.
        let report = [
            call(1, at: 0, fullAt: 100_501), call(2, at: 80, fullAt: 200_501 - shift),
        ].audited(by: [.images.with(limits: [.tokenBucket(Self.large)])])
        #expect(report.findings.map(\.code) == [code].compactMap(\.self))
        #expect(report.findings.first?.callID == (code == nil ? nil : 2))
    }

    private static let large = TokenBucket(capacityTokens: 300, tokensPerMinute: 60)
}
