import Planning
import Simulation

extension Mutation {
    /// Mistakes about calls of several slots, and of several accounts.
    static let several = slots + accounts

    private static let slots: [Mutation] = [
        Mutation(
            "own open calls of another slot forgotten", in: "two slots", breaches: .notRefused
        ) {
            $0.see { snapshot in
                let slot = snapshot.slot
                snapshot.ledger.entries.removeAll { $0.settledAt == nil && $0.slot != slot }
            }
        },
        Mutation(
            "the same where a window counts", in: "two slots, a window and a pool",
            breaches: .notRefused
        ) {
            $0.see { snapshot in
                let (name, slot) = (snapshot.endpoint.name, snapshot.slot)
                snapshot.ledger.entries.removeAll {
                    $0.settledAt == nil && $0.endpoint == name && $0.slot != slot
                }
            }
        },
        Mutation("a bucket folded out of order", in: "two slots", breaches: .notRefused) {
            $0.see { snapshot in
                let last = snapshot.ledger.entries.filter { $0.fullAt != nil }.map(\.id).max()
                for index in snapshot.ledger.entries.indices
                where snapshot.ledger.entries[index].id != last {
                    snapshot.ledger.entries[index].fullAt = nil
                }
            }
        },
        Mutation("a slot that waits for another", in: "two slots", breaches: .ownCause) {
            $0.see { snapshot in
                for index in snapshot.ledger.entries.indices {
                    snapshot.ledger.entries[index].slot = snapshot.slot
                }
            }
        },
        Mutation(
            "a block that another slot met is forgotten", in: "two slots, another client",
            breaches: .blockKept
        ) {
            $0.see { snapshot in
                let slot = snapshot.slot
                snapshot.ledger.entries.removeAll {
                    $0.outcome == .rateLimited && $0.slot != slot
                }
            }
        },
    ]

    private static let accounts: [Mutation] = [
        Mutation("another account's calls counted", in: "two accounts", breaches: .ownCause) {
            $0.isSeen = { _, _ in true }
        },
        Mutation(
            "a halt that stops every account", in: "two accounts, one key refused",
            breaches: .ownCause
        ) { $0.isSeen = { $0.account == $1.account || $0.outcome == .unauthorized } },
        Mutation(
            "a refused key that halts nothing", in: "two accounts, one key refused",
            breaches: .refusedKeyHalts
        ) {
            $0.see { snapshot in
                snapshot.ledger.entries.removeAll { $0.outcome == .unauthorized }
            }
        },
        Mutation(
            "a block that stops every account", in: "two accounts, another client",
            breaches: .ownCause
        ) { $0.isSeen = { $0.account == $1.account || $0.outcome == .rateLimited } },
        Mutation(
            "one connection for all accounts", in: "two accounts, another client",
            breaches: .ownCause
        ) { $0.isSeen = { $0.account == $1.account || $0.settledAt == nil } },
        Mutation("another account's job taken", in: "two accounts", breaches: .ownJobs) {
            $0.jobAccounts = { _ in [nil, "first", "second"] }
        },
    ]
}
