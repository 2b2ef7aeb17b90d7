import Planning
import Testing

/// An audit of calls in flight, and of several accounts.
struct AuditSlotsTests {
    /// Two accounts with four calls in flight at a bucket and at a window, and one pool each.
    private static func endpoints(
        callsInFlight: Int = 4, allowance: Int = 150_000, window: Int = 500
    ) -> [Endpoint] {
        ["asinscope", "second"].flatMap { account in
            [Endpoint.images, .barcodes].map { endpoint in
                var endpoint = endpoint
                endpoint.account = account
                endpoint.batchLimit = 10
                endpoint.clientPolicy.callsInFlight = callsInFlight
                endpoint.pools = [DailyPool(allowanceTokens: allowance)]
                if endpoint.name == "barcodes" {
                    endpoint.limits = [.slidingWindow(SlidingWindow(capacityTokens: window))]
                } else {
                    endpoint.limits = [
                        .tokenBucket(TokenBucket(capacityTokens: 40, tokensPerMinute: 600))
                    ]
                }
                return endpoint
            }
        }
    }

    private static func run(
        seed: UInt64 = 1, allowance: Int = 150_000, minutes: Int = 2,
        _ change: (inout SeveralLanes) -> Void = { _ in }
    ) -> [LedgerRecord] {
        var run = SeveralLanes(
            endpoints(allowance: allowance), latency: 5...900, seed: seed,
            from: .midnight.after(-60_000))
        change(&run)
        if run.waiting.isEmpty { run.add(4_000) }
        run.run(until: run.now.after(minutes * 60_000))
        return run.records
    }

    private static func audit(
        _ records: [LedgerRecord], allowance: Int = 150_000
    ) -> AuditReport {
        records.audited(by: AccountLimits.always(endpoints(allowance: allowance)))
    }

    @Test(
        "an honest ledger of two accounts with calls in flight causes no finding",
        arguments: 1...2 as ClosedRange<UInt64>, [150_000, 900])
    func honest(seed: UInt64, allowance: Int) {
        let records = Self.run(seed: seed, allowance: allowance)
        #expect(Self.audit(records, allowance: allowance).findings == [], "seed \(seed)")
        let overlapping = zip(records, records.dropFirst()).count {
            ($0.entry.settledAt ?? .midnight) > $1.entry.startedAt
        }
        #expect(overlapping > 50 && records.count > 100)
    }

    @Test("the summary has the calls and the tokens of each account")
    func summary() {
        let records = Self.run()
        let summary = Self.audit(records).summary
        #expect(Set(summary.accounts.map(\.account)) == ["asinscope", "second"])
        for account in summary.accounts {
            let own = records.filter { $0.entry.account == account.account }
            #expect(account.calls == own.count)
            #expect(account.products == own.reduce(0) { $0 + $1.products })
            let charged = summary.pools.filter { $0.account == account.account }
                .reduce(0) { $0 + $1.charged }
            #expect(charged == own.reduce(0) { $0 + ($1.entry.charged ?? 0) })
        }
        #expect(summary.pools.count == 2)
    }

    @Test("a planner that forgets open calls of other slots overspends, and the audit finds it")
    func forgottenOpenCalls() {
        let records = Self.run { run in
            run.seen = { ledger, lane, _ in
                Ledger(ledger.entries.filter { $0.settledAt != nil || $0.lane == lane })
            }
        }
        let codes = Self.audit(records).codes
        #expect(codes.isSuperset(of: [.overWindow, .overBucket]), "\(codes)")
    }

    @Test("a planner that treats another account's calls as its own states wrong drifts")
    func anotherAccount() {
        let records = Self.run { run in
            run.resolved = { ledger, call, all in
                Ledger(all.values.flatMap(\.entries).filter { $0.id != call.id } + [call])
            }
        }
        #expect(Self.audit(records).codes.contains(.wrongDrift))
    }

    @Test("a decision that trusts another account's balance is found as an overdrawn pool")
    func anotherBalance() {
        let records = Self.run(allowance: 900) { run in
            run.add(8_000, account: "asinscope")
            run.add(30, account: "second")
            run.seen = { ledger, lane, all in
                let other = all.first { $0.key != lane.account }?.value.entries ?? []
                return Ledger(ledger.entries.filter { $0.dailyRemaining == nil } + other)
            }
        }
        #expect(Self.audit(records, allowance: 900).codes.contains(.overPool))
    }

    @Test("a bucket that is calculated in the order of the starts is found")
    func foldedOutOfOrder() {
        let records = Self.run { run in
            run.resolved = { ledger, call, _ in
                Ledger(
                    ledger.entries.map { entry in
                        var entry = entry
                        if entry.id > call.id { entry.fullAt = nil }
                        return entry
                    })
            }
        }
        let report = Self.audit(records)
        #expect(report.count(of: .wrongFullAt) > 0 && report.count(of: .overBucket) > 0)
    }

    @Test(
        "two settlements of one moment may be written in either order, but the later one counts the other"
    )
    func eitherOrder() {
        func call(_ id: Int64, slot: Int, end: Int, fullAt: Int) -> LedgerRecord {
            var entry = LedgerEntry.settled(
                id, Self.endpoints()[0], 10, from: .noon.after(slot), to: .noon.after(end),
                fullAt: .noon.after(fullAt))
            entry.slot = slot
            return LedgerRecord(entry: entry, products: 10)
        }
        // A token is refilled within 100 ms.
        func codes(_ first: Int, _ second: Int) -> Set<AuditCode> {
            Self.audit([
                call(1, slot: 0, end: 500, fullAt: first),
                call(2, slot: 1, end: 503, fullAt: second),
            ]).codes
        }
        #expect(codes(1_501, 2_501) == [])
        #expect(codes(2_504, 1_504) == [], "the second was written first")
        #expect(codes(1_501, 1_504) == [.wrongFullAt], "neither counts the other")
    }

    @Test("two open calls in one slot are found, and more calls than may be in flight")
    func slots() throws {
        let records = Self.run(minutes: 1)
        let place = try #require(
            records.indices.dropFirst(20).first { index in
                let entry = records[index].entry
                return records[..<index].contains {
                    $0.entry.endpoint == entry.endpoint && $0.entry.account == entry.account
                        && $0.entry.slot != entry.slot
                        && ($0.entry.settledAt ?? .midnight) > entry.startedAt
                }
            })
        let entry = records[place].entry
        let other = try #require(
            records[..<place].last {
                $0.entry.endpoint == entry.endpoint && $0.entry.account == entry.account
                    && ($0.entry.settledAt ?? .midnight) > entry.startedAt
            })
        var same = records
        same[place].entry.slot = other.entry.slot
        #expect(Self.audit(same).findings.contains { $0.code == .overlappingCalls })
        let fewer = records.audited(
            by: AccountLimits.always(Self.endpoints(callsInFlight: 2)))
        #expect(fewer.codes.contains(.overlappingCalls))
    }

    @Test("each call is checked against the limits in force when it started")
    func history() {
        let records = Self.run()
        let end = records.last!.entry.startedAt.after(1)
        let narrow = Self.endpoints(callsInFlight: 1, window: 100)
        func audit(_ periods: [(Timestamp, [Endpoint])]) -> AuditReport {
            records.audited(
                by: ["asinscope", "second"].map { account in
                    AccountLimits(
                        account: account,
                        periods: periods.map { since, endpoints in
                            AccountLimits.Period(
                                since: since,
                                endpoints: endpoints.filter { $0.account == account })
                        })
                })
        }
        let wide = Self.endpoints()
        #expect(audit([(.noon, wide), (end, narrow)]).findings == [])
        #expect(audit([(end, wide)]).findings == [], "before the first the first applies")
        #expect(audit([(.noon, wide), (.noon.after(1), narrow)]).codes.contains(.overWindow))
        #expect(audit([(end, narrow)]).codes.contains(.overWindow))
    }

    @Test("a call of an unconfigured account is found")
    func unknownAccount() {
        var record = Self.run(minutes: 1)[0]
        record.entry.account = "gone"
        let report = Self.audit([record])
        #expect(report.findings.map(\.code) == [.unknownEndpoint])
        #expect(report.findings[0].account == "gone")
    }

    /// Twelve in a second: a call may be counted as soon as it starts.
    @Test("calls in flight count for a window from their start, others from their end")
    func window() {
        func codes(_ callsInFlight: Int, after milliseconds: Int) -> Set<AuditCode> {
            var endpoint = Endpoint.barcodes
            endpoint.clientPolicy.callsInFlight = callsInFlight
            endpoint.limits = [
                .slidingWindow(SlidingWindow(capacityTokens: 10, period: .seconds(1)))
            ]
            let first = LedgerEntry.settled(1, endpoint, 10, from: .noon, to: .noon.after(300))
            let next = LedgerEntry.settled(
                2, endpoint, 10, from: .noon.after(milliseconds),
                to: .noon.after(milliseconds + 300))
            return [first, next].map { LedgerRecord(entry: $0, products: 5) }
                .audited(by: [endpoint]).codes
        }
        #expect(codes(1, after: 1_301) == [] && codes(1, after: 1_300) == [.overWindow])
        #expect(codes(2, after: 1_000) == [] && codes(2, after: 999) == [.overWindow])
    }

    @Test("a call that was not sent or misdirected charges nothing")
    func uncharged() {
        for outcome in [LedgerEntry.Outcome.unsent, .misdirected] {
            for (charged, codes) in [(0, []), (10, [.wrongCharge])] as [(Int, Set<AuditCode>)] {
                var entry = LedgerEntry.settled(
                    1, .barcodes, charged, from: .noon, to: .noon.after(9), outcome)
                entry.reserved = 10
                #expect([LedgerRecord(entry: entry, products: 3)].audited().codes == codes)
            }
        }
    }

    @Test("a block that another slot received holds back the others once it is certainly written")
    func blocks() {
        var endpoint = Endpoint.barcodes
        endpoint.clientPolicy.callsInFlight = 2
        let refused = LedgerEntry.settled(
            1, endpoint, 0, from: .noon, to: .noon.after(100), .rateLimited,
            retryAt: .noon.after(60_000))
        for (start, slot, isFound) in [
            (200, 0, true), (200, 1, false), (5_100, 1, true), (60_000, 1, false),
        ] {
            var next = LedgerEntry.settled(
                2, endpoint, 10, from: .noon.after(start), to: .noon.after(start + 50))
            next.slot = slot
            var first = LedgerRecord(entry: refused, products: 3)
            first.entry.reserved = 10
            let codes = [first, LedgerRecord(entry: next, products: 7)].audited(by: [endpoint])
                .codes
            #expect(codes.contains(.beforeRetry) == isFound, "\(start), slot \(slot)")
        }
    }
}
