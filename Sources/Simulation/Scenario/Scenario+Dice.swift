internal import Planning
internal import Providers
internal import Sandbox

extension Scenario {
    /// The scenario of a seed.
    ///
    /// - Parameters:
    ///   - days: How long work is added and faults last.
    ///   - faults: The kinds of faults; nil lets the seed choose.
    ///   - backlog: The work, and its figures; nil lets the seed choose.
    ///   - sources: The providers that the run may have work for. The first is in every run.
    init(
        seed: UInt64, days: Int, faults chosen: Set<FaultKind>?, backlog: SimulatedBacklog?,
        sources: [SimulationSource]
    ) {
        var dice = SplitMix64(seed: seed, stream: "scenario")
        let drawn = dice.pick([LimitProfile.tenth, .tenth, .trial, .trial, .documented])
        let figures = backlog?.figures ?? drawn
        let faults =
            chosen ?? Self.faults(seed: seed, &dice)
        let timeOfDay: Int64 =
            switch dice.below(4) {
            case 0: 86_400_000 - Int64(dice.within(1...900_000))
            case 1: Int64(dice.below(86_400_000))
            default: 0
            }
        let start = Self.midnightMicroseconds + (backlog == nil ? timeOfDay * 1_000 : 0)
        self.init(
            figures: figures, faults: faults, startMicroseconds: start,
            calmAtMicroseconds: start + Int64(days) * 86_400_000_000)
        let drawnLatency = dice.pick([1...20, 50...300, 50...500])
        latencyMilliseconds = backlog?.latencyMilliseconds ?? drawnLatency
        let countsTens = dice.pick([false, true])
        serverPhaseMicroseconds = Int64(dice.below(1_000))
        let mayBeOnFile = dice.below(5) == 0
        for fault in faults.sorted() { add(fault, seed: seed, days: days) }
        // Dice of their own, so that a seed with one account keeps what it had before.
        var accountDice = SplitMix64(seed: seed, stream: "accounts")
        let draw = SimulationDraw(
            seed: seed, days: days, faults: faults, startMicroseconds: start, profile: figures,
            countsTens: countsTens,
            accounts: backlog?.accounts ?? (accountDice.happens(0.25) ? 2 : 1), backlog: backlog)
        let sides = sources.map { (source: $0, accounts: $0.accounts(draw)) }
            .filter { !$0.accounts.isEmpty }
        accounts = sides.flatMap(\.accounts)
        let endpoints = accounts.first?.account.endpoints.map(\.name) ?? []
        let extra = extra(seed: seed, endpoints: endpoints)
        // Products of schedules are ASINs, as those of the catalog's first provider.
        schedule =
            backlog.map(\.schedule)
            ?? (accounts.first?.account.definition.endpoints.first?.form == .asin
                ? SimulatedSchedule.drawn(seed: seed, endpoints: endpoints, figures: figures) : nil)
        if let backlog {
            workload = Workload(backlog, of: sides, extra: extra, atMicroseconds: start)
        } else {
            var workloadDice = WorkloadDice(
                seed: seed, figures: figures, endpoints: endpoints, startMicroseconds: start,
                days: days)
            workload = workloadDice.workload(extra: extra)
        }
        isOnFile = mayBeOnFile && workload.productCount <= Self.productsOnFileMax
        if backlog == nil {
            for side in sides { side.source.addWork(draw, &workload) }
            workload.submissions.sort { $0.atMicroseconds < $1.atMicroseconds }
            if draw.accounts > 1 { nameAccounts(&accountDice) }
        }
    }

    /// Later kinds have generators of their own, so that a seed keeps its earlier scenario.
    private static func faults(seed: UInt64, _ dice: inout SplitMix64) -> Set<FaultKind> {
        var faults: Set<FaultKind> = []
        for kind in FaultKind.allCases where kind != .rejects && dice.happens(0.25) {
            faults.insert(kind)
        }
        var own = SplitMix64(seed: seed, stream: "whether the server rejects")
        if own.happens(0.25) { faults.insert(.rejects) }
        return faults
    }

    /// A part of the work names the account that must do it. Products that spoil their batches do not: what
    /// is fed next to them names none either.
    private mutating func nameAccounts(_ dice: inout SplitMix64) {
        for index in workload.submissions.indices where dice.happens(0.2) {
            let submission = workload.submissions[index]
            let owners = accounts.filter {
                $0.account.endpoints.contains { $0.name == submission.endpoint }
            }
            if submission.extra.isEmpty {
                workload.submissions[index].account = dice.pick(owners).account.name
            }
        }
    }

    /// A commit to a file waits for the disk, some milliseconds each time.
    private static let productsOnFileMax = 2_000

    /// Each kind has a generator of its own, so that switching one on leaves the others as they were.
    private mutating func add(_ fault: FaultKind, seed: UInt64, days: Int) {
        var dice = SplitMix64(seed: seed, stream: fault.rawValue)
        switch fault {
        case .latency:
            troubledLatencyMilliseconds = dice.pick([500...5_000, 2_000...25_000, 5_000...120_000])
        case .lost:
            serverFaults.cut = dice.share(0.01...0.2)
            serverFaults.hang = dice.share(0...0.05)
        case .errors:
            serverFaults.errors = dice.share(0.02...0.3)
        case .outage:
            outages = spans(1...3, minutes: 5...360, days: days, &dice)
        case .poison:
            let asins = (14_000_000..<14_000_000 + dice.within(1...5)).map(SampleProducts.asin)
            let split = dice.within(0...asins.count)
            poison = Set(asins[..<split])
            rejected = Set(asins[split...])
        case .absent:
            break
        case .unreadable:
            serverFaults.truncate = dice.share(0.01...0.1)
            serverFaults.html = dice.share(0.01...0.1)
            serverFaults.foreign = dice.share(0...0.2)
        case .rival:
            serverFaults.rivalTokensPerMinute = max(
                1, figures.dailyTokens * dice.pick([5, 30, 100, 500]) / 100 / 1_440)
        case .balance:
            serverFaults.balance = dice.share(0.02...0.5)
        case .clock:
            clockSteps = instants(1...4, days: days, &dice).map { at in
                let most = dice.pick([2_000, 120_000, 21_600_000])
                return (at, Int64(dice.within(-most...most)))
            }
            driftPPM = Int64(dice.within(-200...200))
        case .kill:
            kills = instants(1...30, days: days, &dice).map { at in
                Kill(
                    atMicroseconds: at, point: dice.pick(KillPoint.allCases),
                    downMicroseconds: Int64(
                        dice.pick([0, 1_000, 300_000, 30_000_000, 3_600_000_000]))
                )
            }
        case .commit:
            fullDisk = spans(1...4, minutes: 1...30, days: days, &dice)
        case .rejects:
            rejections = spans(1...3, minutes: 5...240, days: days, &dice)
        case .daemons:
            secondDaemon = spans(1...1, minutes: 10...600, days: days, &dice)[0]
        }
    }

    /// The addition of a fault to the workload, by endpoint.
    private func extra(seed: UInt64, endpoints: [String]) -> [String: [String]] {
        var dice = SplitMix64(seed: seed, stream: "extra")
        var extra: [String: [String]] = [:]
        for asin in spoiling.sorted() {
            extra[dice.pick(endpoints), default: []].append(asin)
        }
        if faults.contains(.absent) {
            for endpoint in endpoints { extra[endpoint, default: []] += SampleProducts.unknown }
        }
        return extra
    }

    /// Half of them are in the first hours, when most of the work is done.
    private func instants(
        _ count: ClosedRange<Int>, days: Int, _ dice: inout SplitMix64
    ) -> [Int64] {
        (0..<dice.within(count)).map { _ in
            let most = dice.happens(0.5) ? 7_200_000 : days * 86_400_000
            return startMicroseconds + Int64(dice.below(most)) * 1_000
        }.sorted()
    }

    private func spans(
        _ count: ClosedRange<Int>, minutes: ClosedRange<Int>, days: Int, _ dice: inout SplitMix64
    ) -> [Range<Int64>] {
        instants(count, days: days, &dice).map { at in
            let end = at + Int64(dice.within(minutes)) * 60_000_000
            return at..<max(at, min(end, calmAtMicroseconds))
        }
    }
}

extension SplitMix64 {
    fileprivate mutating func share(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double(below(1_001)) / 1_000
    }
}
