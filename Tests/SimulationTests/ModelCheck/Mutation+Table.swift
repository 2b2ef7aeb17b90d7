import Planning
import Simulation

extension Mutation {
    /// Mistakes about the limits: the server refuses a call.
    static let refused: [Mutation] = [
        Mutation("a window that counts from the start", in: "limits", breaches: .notRefused) {
            $0.see(each: { entry in
                if entry.settledAt != nil { entry.settledAt = entry.startedAt }
            })
        },
        Mutation("a bucket that fills from the start", in: "limits", breaches: .notRefused) {
            $0.resolve = { outcome, call, jobs, endpoint, ledger, now in
                var settlement = Planner.resolve(
                    outcome, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
                settlement.fullAt = settlement.fullAt.map { $0 - (now - call.startedAt) }
                return settlement
            }
        },
        Mutation("a planner that is early by a tick", in: "limits", breaches: .notRefused) {
            $0.decide = { snapshot, now in
                Planner.decide(snapshot, at: now + .milliseconds(10_001))
            }
        },
        Mutation("the other lane's open call forgotten", in: "pool", breaches: .notRefused) {
            $0.see { snapshot in
                let name = snapshot.endpoint.name
                snapshot.ledger.entries.removeAll { $0.settledAt == nil && $0.endpoint != name }
            }
        },
        Mutation("a lost reply held to cost nothing", in: "lost replies", breaches: .notRefused) {
            $0.settle { if $0.outcome == .failed { $0.chargedTokens = 0 } }
        },
        Mutation(
            "calls of one millisecond held to follow each other", in: "pool", breaches: .notRefused
        ) {
            $0.see(each: { entry in
                if let settledAt = entry.settledAt, settledAt > entry.startedAt {
                    entry.settledAt = settledAt - .milliseconds(1)
                }
            })
        },
        Mutation("a lost call counted from its settlement", in: "killed", breaches: .notRefused) {
            $0.see(each: { entry in
                if entry.outcome == .expired { entry.leaseUntil = entry.settledAt! }
            })
        },
        Mutation("a lost call's bucket filled from there", in: "killed", breaches: .notRefused) {
            $0.resolve = { outcome, call, jobs, endpoint, ledger, now in
                var call = call
                if outcome.outcome == .expired { call.leaseUntil = now }
                return Planner.resolve(
                    outcome, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
            }
        },
    ]

    /// The same against a server that counts what it should refuse.
    static let overdrawn: [Mutation] = [
        Mutation("the bucket ignored", in: "limits", breaches: .bucketKept) {
            $0.serverRefuses = false
            $0.see(each: { $0.fullAt = nil })
        },
        Mutation("the window ignored", in: "limits", breaches: .windowKept) {
            $0.serverRefuses = false
            $0.see { snapshot in
                if snapshot.endpoint.name == "barcodes" { snapshot.endpoint.limits = [] }
            }
        },
        Mutation("the pool ignored", in: "pool", breaches: .poolKept) {
            $0.serverRefuses = false
            $0.see { snapshot in
                snapshot.endpoint.pools[0].allowanceTokens = 1_000
                for index in snapshot.ledger.entries.indices {
                    snapshot.ledger.entries[index].dailyRemaining = nil
                }
            }
        },
    ]

    /// Mistakes about jobs and entries.
    static let books: [Mutation] = [
        Mutation("the lane's own open call forgotten", in: "limits", breaches: .inOneCall) {
            $0.see { snapshot in
                snapshot.ledger.entries.removeAll { $0.settledAt == nil }
            }
        },
        Mutation("a job taken twice", in: "limits", breaches: .inOneCall) {
            $0.decide = { snapshot, now in
                guard case .call(var plan) = Planner.decide(snapshot, at: now) else {
                    return .hold(.idle, until: nil)
                }
                plan.jobs = [plan.jobs[0], plan.jobs[0]]
                return .call(plan)
            }
        },
        Mutation("an open call's jobs left behind", in: "lost replies", breaches: .noneLost) {
            $0.settle { if $0.outcome == .failed { $0.changes.removeAll() } }
        },
        Mutation("an open call given up while it is made", in: "limits", breaches: .noneLost) {
            $0.decide = { snapshot, now in
                let open = snapshot.ledger.open(at: snapshot.endpoint.name)
                return open.map { .expire(callID: $0.id) } ?? Planner.decide(snapshot, at: now)
            }
        },
        Mutation("an answered job put back", in: "limits", breaches: .notAskedAgain) {
            $0.settle { settlement in
                guard settlement.outcome == .succeeded else { return }
                settlement.changes = settlement.changes.map {
                    .available($0.job, notBefore: nil)
                }
            }
        },
        Mutation(
            "an absent item taken for no answer", in: "poison and absent",
            breaches: .notAskedAgain
        ) {
            $0.settle { settlement in
                settlement.changes = settlement.changes.map { change in
                    guard case .completed(let job, nil) = change else { return change }
                    return .available(job, notBefore: nil)
                }
            }
        },
        Mutation("a guard that lets all settle", in: "killed, but not dead", breaches: .settledOnce)
        { $0.maySettle = { _ in true } },
        Mutation("a tariff without rounding", in: "steps of two", breaches: .chargedAlike) {
            $0.decide = { snapshot, now in
                guard case .call(var plan) = Planner.decide(snapshot, at: now) else {
                    return .hold(.idle, until: nil)
                }
                plan.reservedTokens = plan.jobs.count
                return .call(plan)
            }
        },
        Mutation("a refusal charged for", in: "poison and absent", breaches: .chargedAlike) {
            $0.settle { if $0.outcome == .rejected { $0.chargedTokens = 1 } }
        },
        Mutation(
            "a product given up though the lane halts", in: "everything rejected",
            breaches: .rejectionsHalt
        ) {
            $0.settle { settlement in
                guard settlement.outcome == .rejected, settlement.changes.count == 1 else { return }
                settlement.changes = settlement.changes.map { .discarded($0.job, error: "400") }
            }
        },
        Mutation(
            "dead letters left behind by a halt", in: "everything rejected",
            breaches: .rejectionsHalt
        ) { $0.settle { $0.revivedCalls = [] } },
        Mutation(
            "a lane that rejections do not halt", in: "everything rejected",
            breaches: .rejectionsHalt
        ) { $0.see(each: { $0.isAlone = false }) },
        Mutation("an outage held against jobs", in: "server errors", breaches: .onlyPoisonDiscarded)
        {
            $0.settle { settlement in
                guard settlement.outcome == .failed else { return }
                settlement.changes = settlement.changes.map { .discarded($0.job, error: "500") }
            }
        },
        Mutation(
            "a batch discarded for one", in: "poison and absent", breaches: .onlyPoisonDiscarded
        ) {
            $0.settle { settlement in
                guard settlement.outcome == .rejected else { return }
                settlement.changes = settlement.changes.map { .discarded($0.job, error: "400") }
            }
        },
    ]
}
