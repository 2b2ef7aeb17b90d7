import Planning
import TestSupport

/// Two lanes of one provider at a random moment: their jobs and their spending.
struct RandomMoment {
    let now: Timestamp
    let ledger: Ledger
    let ready: [String: [Job]]
    let paused: Set<String>
    let waiting: [String: [Int]]
    private let nextDueAt: Timestamp?

    static let endpoints: [Endpoint] = [.images, .barcodes]

    /// - Parameter isStanding: Whether calls may be open, and lanes paused, halted or backing off.
    init(seed: UInt64, isStanding: Bool) {
        var random = SplitMix64(seed: seed)
        let beforeReset = random.pick([1, 999, 30_000, 600_000, 7_200_000, 86_000_000])
        let now = Timestamp.midnight.after(-random.within(1...beforeReset))
        nextDueAt = random.once(in: 3) ? now.after(random.within(1...600_000)) : nil
        paused =
            isStanding && random.once(in: 10) ? [random.pick(["images", "barcodes"])] : []
        var entries: [LedgerEntry] = []
        var end = now.after(-random.within(0...240_000))
        var left = random.pick([3, 40, 700, 9_000, 150_000])
        let isBusy = random.once(in: 4)
        for id in 1...Int64(random.within(1...12)) {
            let endpoint = isBusy ? .barcodes : random.pick(Self.endpoints)
            let tokens = isBusy ? 100 : random.within(1...10) * 10
            end = min(now, end.after(random.within(0...30_000)))
            left = max(0, left - tokens)
            entries.append(
                .settled(
                    id, endpoint, tokens, from: end.after(-random.within(0...20_000)), to: end,
                    isStanding ? random.pick(LedgerEntry.Outcome.allCases) : .succeeded,
                    left: random.once(in: 3) ? nil : left, reset: .midnight.after(random.below(50)),
                    retryAt: isStanding && random.once(in: 4)
                        ? end.after(random.within(1...300_000)) : nil,
                    fullAt: endpoint == .images ? end.after(random.within(0...120_000)) : nil))
        }
        if isStanding && random.once(in: 3) {
            let start = now.after(-random.within(0...70_000))
            entries.append(.open(99, random.pick(Self.endpoints), 30, from: start))
        }
        ledger = Ledger(entries)
        var ready: [String: [Job]] = [:]
        var waiting: [String: [Int]] = [:]
        for endpoint in Self.endpoints {
            let priorities = random.pick([[0, 1, 5], [1, 5, 5, 9], [5]])
            let count = random.pick([0, 1, 7, 9, 10, 55, 101])
            let jobs = (0..<count)
                .map { index in
                    Job(
                        id: Int64(index), product: "P\(index)",
                        priority: random.pick(priorities),
                        enqueuedAt: now.after(-random.within(0...4_000)),
                        batchLimit: random.pick([1, 5, 25, 100, 100, 100]))
                }
                .sorted { ($0.priority, $0.id) < ($1.priority, $1.id) }
            waiting[endpoint.name] = (0...9).map { priority in
                jobs.count { $0.priority == priority }
                    + (random.once(in: 4) ? random.below(5_000) : 0)
            }
            ready[endpoint.name] = jobs
        }
        self.now = now
        self.ready = ready
        self.waiting = waiting
    }

    func snapshot(_ endpoint: Endpoint) -> Snapshot {
        Snapshot(
            endpoint: endpoint, isPaused: paused.contains(endpoint.name),
            ready: ready[endpoint.name]!, nextDueAt: nextDueAt, ledger: ledger,
            peers: Self.endpoints.filter { $0 != endpoint }.map {
                PoolPeer(
                    endpoint: $0, isPaused: paused.contains($0.name), waiting: waiting[$0.name]!)
            })
    }
}
