internal import Planning
internal import Sandbox
internal import Storage
internal import Synchronization

/// A claim that a host makes in the middle of another host's transaction. With the lock of the account it waits
/// for the end of that, so the result is that of one after the other.
struct Overlap {
    var address: LaneAddress
    var claim: SimulatedClaim
    /// Waits for its end; nil: it was not begun.
    var wait: (() -> Void)?
    let result = Latest()

    final class Latest: Sendable {
        let value = Mutex<Result<Decision<OpenCall>, any Error>?>(nil)
    }
}

extension SimulatedRun {
    /// A lane of the other host that has time for a claim now, if the dice want one.
    func nextOverlap(with address: LaneAddress) -> Overlap? {
        guard let hosts = scenario.hosts, !isOverlapping,
            overlapDice.happens(hosts.overlapShare)
        else { return nil }
        let other = 1 - address.daemon
        let fallsInside = daemons.contains { daemon in
            [.insideClaim, .insideSettle].contains(daemon.pendingKill?.point)
        }
        guard !fallsInside, daemons[other].isAlive, daemons[other].host?.mode == .leading, !isFrozen(other),
            !isCut(other)
        else { return nil }
        var idle: [LaneAddress] = []
        for address in addresses(of: other) {
            var machine = self[address].machine
            if rules.handle(&machine, .woken, now(of: other)) == .claim { idle.append(address) }
        }
        guard !idle.isEmpty else { return nil }
        let chosen = overlapDice.pick(idle)
        var machine = self[chosen].machine
        _ = rules.handle(&machine, .woken, now(of: other))
        self[chosen].machine = machine
        isOverlapping = true
        return Overlap(address: chosen, claim: claiming(chosen))
    }

    /// In the middle of a transaction: the other host's begins.
    func begin(_ overlap: inout Overlap?) {
        guard let server, let chosen = overlap, chosen.wait == nil else { return }
        let (claim, result) = (chosen.claim, chosen.result)
        overlap?.wait = server.overlap {
            let claimed = Result { try claim.run() }
            result.value.withLock { $0 = claimed }
        }
    }

    /// After the transaction: the other host's ends as well.
    func end(_ overlap: Overlap?) throws {
        guard let overlap else { return }
        isOverlapping = false
        note("overlap \(overlap.address.endpoint) \(overlap.wait != nil)")
        let claimed: Result<Decision<OpenCall>, any Error>
        if let wait = overlap.wait {
            wait()
            claimed = overlap.result.value.withLock { $0! }
        } else {
            // The transaction ended before its middle.
            claimed = Result { try overlap.claim.run() }
        }
        guard isCurrent(overlap.address) else { return }
        try end(claimed, overlap.address)
    }
}
