internal import Planning

/// The server of a small world as it treats one account: a level, a list and a counter, nothing of the
/// planner's.
struct ModelServer: Hashable {
    /// In 60,000ths of a token, so that each millisecond adds a whole number.
    private var bucketUnits: Int
    private var window: [Counted] = []
    private var poolTokens: Int
    private var ownPoolTokens: Int
    /// Until when calls are sent away because one came too fast.
    private(set) var blockedUntil: Timestamp?
    private var now: Timestamp

    private struct Counted: Hashable {
        var at: Timestamp
        var tokens: Int
    }

    /// What the server says to a request that it let in.
    enum Reply: Hashable {
        case answered(left: Int, resetsIn: Duration)
        case rejected
        case unauthorized
        /// Sent away for a time.
        case tooFast(Duration)
        case serverError
    }

    init(_ world: ModelWorld) {
        bucketUnits = world.bucketTokens * 60_000
        poolTokens = world.poolTokens
        ownPoolTokens = world.ownPoolTokens ?? .max
        now = world.start
    }

    mutating func turn(to instant: Timestamp, _ world: ModelWorld) {
        let passed = Int((instant - now).milliseconds) * ModelWorld.bucketTokensPerMinute
        bucketUnits = min(world.bucketTokens * 60_000, bucketUnits + passed)
        window.removeAll { $0.at + ModelWorld.windowPeriod <= instant }
        if now < ModelWorld.midnight, instant >= ModelWorld.midnight {
            poolTokens = world.poolTokens
            ownPoolTokens = world.ownPoolTokens ?? .max
        }
        now = instant
    }

    /// The limit that cannot pay for the products; nil if all can.
    func refusal(_ kind: Int, products: Int, _ world: ModelWorld) -> String? {
        let tokens = Self.tokens(kind, products: products, world)
        if tokens > poolTokens { return "pool: \(tokens) wanted, \(poolTokens) left" }
        if kind == 1, tokens > ownPoolTokens { return "own pool: nothing left" }
        if kind == 0, !world.isOneClient {
            return tokens * 60_000 > bucketUnits
                ? "bucket: \(tokens) wanted, \(bucketUnits / 60_000) left" : nil
        }
        let free = world.windowTokens - windowTotal
        return tokens > free ? "window: \(tokens) wanted, \(free) left" : nil
    }

    mutating func count(_ kind: Int, products: Int, _ world: ModelWorld) -> Reply {
        let tokens = Self.tokens(kind, products: products, world)
        poolTokens -= tokens
        if kind == 1, world.ownPoolTokens != nil { ownPoolTokens -= tokens }
        if kind == 0, !world.isOneClient {
            bucketUnits -= tokens * 60_000
        } else {
            window.append(Counted(at: now, tokens: tokens))
        }
        let reset = ModelWorld.midnight + (now < ModelWorld.midnight ? .zero : .day)
        let isOwn = kind == 1 && world.ownPoolTokens != nil
        return .answered(left: isOwn ? ownPoolTokens : poolTokens, resetsIn: reset - now)
    }

    /// Whether a call comes too fast: during a block, or because the window has no room, also for what
    /// another client has sent. Either way it is sent away for as long as the window is.
    mutating func isTooFast(_ world: ModelWorld) -> Reply? {
        guard world.isOneClient else { return nil }
        let isBlocked = blockedUntil.map { now < $0 } ?? false
        guard isBlocked || windowTotal >= world.windowTokens else { return nil }
        blockedUntil = now + ModelWorld.windowPeriod
        return .tooFast(ModelWorld.windowPeriod)
    }

    /// Another client's call, made when it is let in.
    mutating func countRival(_ world: ModelWorld) -> Bool {
        let isBlocked = blockedUntil.map { now < $0 } ?? false
        guard !isBlocked, windowTotal < world.windowTokens else { return false }
        window.append(Counted(at: now, tokens: 1))
        return true
    }

    /// The limit that is overdrawn by what was counted.
    func overdrawn(_ world: ModelWorld) -> ModelProperty? {
        if poolTokens < 0 || ownPoolTokens < 0 { return .poolKept }
        if bucketUnits < 0 { return .bucketKept }
        return windowTotal > world.windowTokens ? .windowKept : nil
    }

    /// Page, "Token Counting": one for each image, and barcodes by the step.
    static func tokens(_ kind: Int, products: Int, _ world: ModelWorld) -> Int {
        guard kind == 1 else { return products }
        var tokens = 0
        while tokens < products { tokens += world.windowStep }
        return tokens
    }

    private var windowTotal: Int { window.reduce(0) { $0 + $1.tokens } }
}
