import Planning
import Providers
import Simulation
import Synchronization

/// Mutations of what a lane decides: the snapshot is shown to the planner otherwise than it is.
extension RunMutation {
    private static func deciding(
        _ name: String, caughtBy check: Check, faults: Set<FaultKind> = [],
        backlog: SimulatedBacklog? = nil,
        seeds: ClosedRange<UInt64> = 1...3, _ change: @escaping @Sendable (inout Snapshot) -> Void
    ) -> RunMutation {
        RunMutation(name: name, caughtBy: check, faults: faults, backlog: backlog, seeds: seeds) {
            .changed { rules in
                rules.decide = { snapshot, now in
                    var changed = snapshot
                    change(&changed)
                    return Planner.decide(changed, at: now)
                }
            }
        }
    }

    private static let barcodes = SimulatedBacklog(images: 0, barcodes: 2_500)
    /// Calls that overlap, in a window no longer than a few of them.
    private static let inFlight = SimulatedBacklog(
        lookups: 240, plan: "pro", latencyMilliseconds: 200...400)
    /// More than a day's pool of a thousand.
    private static let overPool = SimulatedBacklog(images: 700, barcodes: 700, figures: .trial)

    static let decidings: [RunMutation] = [
        deciding(
            "calls while another endpoint of the same client does", caughtBy: .manners,
            backlog: SimulatedBacklog(lookups: 30, searches: 6, plan: "free")
        ) {
            $0.endpoint.clientPolicy.isOneConnection = false
            // FREE's ten seconds between calls would keep them apart as well.
            $0.endpoint.limits.removeAll { limit in
                if case .slidingWindow(let window) = limit { window.isShared } else { false }
            }
        },
        deciding(
            "forgets the block that another endpoint brought about", caughtBy: .early,
            faults: [.rival], seeds: 10...18
        ) { snapshot in
            guard snapshot.endpoint.clientPolicy.sharesBlocks else { return }
            snapshot.ledger.entries.removeAll {
                $0.outcome == .rateLimited && $0.endpoint != snapshot.endpoint.name
            }
        },
        deciding("counts a window from the start", caughtBy: .refusals, backlog: barcodes) {
            for index in $0.ledger.entries.indices where $0.ledger.entries[index].settledAt != nil {
                $0.ledger.entries[index].settledAt = $0.ledger.entries[index].startedAt
            }
        },
        deciding("forgets a window a second early", caughtBy: .refusals, backlog: barcodes) {
            $0.endpoint.limits = $0.endpoint.limits.map { limit in
                guard case .slidingWindow(var window) = limit else { return limit }
                window.period = .seconds(59)
                return .slidingWindow(window)
            }
        },
        deciding(
            "counts a call in flight from when it left, whatever its way", caughtBy: .refusals,
            backlog: inFlight
        ) {
            for index in $0.ledger.entries.indices {
                let entry = $0.ledger.entries[index]
                $0.ledger.entries[index].startedAt = entry.startedAt.after(-50)
                $0.ledger.entries[index].sentAt = entry.sentAt?.after(-50)
                $0.ledger.entries[index].settledAt = entry.settledAt?.after(-50)
            }
        },
        deciding(
            "counts a call in flight from its start, however late it left", caughtBy: .refusals,
            backlog: inFlight
        ) {
            for index in $0.ledger.entries.indices where $0.ledger.entries[index].sentAt != nil {
                $0.ledger.entries[index].sentAt = $0.ledger.entries[index].startedAt
            }
        },
        deciding(
            "counts a call whose request was lost as one that arrived at once", caughtBy: .refusals,
            backlog: inFlight
        ) {
            for index in $0.ledger.entries.indices {
                guard let sentAt = $0.ledger.entries[index].sentAt else { continue }
                $0.ledger.entries[index].settledAt = sentAt.after(60)
            }
        },
        deciding("has no limit but the pool", caughtBy: .limits, backlog: barcodes) {
            $0.endpoint.limits = []
        },
        deciding("ignores the pool", caughtBy: .refusals, backlog: overPool) {
            $0.endpoint.pools = [DailyPool(allowanceTokens: 1_000_000)]
            for index in $0.ledger.entries.indices { $0.ledger.entries[index].dailyRemaining = nil }
        },
        deciding(
            "ignores the rounding to tens", caughtBy: .charges,
            backlog: SimulatedBacklog(
                images: 0, barcodes: 503)
        ) { $0.endpoint.tariff = .perProduct },
        deciding(
            "forgets what the other lane has reserved", caughtBy: .refusals, faults: [.latency],
            backlog: overPool, seeds: 1...10
        ) { snapshot in
            snapshot.ledger.entries.removeAll {
                $0.settledAt == nil && $0.endpoint != snapshot.endpoint.name
            }
        },
        deciding(
            "keeps nothing of the pool for the slower endpoint", caughtBy: .bound,
            backlog: SimulatedBacklog(images: 4_000, barcodes: 13_000, figures: .tenth),
            seeds: 1...1
        ) { $0.peers = [] },
        deciding(
            "comes back at once after a refusal", caughtBy: .early, faults: [.rival],
            backlog: .overSmallPool, seeds: 1...10
        ) {
            for index in $0.ledger.entries.indices { $0.ledger.entries[index].retryAt = nil }
            $0.ledger.entries.removeAll { $0.outcome == .rateLimited }
        },
        deciding(
            "goes by place and priority among jobs that failed", caughtBy: .drains,
            faults: [.poison, .lost],
            backlog: SimulatedBacklog(images: 300, barcodes: 300, figures: .trial),
            seeds: 1...20
        ) {
            for index in $0.ready.indices { $0.ready[index].lastCallID = nil }
        },
        deciding(
            "halts two rejections late", caughtBy: .halts, faults: [.rejects],
            backlog: SimulatedBacklog(images: 300, barcodes: 300, figures: .trial)
        ) { snapshot in
            let alone = snapshot.ledger.rejectedAlone(
                at: snapshot.endpoint.name, after: snapshot.resumedAfter)
            guard alone.count < Planner.rejectionsMax + 2 else { return }
            for index in snapshot.ledger.entries.indices {
                snapshot.ledger.entries[index].isAlone = false
            }
        },
        RunMutation(
            name: "forgets to clamp what lies ahead of a clock that was set back",
            caughtBy: .drains, faults: [.clock], backlog: overPool, seeds: 1...20
        ) {
            let latest = Mutex(Timestamp(milliseconds: 0))
            return .changed { rules in
                rules.claimInstant = { now in
                    latest.withLock { seen in
                        seen = max(seen, now)
                        return seen
                    }
                }
            }
        },
        RunMutation(
            name: "never settles a call that was lost", caughtBy: .drains, faults: [.kill],
            seeds: 1...5
        ) {
            .changed { rules in
                rules.recovers = false
                rules.decide = { snapshot, now in
                    let decision = Planner.decide(snapshot, at: now)
                    guard case .expire = decision else { return decision }
                    return .hold(.calling, until: nil)
                }
            }
        },
    ]
}

extension Timestamp {
    fileprivate func after(_ milliseconds: Int) -> Timestamp { self + .milliseconds(milliseconds) }
}
