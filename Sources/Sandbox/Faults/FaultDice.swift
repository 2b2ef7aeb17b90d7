/// One generator for each fault, all drawn once a call.
///
/// Every generator is drawn for every call, whether its fault is on or not: so switching one fault on or off
/// leaves the others striking the same calls as before.
struct FaultDice: Sendable {
    /// The random results for one call.
    struct Throw: Equatable {
        var latencyMilliseconds: Int64
        var errors: Bool
        /// Whether a server error looks like a gateway's page rather than the server's JSON.
        var errorIsPage: Bool
        var cut: Bool
        var truncate: Bool
        var html: Bool
        /// The ASIN to add unasked.
        var foreign: String?
        var hang: Bool
        /// Whether the server says that it has too many requests.
        var busy: Bool
        /// The error, in tokens, of the balance in the reply.
        var balanceErrorTokens: Int
    }

    private static let characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".map(String.init)

    private var latency: SplitMix64
    private var errors: SplitMix64
    private var errorShape: SplitMix64
    private var cut: SplitMix64
    private var truncate: SplitMix64
    private var html: SplitMix64
    private var foreign: SplitMix64
    private var foreignASIN: SplitMix64
    private var hang: SplitMix64
    private var balance: SplitMix64
    private var balanceError: SplitMix64
    private var busy: SplitMix64

    init(seed: UInt64) {
        latency = SplitMix64(seed: seed, stream: "latency")
        errors = SplitMix64(seed: seed, stream: "errors")
        errorShape = SplitMix64(seed: seed, stream: "error shape")
        cut = SplitMix64(seed: seed, stream: "cut")
        truncate = SplitMix64(seed: seed, stream: "truncate")
        html = SplitMix64(seed: seed, stream: "html")
        foreign = SplitMix64(seed: seed, stream: "foreign")
        foreignASIN = SplitMix64(seed: seed, stream: "foreign ASIN")
        hang = SplitMix64(seed: seed, stream: "hang")
        balance = SplitMix64(seed: seed, stream: "balance")
        balanceError = SplitMix64(seed: seed, stream: "balance error")
        busy = SplitMix64(seed: seed, stream: "busy")
    }

    mutating func roll(for faults: Faults) -> Throw {
        let range = faults.latencyMilliseconds
        let errorTokens = balanceError.below(1_001) - 500
        let stranger = "B0F" + (0..<7).map { _ in foreignASIN.pick(Self.characters) }.joined()
        return Throw(
            latencyMilliseconds: range.lowerBound
                + Int64(latency.below(Int(range.upperBound - range.lowerBound) + 1)),
            errors: errors.happens(faults.errors),
            errorIsPage: errorShape.happens(0.5),
            cut: cut.happens(faults.cut),
            truncate: truncate.happens(faults.truncate),
            html: html.happens(faults.html),
            foreign: foreign.happens(faults.foreign) ? stranger : nil,
            hang: hang.happens(faults.hang),
            busy: busy.happens(faults.busy),
            balanceErrorTokens: balance.happens(faults.balance) ? errorTokens : 0)
    }
}
