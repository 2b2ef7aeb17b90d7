import Planning
import Simulation
import Synchronization

/// Mutations of what belongs to one account, or to one slot.
extension RunMutation {
    private static func mixing(
        _ name: String, caughtBy check: Check, faults: Set<FaultKind> = [],
        backlog: SimulatedBacklog, _ isMixed: @escaping @Sendable (LedgerEntry) -> Bool
    ) -> RunMutation {
        RunMutation(name: name, caughtBy: check, faults: faults, backlog: backlog, seeds: 1...5) {
            // What each account's lanes saw last.
            let ledgers = Mutex<[String: [LedgerEntry]]>([:])
            return .changed { rules in
                rules.decide = { snapshot, now in
                    let own = snapshot.endpoint.account
                    let others = ledgers.withLock { ledgers in
                        ledgers[own] = snapshot.ledger.entries
                        return ledgers.filter { $0.key != own }.values.joined().filter(isMixed)
                    }
                    var changed = snapshot
                    changed.ledger = Ledger(snapshot.ledger.entries + others)
                    return Planner.decide(changed, at: now)
                }
            }
        }
    }

    static let severals: [RunMutation] = [
        mixing(
            "counts another account's calls", caughtBy: .bound,
            backlog: SimulatedBacklog(barcodes: 3_000, accounts: 2)
        ) { $0.settledAt != nil },
        mixing(
            "halts all accounts where one is halted", caughtBy: .halts, faults: [.rejects],
            backlog: SimulatedBacklog(images: 300, barcodes: 300, figures: .trial, accounts: 2)
        ) { $0.isAlone },
        RunMutation(
            name: "forgets the open calls of other slots", caughtBy: .refusals,
            backlog: SimulatedBacklog(
                lookups: 240, plan: "pro", latencyMilliseconds: 200...400)
        ) {
            .changed { rules in
                rules.decide = { snapshot, now in
                    var changed = snapshot
                    changed.ledger.entries.removeAll {
                        $0.settledAt == nil && $0.slot != snapshot.slot
                    }
                    return Planner.decide(changed, at: now)
                }
            }
        },
    ]
}
