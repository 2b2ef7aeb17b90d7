internal import Planning
internal import Sandbox
internal import Storage
internal import Synchronization

/// A claim that a host makes in the middle of another host's transaction. With the lock of the account it waits
/// for the end of that, so the result is that of one after the other.
final class Overlap: Sendable {
    typealias Claimed = Result<Decision<OpenCall>, any Error>

    let address: LaneAddress
    private let claim: SimulatedClaim
    /// Whether the other transaction has written everything by then; otherwise it has read.
    let isBeforeCommit: Bool
    private let result = Mutex<Claimed?>(nil)
    /// Waits for the end of the claim.
    private let waiting = Mutex<(@Sendable () -> Void)?>(nil)

    init(_ address: LaneAddress, _ claim: SimulatedClaim, isBeforeCommit: Bool) {
        self.address = address
        self.claim = claim
        self.isBeforeCommit = isBeforeCommit
    }

    var hasBegun: Bool { waiting.withLock { $0 != nil } }

    func begin(_ server: SimulatedServer) {
        guard !hasBegun else { return }
        let wait = server.overlap {
            let claimed = Result { try self.claim.run() }
            self.result.withLock { $0 = claimed }
        }
        waiting.withLock { $0 = wait }
    }

    /// After the other transaction.
    func end() -> Claimed {
        guard let wait = waiting.withLock(\.self) else {
            // It ended before its middle.
            return Result { try claim.run() }
        }
        wait()
        return result.withLock { $0! }
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
        guard !fallsInside, daemons[other].isAlive, daemons[other].host?.mode == .leading,
            !isFrozen(other), !isCut(other)
        else { return nil }
        let idle = addresses(of: other).compactMap { address in
            var machine = self[address].machine
            let action = rules.handle(&machine, .woken, now(of: other))
            return action == .claim ? (address: address, machine: machine) : nil
        }
        guard !idle.isEmpty else { return nil }
        let (chosen, machine) = overlapDice.pick(idle)
        self[chosen].machine = machine
        isOverlapping = true
        let isBeforeCommit = overlapDice.happens(0.5)
        return Overlap(chosen, claiming(chosen), isBeforeCommit: isBeforeCommit)
    }

    /// A transaction has read and decided.
    func begin(_ overlap: Overlap?) {
        guard let server, let overlap else { return }
        if overlap.isBeforeCommit {
            gate.setMeanwhile { overlap.begin(server) }
        } else {
            overlap.begin(server)
        }
    }

    /// After the transaction: the other host's ends as well.
    func end(_ overlap: Overlap?) throws {
        guard let overlap else { return }
        gate.setMeanwhile(nil)
        isOverlapping = false
        note("overlap \(overlap.address.endpoint) \(overlap.hasBegun) \(overlap.isBeforeCommit)")
        let claimed = overlap.end()
        guard isCurrent(overlap.address) else { return }
        try end(claimed, overlap.address)
    }
}
