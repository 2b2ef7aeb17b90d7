import Planning

/// Two calls in each of two lanes, replayed in one given order of their twelve events against a pool's
/// counter. Every event has an instant of its own, a second after the previous one.
struct TwoLanes {
    /// The products of each call: images 7 then 3, barcodes 10 then 20.
    private static let products = [[7, 3], [10, 20]]
    private static let lanes: [Endpoint] = [.images, .barcodes]

    private let begin = Timestamp.noon
    private let counter = DayCounter(
        allowance: 150_000, from: Timestamp.noon.milliseconds * 1_000)
    private var now = Timestamp.noon
    private var steps = [0, 0]
    private var balances = [0, 0]
    /// The call that gets no reply, though the server counted it: its number in the order of lanes.
    private let lost: Int?

    private(set) var ledger: Ledger
    /// The drift of each call that was answered, in the order of their ends.
    private(set) var drifts: [Int?] = []

    /// - Parameter anchored: Whether a call before these gave a balance.
    init(anchored: Bool = true, lost: Int? = nil) {
        self.lost = lost
        let before = LedgerEntry.settled(
            1, .images, 1, from: begin.after(-9_000), to: begin.after(-8_000), left: 150_000)
        ledger = Ledger(anchored ? [before] : [])
    }

    var trueLeft: Int { counter.left }
    var level: Int { DailyPool.asinscope.level(ledger, at: now).tokens }
    var isOpen: Bool { ledger.entries.contains { $0.settledAt == nil } }

    /// The level as it is calculated from the entries that Storage must load.
    var levelFromHorizon: Int {
        let horizon = DailyPool.asinscope.horizon(ledger, at: now)
        let loaded = ledger.entries.filter { $0.settledAt.map { $0 >= horizon } ?? true }
        return DailyPool.asinscope.level(Ledger(loaded), at: now).tokens
    }

    /// A lane's next event: its call starts, is counted by the server, ends.
    mutating func step(_ lane: Int) {
        now = now.after(1_000)
        let call = steps[lane] / 3
        let endpoint = Self.lanes[lane]
        let asked = jobs(Self.products[lane][call])
        let tokens = endpoint.tariff.cost(of: asked.count)
        switch steps[lane] % 3 {
        case 0:
            let id = (ledger.entries.last?.id ?? 0) + 1
            ledger.entries.append(.open(id, endpoint, tokens, from: now))
        case 1:
            guard counter.admits(tokens, at: now.milliseconds * 1_000) else { break }
            balances[lane] = counter.left
        default:
            let index = ledger.entries.lastIndex { $0.endpoint == endpoint.name }!
            let open = ledger.entries[index]
            let isLost = lost == lane * 2 + call
            let settlement = Planner.resolve(
                isLost
                    ? .failed(status: nil, message: "timeout")
                    : answer(asked, left: balances[lane], resetsIn: .midnight - now),
                of: open, jobs: asked, endpoint: endpoint, ledger: ledger, at: now)
            if !isLost { drifts.append(settlement.driftTokens) }
            ledger.entries[index] = open.settled(as: settlement, at: now)
        }
        steps[lane] += 1
    }

    /// All 924 orders of the two lanes' six events each.
    static let orders: [[Int]] = orders(6, 6)

    private static func orders(_ first: Int, _ second: Int) -> [[Int]] {
        if first == 0 { return [Array(repeating: 1, count: second)] }
        if second == 0 { return [Array(repeating: 0, count: first)] }
        return orders(first - 1, second).map { [0] + $0 }
            + orders(first, second - 1).map { [1] + $0 }
    }
}
