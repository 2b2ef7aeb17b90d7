import Planning
import Providers
import Simulation

/// Mutations of what a call's end means.
extension RunMutation {
    /// Everything that the planner learns about a call's end.
    private struct Ending {
        var dated: DatedOutcome
        var call: LedgerEntry
        var jobs: [Job]
        var endpoint: Endpoint
        var ledger: Ledger
        var now: Timestamp

        var outcome: CallOutcome { dated.outcome }

        var settlement: Settlement {
            Planner.resolve(
                dated, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
        }
    }

    private static func resolving(
        _ name: String, caughtBy check: Check, faults: Set<FaultKind> = [],
        backlog: SimulatedBacklog? = nil,
        seeds: ClosedRange<UInt64> = 1...5, _ change: @escaping @Sendable (Ending) -> Settlement
    ) -> RunMutation {
        RunMutation(name: name, caughtBy: check, faults: faults, backlog: backlog, seeds: seeds) {
            .changed {
                $0.resolve = {
                    change(
                        Ending(
                            dated: $0, call: $1, jobs: $2, endpoint: $3, ledger: $4, now: $5))
                }
            }
        }
    }

    /// One that sends jobs elsewhere.
    private static func sending(
        _ name: String, caughtBy check: Check, faults: Set<FaultKind>,
        backlog: SimulatedBacklog = some,
        _ change: @escaping @Sendable (JobChange, Ending) -> JobChange
    ) -> RunMutation {
        resolving(name, caughtBy: check, faults: faults, backlog: backlog) { ending in
            var settlement = ending.settlement
            settlement.changes = settlement.changes.map { change($0, ending) }
            return settlement
        }
    }

    private static let some = SimulatedBacklog(images: 300, barcodes: 300, figures: .trial)

    static let resolvings: [RunMutation] = [
        sending(
            "forgets a page that has come", caughtBy: .doneTwice, faults: [],
            backlog: SimulatedBacklog(searches: 5, plan: "dev")
        ) { change, ending in
            guard case .continued(let job, _) = change else { return change }
            return .available(ending.jobs.first { $0.id == job.id } ?? job, notBefore: nil)
        },
        resolving("forgets the lookups that barcodes lead to", caughtBy: .lost, seeds: 6...14) {
            var settlement = $0.settlement
            settlement.followUps = []
            return settlement
        },
        resolving(
            "counts a bucket from the start", caughtBy: .refusals,
            backlog: SimulatedBacklog(images: 2_000, barcodes: 0)
        ) { ending in
            var early = ending
            early.now = ending.call.startedAt - .seconds(1)
            var settlement = ending.settlement
            settlement.fullAt = early.settlement.fullAt
            return settlement
        },
        resolving(
            "charges nothing for a reply that was lost", caughtBy: .refusals, faults: [.lost],
            backlog: SimulatedBacklog(images: 0, barcodes: 1_000, figures: .trial)
        ) { ending in
            var settlement = ending.settlement
            if settlement.outcome == .failed { settlement.chargedTokens = 0 }
            return settlement
        },
        resolving(
            "gives up a job for a refusal", caughtBy: .discards, faults: [.rival],
            backlog: .overSmallPool, seeds: 1...10
        ) { ending in
            var settlement = ending.settlement
            guard settlement.outcome == .rateLimited else { return settlement }
            settlement.changes = ending.jobs.map { .discarded($0, error: "refused") }
            return settlement
        },
        resolving(
            "takes the minutes of a daily hint for seconds", caughtBy: .early,
            faults: [.rival],
            backlog: .overSmallPool, seeds: 1...10
        ) { ending in
            guard case .rateLimited(.day, let hint?, _, let message) = ending.outcome else {
                return ending.settlement
            }
            var misread = ending
            let seconds = Duration.milliseconds(hint.milliseconds / 60)
            misread.dated.outcome = .rateLimited(.minute, hint: seconds, message: message)
            return misread.settlement
        },
        resolving(
            "learns nothing of the bucket from a refusal", caughtBy: .refusalsEnd,
            faults: [.clock],
            backlog: SimulatedBacklog(images: 9_500, barcodes: 0, figures: .tenth),
            seeds: 1...3
        ) { ending in
            var settlement = ending.settlement
            if settlement.outcome == .rateLimited {
                settlement.fullAt = ending.ledger.fullAt(at: ending.endpoint.name)
            }
            return settlement
        },
        sending(
            "gives up a job for an outage", caughtBy: .discards, faults: [.outage],
            backlog: SimulatedBacklog(images: 3_000, barcodes: 0, figures: .tenth)
        ) { change, ending in
            guard [.failed, .unsent].contains(ending.settlement.outcome) else { return change }
            return .discarded(change.job, error: "failed")
        },
        sending("never gives a job up", caughtBy: .poison, faults: [.poison]) { change, ending in
            guard case .discarded(let job, _) = change else { return change }
            return .available(job, notBefore: ending.now + .seconds(600))
        },
        sending(
            "gives up the whole of a batch that is refused as bad", caughtBy: .discards,
            faults: [.poison]
        ) { change, ending in
            guard case .rejected = ending.outcome else { return change }
            return .discarded(change.job, error: "bad request")
        },
        resolving(
            "gives up what is rejected while nothing else is answered", caughtBy: .halts,
            faults: [.rejects], backlog: some, seeds: 1...10
        ) { ending in
            var settlement = ending.settlement
            guard case .rejected(_, let message) = ending.outcome, ending.jobs.count == 1 else {
                return settlement
            }
            settlement.changes = ending.jobs.map { .discarded($0, error: message) }
            settlement.revivedCalls = []
            return settlement
        },
        resolving(
            "never gives up a product that fails alone", caughtBy: .poison, faults: [.poison],
            backlog: some, seeds: 11...16
        ) { ending in
            var fed = ending
            fed.ledger.loneFailures = nil
            return fed.settlement
        },
        sending(
            "asks again for what the reply leaves out", caughtBy: .drains, faults: [.absent]
        ) { change, ending in
            guard case .completed(let job, nil) = change else { return change }
            return .available(job, notBefore: ending.now + .seconds(600))
        },
    ]
}
