internal import Planning
internal import Storage

/// What must hold where several hosts work on one database.
extension SafetyChecks {
    /// A call is settled as lost. The lease is that of the claim, whatever the ledger has by now. A clock that was
    /// set back moves leases with it.
    mutating func checkLease(_ callID: Int64, _ run: SimulatedRun) {
        guard run.server != nil, let until = leases[callID], run.now < until,
            !run.scenario.faults.contains(.clock)
        else { return }
        let left = (until - run.now).milliseconds
        found(
            .leases, "call \(callID) was settled as lost \(left) ms before its lease was over", run)
    }

    /// A request reaches the server while its daemon waits for the reply: no other host has settled it as lost.
    mutating func arrived(_ call: SimulatedCall, _ run: SimulatedRun) {
        guard run.server != nil, run.now >= call.leaseUntil,
            !run.scenario.faults.contains(.clock)
        else { return }
        found(.leases, "the request of call \(call.callID) arrived after its lease", run)
    }

    /// The reply of a call came after that. Items that were not requested may be among them, and some that the
    /// schema refuses.
    mutating func storedLate(
        _ products: Set<String>, of callID: Int64, at endpoint: Endpoint, _ run: SimulatedRun
    ) throws {
        guard lost.contains(callID), !endpoint.hasPages,
            !run.scenario.faults.contains(.unreadable),
            let call = run.calls.last(where: { $0.callID == callID })
        else { return }
        var missing = products.intersection(call.products)
        try run.outside.results(at: endpoint.name, products: missing.sorted()) {
            missing.remove($0.product)
        }
        if let first = missing.min() {
            found(.late, "call \(callID) is paid for, and \(first) has no result", run)
        }
    }
}
