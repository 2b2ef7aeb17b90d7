import Planning
import Testing

/// What a wrong planner would do is what the right one does under narrower limits than it knows of.
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

    @Test("a window that holds ten tokens more than it may, or a millisecond less, is found")
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

    @Test("a bucket that refills a token a minute faster than it may is found, call by call")
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

    @Test("a pool that is overdrawn is found, before the day's first balance as after it")
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

    @Test("two lanes' overlapping calls are judged in the order that allows them")
    func lanes() {
        for order in TwoLanes.orders {
            var lanes = TwoLanes()
            for lane in order { lanes.step(lane) }
            let records = zip(lanes.ledger.entries, [1, 7, 10, 3, 20]).map { entry, _ in
                LedgerRecord(entry: entry, products: entry.reserved, driftTokens: nil)
            }
            var audit = LedgerAudit([.images, .barcodes])
            for record in records { audit.take(record) }
            let codes = audit.finish(at: .noon).codes
            #expect(codes.isDisjoint(with: [.overPool, .overlappingCalls]), "\(order)")
        }
    }
}
