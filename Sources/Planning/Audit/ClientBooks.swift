/// What an audit keeps where a provider sees one client: the windows that count the calls at all of its
/// endpoints, the call that was under way last, and the block that the last one brought about.
struct ClientBooks {
    private let isOneClient: Bool
    /// Endpoints may have such a window of different lengths.
    private let sharedWindows: [(endpoint: String, window: SlidingWindow)]
    private var windows: [WindowBooks] = []
    private var last: LedgerEntry?
    private var block: LedgerEntry?

    init(_ endpoints: [Endpoint]) {
        isOneClient = endpoints.contains(where: \.clientPolicy.isOneConnection)
        sharedWindows = endpoints.flatMap { endpoint in
            endpoint.limits.compactMap { limit in
                guard case .slidingWindow(let window) = limit, window.isShared else { return nil }
                return (endpoint.name, window)
            }
        }
        forget()
    }

    mutating func forget() {
        windows = sharedWindows.map { WindowBooks($0.window) }
        last = nil
        block = nil
    }

    mutating func start(_ call: LedgerEntry) -> [LaneBooks.Breach] {
        var breaches: [LaneBooks.Breach] = []
        for index in windows.indices where sharedWindows[index].endpoint == call.endpoint {
            if let breach = windows[index].breach(call) { breaches.append(breach) }
        }
        guard isOneClient else { return breaches }
        // Of the same endpoint, the lane's own books tell.
        if let last, last.endpoint != call.endpoint,
            last.settledAt.map({ $0 > call.startedAt }) ?? true
        {
            breaches.append(
                (.overlappingCalls, "started before call \(last.id) at \(last.endpoint) was over"))
        }
        if let block, block.endpoint != call.endpoint, block.retryAt! > call.startedAt {
            let early = (block.retryAt! - call.startedAt).milliseconds
            breaches.append(
                (.beforeRetry, "started \(early) ms before call \(block.id) allowed to come back"))
        }
        return breaches
    }

    mutating func finish(_ call: LedgerEntry) {
        last = call
        guard let countedBy = call.countedBy else { return }
        for index in windows.indices { windows[index].add(call.spent, countedBy: countedBy) }
        if call.outcome == .rateLimited, call.dailyLeft == nil, let retryAt = call.retryAt,
            block.map({ $0.retryAt! < retryAt }) ?? true
        {
            block = call
        }
    }
}
