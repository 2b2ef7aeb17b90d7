internal import Sandbox

/// Generates workloads that differ as users' do.
struct WorkloadDice {
    enum Habit: CaseIterable {
        /// One file for one endpoint, or the same for both.
        case bulk
        /// A few products from time to time.
        case trickle
        /// A user who waits for an answer: priority 0.
        case interactive
        /// The same list again, before it is done or after.
        case duplicates
        /// A list that is cancelled half-way.
        case cancelled
        /// More work than the days' tokens allow.
        case overPool
    }

    private var dice: SplitMix64
    private let figures: LimitProfile
    /// The first provider's endpoints, all for ASINs.
    private let endpoints: [String]
    private let startMicroseconds: Int64
    private let spanMicroseconds: Int64
    private let days: Int

    init(
        seed: UInt64, figures: LimitProfile, endpoints: [String], startMicroseconds: Int64,
        days: Int
    ) {
        dice = SplitMix64(seed: seed, stream: "workload")
        self.figures = figures
        self.endpoints = endpoints
        self.startMicroseconds = startMicroseconds
        self.days = days
        spanMicroseconds = Int64(days) * 86_400_000_000
    }

    /// - Parameter extra: ASINs to include, by endpoint.
    mutating func workload(extra: [String: [String]]) -> Workload {
        var workload = Workload()
        let habits = Habit.allCases.filter { _ in dice.happens(0.35) }
        for habit in habits.isEmpty ? [.bulk] : habits { add(habit, to: &workload) }
        workload.add(extra, atMicroseconds: startMicroseconds)
        workload.submissions.sort { $0.atMicroseconds < $1.atMicroseconds }
        return workload
    }

    private mutating func add(_ habit: Habit, to workload: inout Workload) {
        switch habit {
        case .bulk:
            let count = bulkCount()
            for endpoint in chosen() {
                workload.add(count, at: endpoint, atMicroseconds: instant(within: 0.1))
            }
        case .trickle:
            let endpoint = dice.pick(endpoints)
            for _ in 0..<dice.within(10...80) {
                workload.add(
                    dice.within(1...7), at: endpoint, atMicroseconds: instant(within: 1),
                    priority: dice.within(1...9))
            }
        case .interactive:
            for _ in 0..<dice.within(3...30) {
                workload.add(
                    dice.within(1...figures.batchLimit), at: dice.pick(endpoints),
                    atMicroseconds: instant(within: 1), priority: 0)
            }
        case .duplicates:
            let endpoint = dice.pick(endpoints)
            let products = workload.take(dice.within(1...bulkCount()))
            for _ in 0..<dice.within(2...4) {
                workload.submissions.append(
                    Submission(
                        atMicroseconds: instant(within: 1), endpoint: endpoint, products: products))
            }
        case .cancelled:
            let label = "spring"
            let at = instant(within: 0.3)
            for endpoint in chosen() {
                workload.add(bulkCount(), at: endpoint, atMicroseconds: at, label: label)
            }
            workload.cancellations.append((at + instant(within: 0.3) - startMicroseconds, label))
        case .overPool:
            let count = figures.name == LimitProfile.documented.name ? bulkCount() : overPoolCount()
            for endpoint in chosen() {
                workload.add(
                    count, at: endpoint, atMicroseconds: startMicroseconds,
                    priority: dice.within(3...7))
            }
        }
    }

    /// One of the endpoints, or all.
    private mutating func chosen() -> [String] {
        let number = dice.below(endpoints.count + 1)
        return number < endpoints.count ? [endpoints[number]] : endpoints
    }

    private mutating func instant(within share: Double) -> Int64 {
        let most = Int64(Double(spanMicroseconds) * share)
        return startMicroseconds + Int64(dice.below(Int(most / 1_000))) * 1_000
    }

    /// At most a twentieth of a day's tokens if these are many, so that an ordinary run is short.
    private mutating func bulkCount() -> Int {
        let most = figures.dailyTokens / (figures.dailyTokens > 20_000 ? 20 : 3)
        return dice.within(1...most)
    }

    private mutating func overPoolCount() -> Int {
        figures.dailyTokens * days / 10 * dice.within(5...15)
    }
}

extension SplitMix64 {
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }
}
