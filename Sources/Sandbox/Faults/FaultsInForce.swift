/// The current faults of a server, with the generators that decide which calls they strike.
struct FaultsInForce: Sendable {
    /// Setting them makes a `huge` body due again.
    var faults: Faults {
        didSet { hugeIsDue = faults.huge }
    }

    private var dice: FaultDice
    private var hugeIsDue: Bool

    init(_ faults: Faults, seed: UInt64) {
        self.faults = faults
        dice = FaultDice(seed: seed)
        hugeIsDue = faults.huge
    }

    mutating func roll() -> FaultDice.Throw {
        dice.roll(for: faults)
    }

    /// Applies the faults of delivery to a 200 that has been charged.
    mutating func deliver(_ whole: SandboxReply, _ chance: FaultDice.Throw) -> SandboxReply {
        var reply = whole
        if chance.hang {
            reply.delivery = .never
        } else if chance.cut {
            reply.delivery = .cut
        } else if hugeIsDue {
            hugeIsDue = false
            reply.body += Array(repeating: UInt8(ascii: " "), count: 100_000_000)
        } else if chance.truncate {
            reply.body.removeLast(reply.body.count - reply.body.count / 2)
        }
        return reply
    }
}
