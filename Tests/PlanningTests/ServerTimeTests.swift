import Testing

@testable import Planning

/// A wrong clock of ours, and the server's Date that shows it.
struct ServerTimeTests {
    /// Ours shows noon, the server's this many hours more.
    private static let hours = [-30, -7, -1, 1, 5, 13, 26]

    private func ahead(_ serverAt: Int, from start: Int, until end: Int) -> Int64 {
        ServerTime(
            dated: .noon.after(serverAt), from: .noon.after(start), until: .noon.after(end)
        ).ahead.milliseconds
    }

    @Test("A Date within the call, its fraction cut off, shows no difference")
    func agrees() {
        for fraction in [0, 1, 500, 999] {
            for latency in [0, 1, 300, 31_000] {
                for counted in [0, latency / 2, latency] {
                    let serverAt = (fraction + counted) / 1_000 * 1_000
                    let shown = ahead(serverAt, from: fraction, until: fraction + latency)
                    #expect(shown == 0, "\(fraction) \(latency) \(counted)")
                }
            }
        }
    }

    @Test("A Date outside of it shows the smallest possible difference of the clocks")
    func differs() {
        #expect(ahead(10_000, from: 0, until: 400) == 9_600)
        #expect(ahead(401, from: 0, until: 400) == 1)
        #expect(ahead(-10_000, from: 0, until: 400) == -9_001)
        #expect(ahead(-1_000, from: 0, until: 400) == -1)
        // The clock was set back during the call.
        #expect(ahead(10_000, from: 9_900, until: 3_000) == 7_000)
    }

    /// A call at noon of ours, answered with or without a balance, by a server whose clock is wrong by hours.
    private func call(
        _ id: Int64, hours: Int, at start: Timestamp = .noon, tokens: Int = 7
    ) -> LedgerEntry {
        var call = LedgerEntry.settled(id, .images, tokens, from: start, to: start.after(400))
        call.serverAt = start + .seconds(hours * 3_600)
        return call
    }

    private func serverMidnight(hours: Int, after now: Timestamp) -> Timestamp {
        let ahead = Duration.seconds(hours * 3_600)
        return (now + ahead).nextMidnight - ahead
    }

    /// Instants are rounded to seconds, so a reset is exact to within one.
    private func isAbout(_ found: Timestamp, _ meant: Timestamp) -> Bool {
        abs((found - meant).milliseconds) <= 1_000
    }

    @Test("Without a balance the reset is the server's midnight, not ours", arguments: hours)
    func reset(hours: Int) {
        let ledger = Ledger([call(1, hours: hours)])
        let now = Timestamp.noon.after(60_000)
        let level = DailyPool.asinscope.level(ledger, at: now)
        #expect(isAbout(level.resetsAt, serverMidnight(hours: hours, after: now)))
        #expect(level.tokens == 149_993)
    }

    @Test("The day's charges are those since the server's midnight", arguments: hours)
    func spent(hours: Int) {
        let reset = serverMidnight(hours: hours, after: .noon)
        let last = reset - .day
        let ledger = Ledger([
            call(1, hours: hours, at: last - .minute, tokens: 100),
            call(2, hours: hours, at: last + .minute, tokens: 1_000),
        ])
        let now = max(last, .midnight - .day) + .minute * 5
        guard now < reset else { return }
        #expect(DailyPool.asinscope.level(ledger, at: now).tokens == 149_000)
    }

    @Test("A balance without a time lapses at the server's midnight", arguments: hours)
    func balance(hours: Int) {
        let open = LedgerEntry.open(2, .images, 7, from: .noon)
        for before in [Ledger([call(1, hours: hours, at: .noon - .minute)]), Ledger()] {
            let serverAt = before.entries.isEmpty ? Timestamp.noon + .seconds(hours * 3_600) : nil
            let settlement = Planner.resolve(
                DatedOutcome(answer(jobs(7), left: 3), serverAt: serverAt), of: open, jobs: jobs(7),
                endpoint: .images,
                ledger: before, at: .noon.after(400))
            let reset = serverMidnight(hours: hours, after: .noon)
            #expect(settlement.dailyResetAt.map { isAbout($0, reset) } == true)
        }
    }

    @Test("A day's refusal without a hint waits for the server's midnight", arguments: hours)
    func refusal(hours: Int) {
        let refused = DatedOutcome(
            .rateLimited(.day, hint: nil, message: ""),
            serverAt: .noon + .seconds(hours * 3_600))
        let settlement = Planner.resolve(
            refused, of: .open(2, .images, 7, from: .noon), jobs: jobs(7),
            endpoint: .images, ledger: Ledger(), at: .noon.after(400))
        #expect(settlement.serverAt == refused.serverAt)
        let reset = serverMidnight(hours: hours, after: .noon)
        #expect(settlement.retryAt.map { isAbout($0, reset) } == true)
    }

    @Test("After the clock was set back, correct entries show by how much")
    func setBack() throws {
        let before = call(1, hours: 0)
        let after = before.clamped(to: .noon - .seconds(7_200))
        let clock = try #require(after.settledAt.flatMap(after.serverTime))
        #expect(clock.ahead == .seconds(7_200))
    }

    @Test("The last dated call counts, at any endpoint")
    func last() {
        var undated = call(3, hours: 9, at: .noon + .minute * 2)
        undated.serverAt = nil
        let ledger = Ledger([
            call(1, hours: 5), call(2, hours: 0, at: .noon + .minute), undated,
        ])
        #expect(ledger.lastDated?.id == 2)
        #expect(ledger.serverTime == ServerTime())
        #expect(Ledger([undated]).serverTime == ServerTime())
    }

    @Test("The audit uses the server's day as well", arguments: hours)
    func audit(hours: Int) {
        let ahead = Duration.seconds(hours * 3_600)
        let reset = serverMidnight(hours: hours, after: .noon)
        func record(_ id: Int64, _ start: Timestamp, _ tokens: Int) -> LedgerRecord {
            var entry = LedgerEntry.settled(
                id, .barcodes, tokens, from: start, to: start.after(400))
            entry.serverAt = start + ahead
            return LedgerRecord(entry: entry, products: tokens)
        }
        let endpoint = Endpoint.barcodes.with(limits: [])
        func isOver(_ second: Timestamp) -> Bool {
            [record(1, reset - .minute, 80), record(2, second, 80)]
                .audited(by: [endpoint], allowance: 100).codes.contains(.overPool)
        }
        #expect(!isOver(reset + .minute))
        #expect(isOver(reset - .seconds(30)))
    }
}
