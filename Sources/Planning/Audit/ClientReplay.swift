/// What an audit keeps for a provider that limits an account as one client: the windows that count the calls
/// at all of its endpoints, the last call in progress, and the block that the last refusal caused.
struct ClientReplay {
    private let limits: AccountLimits
    private var window: WindowReplay
    private var last: LedgerEntry?
    private var blocks: [LedgerEntry] = []

    /// How long after its instant the settlement of another lane may have been written: the store was
    /// locked, or another lane was first.
    static let settlementDelay = Duration.seconds(5)

    init(_ limits: AccountLimits) {
        self.limits = limits
        window = WindowReplay(limits.everyEndpoint.flatMap(\.sharedWindows))
    }

    mutating func forget() {
        self = ClientReplay(limits)
    }

    mutating func start(_ call: LedgerEntry, at endpoint: Endpoint) -> [EndpointReplay.Breach] {
        var breaches: [EndpointReplay.Breach] = []
        for shared in endpoint.sharedWindows {
            let breach = window.breach(
                call, shared, callsInFlight: endpoint.clientPolicy.callsInFlight)
            if let breach { breaches.append(breach) }
        }
        let policy = endpoint.clientPolicy
        // The endpoint's own replay covers its calls.
        if policy.isOneConnection, let last, last.endpoint != call.endpoint,
            last.settledAt.map({ $0 > call.startedAt }) ?? true
        {
            breaches.append(
                (.overlappingCalls, "started before call \(last.id) at \(last.endpoint) was over"))
        }
        // If one connection is allowed, nothing starts before the last settlement is written.
        let delay = policy.isOneConnection ? Duration.zero : Self.settlementDelay
        let block = blocks.filter { block in
            block.endpoint != call.endpoint && block.retryAt! > call.startedAt
                && block.settledAt! + delay <= call.startedAt
        }.max { $0.retryAt! < $1.retryAt! }
        if policy.sharesBlocks, let block {
            let early = (block.retryAt! - call.startedAt).milliseconds
            breaches.append(
                (.beforeRetry, "started \(early) ms before call \(block.id) allowed to come back"))
        }
        return breaches
    }

    mutating func finish(_ call: LedgerEntry) {
        last = call
        window.add(call)
        blocks.removeAll { $0.retryAt! <= call.startedAt }
        if call.outcome == .rateLimited, call.dailyRemaining == nil, call.retryAt != nil {
            blocks.append(call)
        }
    }
}

extension Endpoint {
    fileprivate var sharedWindows: [SlidingWindow] {
        limits.compactMap { limit in
            guard case .slidingWindow(let window) = limit, window.isShared else { return nil }
            return window
        }
    }
}
