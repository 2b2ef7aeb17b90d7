internal import Planning

/// What each lane is at, in words, and whether all of them get on.
struct LaneProgress {
    /// What a claim came to.
    enum Step: Equatable, Sendable {
        case calling(products: Int)
        case holding(Hold, until: Timestamp?)
        /// The disk is full: the lane tries again, and nothing but a person mends it.
        case waitingForRoom
    }

    private struct Standing {
        var endpoint: Endpoint
        /// Of the last step; a transaction is over too soon to be told of.
        var words: String?
        /// When the step that it is at must be over.
        var dueAt: ContinuousClock.Instant
    }

    /// A transaction waits 5 s for a lock, behind those of the other lanes and perhaps a checkpoint.
    private static let transactionAtMost = Duration.seconds(60)
    /// A hold lasts 30 s at the most, and a call as long as its timeout; this much later it is over on
    /// a machine that is busy.
    private static let grace = Duration.seconds(10)

    static let fullDisk = "the disk is full"

    private var lanes: [Standing]

    init(_ endpoints: [Endpoint], at now: ContinuousClock.Instant) {
        lanes = endpoints.map { Standing(endpoint: $0, dueAt: now + Self.transactionAtMost) }
    }

    /// The longest time between two claims of a lane that gets on: a call, its settlement, the claim.
    static func roundAtMost(_ endpoints: [Endpoint]) -> Duration {
        let longest = endpoints.map(\.timeout).max() ?? .zero
        return max(longest, Lane.longestSleep) + grace + transactionAtMost * 2
    }

    mutating func note(_ step: Step, of endpoint: String, at now: ContinuousClock.Instant) {
        guard let index = lanes.firstIndex(where: { $0.endpoint.name == endpoint }) else { return }
        switch step {
        case .calling(let products):
            lanes[index].dueAt = now + lanes[index].endpoint.timeout + Self.grace
            lanes[index].words = "calling for \(products)"
        case .holding(let hold, let until):
            lanes[index].dueAt = now + Lane.longestSleep + Self.grace
            lanes[index].words =
                hold.rawValue + (until.map { " until \(Self.clock($0)) UTC" } ?? "")
        case .waitingForRoom:
            lanes[index].dueAt = now + Lane.longestSleep + Self.grace
            lanes[index].words = Self.fullDisk
        }
    }

    /// The lane claims or settles.
    mutating func noteTransaction(of endpoint: String, at now: ContinuousClock.Instant) {
        guard let index = lanes.firstIndex(where: { $0.endpoint.name == endpoint }) else { return }
        lanes[index].dueAt = now + Self.transactionAtMost
    }

    /// The lane has ended, so nothing more is expected of it.
    mutating func leave(_ endpoint: String) {
        lanes.removeAll { $0.endpoint.name == endpoint }
    }

    /// Whether no lane is at a step for longer than that may take.
    func isMoving(at now: ContinuousClock.Instant) -> Bool {
        lanes.allSatisfy { now <= $0.dueAt }
    }

    /// nil until each lane has come to something.
    var line: String? {
        let parts = lanes.compactMap { lane in lane.words.map { "\(lane.endpoint.name): \($0)" } }
        return parts.count == lanes.count && !parts.isEmpty ? parts.joined(separator: "; ") : nil
    }

    /// The time of day; the date of a hold is in `asinqd status`.
    private static func clock(_ instant: Timestamp) -> String {
        let seconds = instant.milliseconds / 1_000 % 86_400
        return [seconds / 3_600, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
