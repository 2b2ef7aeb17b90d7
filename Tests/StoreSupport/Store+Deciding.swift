package import Planning
package import Storage

/// For tests, whose time is the one that they pass.
extension Store {
    package func claim(
        _ endpoint: Endpoint, slot: Int = 0, among endpoints: [Endpoint], at now: Timestamp,
        decide: (Snapshot) throws -> Decision<CallPlan>
    ) throws -> Decision<OpenCall> {
        try claim(endpoint, slot: slot, among: endpoints, at: now) { snapshot, _ in
            try decide(snapshot)
        }
    }

    package func settle(
        _ callID: Int64, at endpoint: Endpoint, among endpoints: [Endpoint], now: Timestamp,
        refused: (String) -> Void = { _ in },
        resolve: (LedgerEntry, [Job], Ledger) -> Settlement
    ) throws -> Settlement? {
        try settle(callID, at: endpoint, among: endpoints, now: now, refused: refused) {
            call, jobs, ledger, _ in resolve(call, jobs, ledger)
        }
    }

    package func recover(
        _ endpoints: [Endpoint], now: Timestamp,
        expire: (LedgerEntry, Endpoint, [Job], Ledger) -> Settlement
    ) throws -> Recovered {
        try recover(endpoints, now: now) { call, endpoint, jobs, ledger, _ in
            expire(call, endpoint, jobs, ledger)
        }
    }

    package func settleLost(
        at endpoints: [Endpoint], now: Timestamp,
        expire: (LedgerEntry, Endpoint, [Job], Ledger) -> Settlement
    ) throws -> [LedgerEntry] {
        try settleLost(at: endpoints, now: now) { call, endpoint, jobs, ledger, _ in
            expire(call, endpoint, jobs, ledger)
        }
    }
}
