import Planning
import TestSupport
import Testing

/// The properties of every settlement, over random moments and every outcome.
struct ResolvePropertyTests {
    private struct Resolved {
        var call: LedgerEntry
        var jobs: [Job]
        var now: Timestamp
        var settlement: Settlement
        var again: Settlement
        var comment: Comment
    }

    private static let outcomes: [CallOutcome] = [
        answer(jobs(5), left: 700, resetsIn: .seconds(60)), answer(jobs(100)),
        .rateLimited(.minute, hint: .seconds(36), message: "m"),
        .rateLimited(.minute, hint: nil, message: "m"),
        .rateLimited(.day, hint: .seconds(600), message: "m"),
        .rateLimited(.day, hint: nil, message: "m"), .rejected(status: 400, message: "m"),
        .unauthorized(status: 403, message: "m"), .failed(status: 500, message: "m"),
        .failed(status: nil, message: "m"), .expired,
    ]

    private func every(_ check: (Resolved) -> Void) {
        for seed in 1...150 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let moment = RandomMoment(seed: seed, isStanding: true)
            let endpoint = random.pick(RandomMoment.endpoints)
            let asked = jobs(
                random.pick([1, 2, 9, 100]), failures: random.below(7),
                batchLimit: random.pick([1, 12, 100]))
            let call = LedgerEntry.open(
                1_000, endpoint, endpoint.tariff.cost(of: asked.count), from: moment.now)
            let now = moment.now.after(random.below(30_000))
            func resolve(_ outcome: CallOutcome) -> Settlement {
                Planner.resolve(
                    outcome, of: call, jobs: asked, endpoint: endpoint, ledger: moment.ledger,
                    at: now)
            }
            for outcome in Self.outcomes {
                check(
                    Resolved(
                        call: call, jobs: asked, now: now, settlement: resolve(outcome),
                        again: resolve(outcome), comment: "seed \(seed), \(outcome)"))
            }
        }
    }

    @Test("the same arguments give the same settlement")
    func pure() {
        every { #expect($0.settlement == $0.again, $0.comment) }
    }

    @Test("every job of a call gets one change, in the order of the call")
    func oneChangeEach() {
        every { resolved in
            #expect(
                resolved.settlement.changes.map(\.job.id) == resolved.jobs.map(\.id),
                resolved.comment)
        }
    }

    @Test("no charge is above the reservation, and a refusal costs nothing")
    func charges() {
        every { resolved in
            let settlement = resolved.settlement
            let isSpent = [.succeeded, .failed, .expired].contains(settlement.outcome)
            #expect(
                settlement.chargedTokens == (isSpent ? resolved.call.reserved : 0),
                resolved.comment)
        }
    }

    @Test("counts never fall, limits never rise and never reach zero")
    func counts() {
        every { resolved in
            for (before, change) in zip(resolved.jobs, resolved.settlement.changes) {
                let after = change.job
                #expect((0...1).contains(after.failures - before.failures), resolved.comment)
                #expect((0...1).contains(after.snoozes - before.snoozes), resolved.comment)
                #expect(
                    after.batchLimit >= 1 && after.batchLimit <= before.batchLimit,
                    resolved.comment)
            }
        }
    }

    @Test("nothing is deferred into the past, nor further than a day and the longest back-off")
    func instants() {
        every { resolved in
            let range = resolved.now...(resolved.now + .day + .seconds(600))
            if let retryAt = resolved.settlement.retryAt {
                #expect(range.contains(retryAt), resolved.comment)
            }
            for case .available(_, let notBefore?) in resolved.settlement.changes {
                #expect(range.contains(notBefore), resolved.comment)
            }
            if let resetAt = resolved.settlement.dailyResetAt {
                #expect(range.contains(resetAt), resolved.comment)
            }
        }
    }

    @Test("only a bucket has an instant at which it is full, and a balance always has its reset")
    func pairs() {
        every { resolved in
            let settlement = resolved.settlement
            #expect(
                (settlement.fullAt != nil) == (resolved.call.endpoint == "images"),
                resolved.comment)
            #expect(
                (settlement.dailyRemaining == nil) == (settlement.dailyResetAt == nil),
                resolved.comment)
        }
    }
}
