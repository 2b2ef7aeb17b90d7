import Planning
import Testing

/// Every row of the table of outcomes: the ledger's fields, each job's change, the lane.
struct OutcomeTableTests {
    private let asked = jobs(3, failures: 1, batchLimit: 50)
    private let answered = LedgerEntry.settled(
        1, .images, 1, from: .noon.after(-9_000), to: .noon.after(-8_000), left: 500)

    private func resolve(_ outcome: CallOutcome, _ asked: [Job]? = nil) -> Settlement {
        let asked = asked ?? self.asked
        return Planner.resolve(
            outcome, of: .open(2, .images, asked.count, from: .noon.after(-700)), jobs: asked,
            endpoint: .images, ledger: Ledger([answered]), at: .noon)
    }

    /// The lane's next decision with other waiting jobs.
    private func next(_ settlement: Settlement) -> Decision<CallPlan> {
        let call = LedgerEntry.open(2, .images, 3, from: .noon.after(-700))
        let ledger = Ledger([answered, call.settled(as: settlement, at: .noon)])
        return Planner.decide(
            Snapshot(endpoint: .images, ready: jobs(5, from: 50), ledger: ledger), at: .noon)
    }

    private func back(
        _ jobs: [Job]? = nil, at notBefore: Timestamp? = nil,
        _ change: (inout Job) -> Void = { _ in }
    ) -> [JobChange] {
        (jobs ?? asked).map { job in
            var changed = job
            change(&changed)
            return .available(changed, notBefore: notBefore)
        }
    }

    @Test("200: charged by tariff, the balance recorded, missing products completed as not found")
    func succeeded() {
        let items = ["P1": Item(isFound: true, body: "{}"), "P3": Item(isFound: false, body: "[]")]
        let settlement = resolve(
            .succeeded(Answer(items: items, dailyRemaining: 497, resetsIn: .seconds(60))))
        let expected = Settlement(
            outcome: .succeeded, chargedTokens: 3, httpStatus: 200, dailyRemaining: 497,
            dailyResetAt: .noon.after(60_000), driftTokens: 0, fullAt: .noon.after(3_001),
            changes: [
                .completed(asked[0], items["P1"]), .completed(asked[1], nil),
                .completed(asked[2], items["P3"]),
            ])
        #expect(settlement == expected)
        #expect(next(settlement).called?.count == 5)
    }

    @Test("429 of the minute, with a hint: jobs back at the hint, the lane a second after it")
    func minuteWithHint() {
        let settlement = resolve(
            .rateLimited(.minute, hint: .seconds(30), message: "Not enough capacity"))
        let expected = Settlement(
            outcome: .rateLimited, chargedTokens: 0, httpStatus: 429, retryAt: .noon.after(31_000),
            fullAt: .noon.after(147_000), message: "Not enough capacity",
            changes: back(at: .noon.after(30_000)) { $0.snoozes += 1 })
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.rateLimited, until: .noon.after(31_000)))
    }

    @Test("429 of the minute, without a hint: the lane backs off, and its jobs with it")
    func minuteWithoutHint() {
        let settlement = resolve(.rateLimited(.minute, hint: nil, message: "slow down"))
        let expected = Settlement(
            outcome: .rateLimited, chargedTokens: 0, httpStatus: 429, retryAt: .noon.after(1_000),
            fullAt: .noon.after(117_000), message: "slow down",
            changes: back(at: .noon.after(1_000)) { $0.snoozes += 1 })
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.rateLimited, until: .noon.after(1_000)))
    }

    @Test("429 of the day: the pool is empty until the reset, and the jobs wait for it")
    func day() {
        let settlement = resolve(
            .rateLimited(.day, hint: .seconds(720 * 60), message: "Daily limit reached"))
        let expected = Settlement(
            outcome: .rateLimited, chargedTokens: 0, httpStatus: 429, dailyRemaining: 0,
            dailyResetAt: .midnight, retryAt: .midnight, fullAt: .noon,
            message: "Daily limit reached", changes: back(at: .midnight) { $0.snoozes += 1 })
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.rateLimited, until: .midnight))
    }

    @Test("400 for several: all back at once, none in a batch of more than half")
    func rejected() {
        let settlement = resolve(.rejected(status: 400, message: "Bad ASIN"))
        let expected = Settlement(
            outcome: .rejected, chargedTokens: 0, httpStatus: 400, fullAt: .noon,
            message: "Bad ASIN", changes: back { $0.batchLimit = 1 })
        #expect(settlement == expected)
        #expect(next(settlement).called?.count == 5)
    }

    @Test("400 for one: discarded with the server's message")
    func rejectedAlone() {
        let settlement = resolve(.rejected(status: 400, message: "Bad ASIN"), jobs(1))
        #expect(settlement.changes == [.discarded(jobs(1)[0], error: "Bad ASIN")])
        #expect(settlement.chargedTokens == 0)
        #expect(next(settlement).called?.count == 5)
    }

    @Test("401 and 403: jobs back with nothing counted, the lane halted", arguments: [401, 403])
    func unauthorized(status: Int) {
        let settlement = resolve(.unauthorized(status: status, message: "Invalid API key"))
        let expected = Settlement(
            outcome: .unauthorized, chargedTokens: 0, httpStatus: status, fullAt: .noon,
            message: "Invalid API key", changes: back())
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.halted, until: nil))
    }

    @Test(
        "a failure: charged as reserved, one more failure, jobs back 10 s behind the lane",
        arguments: [500, nil])
    func failed(status: Int?) {
        let settlement = resolve(.failed(status: status, message: "timeout"))
        let expected = Settlement(
            outcome: .failed, chargedTokens: 3, httpStatus: status, retryAt: .noon.after(1_000),
            fullAt: .noon.after(3_001), message: "timeout",
            changes: back(at: .noon.after(11_000)) {
                $0.failures = 2
                $0.batchLimit = 1
            })
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.backingOff, until: .noon.after(1_000)))
    }

    @Test("a failure that gives a time: no call before it, and at most a day")
    func failedWithHint() {
        let far = Timestamp.noon.after(86_400_000)
        for (hint, until) in [
            (Duration.seconds(90), Timestamp.noon.after(90_000)), (.seconds(9_000_000), far),
            (.milliseconds(5), .noon.after(1_000)),
        ] {
            let settlement = resolve(.failed(status: 503, hint: hint, message: "down"))
            #expect(settlement.retryAt == until)
            #expect(next(settlement) == .hold(.backingOff, until: until))
            #expect(settlement.changes.map(\.job.failures) == [2, 2, 2])
        }
    }

    @Test(
        "a gateway's refusal: nothing charged, no attempt used, the lane backs off",
        arguments: [401, 403, 404, 407, 511])
    func intercepted(status: Int) {
        let settlement = resolve(.intercepted(status: status, message: "Just a moment..."))
        let expected = Settlement(
            outcome: .failed, chargedTokens: 0, httpStatus: status, retryAt: .noon.after(1_000),
            fullAt: .noon, message: "Just a moment...",
            changes: back(at: .noon.after(6_000)) { $0.failures = 1 })
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.backingOff, until: .noon.after(1_000)))
        let told = resolve(.intercepted(status: status, hint: .seconds(77), message: "wait"))
        #expect(told.retryAt == .noon.after(77_000))
    }

    @Test("a call that never left: nothing charged, no attempt used, the lane backs off")
    func unsent() {
        let settlement = resolve(.unsent(.connectionRefused))
        let expected = Settlement(
            outcome: .unsent, chargedTokens: 0, retryAt: .noon.after(1_000), fullAt: .noon,
            message: "connection_refused",
            changes: back(at: .noon.after(6_000)) { $0.failures = 1 })
        #expect(settlement == expected)
        #expect(next(settlement) == .hold(.backingOff, until: .noon.after(1_000)))
    }

    @Test(
        "a lost call: charged as reserved, recorded once, the lane calls at once",
        arguments: [0, 1, 3])
    func expired(failures: Int) {
        let lost = jobs(3, failures: failures)
        let settlement = resolve(.expired, lost)
        let wait = [0: 5_000, 1: 5_000, 3: 20_000][failures]!
        let expected = Settlement(
            outcome: .expired, chargedTokens: 3, fullAt: .noon.after(59_300 + 3_001),
            message: "lease_expired",
            changes: back(lost, at: .noon.after(wait)) { $0.failures = max(1, failures) })
        #expect(settlement == expected)
        #expect(next(settlement).called?.count == 5)
    }
}
