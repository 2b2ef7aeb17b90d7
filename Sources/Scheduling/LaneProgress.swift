internal import Planning

/// The current step of each lane, as text, and whether all of them make progress.
struct LaneProgress {
    /// The result of a claim.
    enum Step: Equatable, Sendable {
        case calling(products: Int)
        case holding(Hold, until: Timestamp?)
        /// The disk is full: the lane tries again, and only a person can free space.
        case waitingForSpace
    }

    private struct Standing {
        let id: LaneID
        let endpoint: Endpoint
        /// Text of the last step; a transaction is too short to be reported.
        var words: String?
        /// When the current step must be over.
        var dueAt: ContinuousClock.Instant

        /// The part that distinguishes it from the others.
        var name: String {
            let account = id.account == endpoint.provider ? "" : "\(id.account) "
            return account + id.endpoint + (id.slot > 0 ? " \(id.slot + 1)" : "")
        }
    }

    /// A transaction waits 5 s for a lock, after those of the other lanes and perhaps a checkpoint.
    private static let transactionMax = Duration.seconds(60)
    /// A sleep lasts at most 30 s, and a call as long as its timeout; on a busy machine they may end this
    /// much later.
    private static let grace = Duration.seconds(10)

    static let fullDisk = "the disk is full"

    private var lanes: [Standing]

    init(_ endpoints: [Endpoint], at now: ContinuousClock.Instant) {
        lanes = endpoints.flatMap { endpoint in
            endpoint.lanes.map {
                Standing(id: $0, endpoint: endpoint, dueAt: now + Self.transactionMax)
            }
        }
    }

    /// The longest time between two claims of a lane that makes progress: a call, its settlement, the claim.
    static func roundMax(_ endpoints: [Endpoint]) -> Duration {
        let longest = endpoints.map(\.timeout).max() ?? .zero
        return max(longest, LaneMachine.sleepMax) + grace + transactionMax * 2
    }

    mutating func note(_ step: Step, of lane: LaneID, at now: ContinuousClock.Instant) {
        guard let index = lanes.firstIndex(where: { $0.id == lane }) else { return }
        switch step {
        case .calling(let products):
            lanes[index].dueAt = now + lanes[index].endpoint.timeout + Self.grace
            lanes[index].words = "calling for \(products)"
        case .holding(let hold, let until):
            lanes[index].dueAt = now + LaneMachine.sleepMax + Self.grace
            lanes[index].words =
                hold.rawValue + (until.map { " until \(Self.clock($0)) UTC" } ?? "")
        case .waitingForSpace:
            lanes[index].dueAt = now + LaneMachine.sleepMax + Self.grace
            lanes[index].words = Self.fullDisk
        }
    }

    /// The lane claims or settles.
    mutating func noteTransaction(of lane: LaneID, at now: ContinuousClock.Instant) {
        guard let index = lanes.firstIndex(where: { $0.id == lane }) else { return }
        lanes[index].dueAt = now + Self.transactionMax
    }

    /// The lane has ended, so no further step is expected of it.
    mutating func leave(_ lane: LaneID) {
        lanes.removeAll { $0.id == lane }
    }

    /// Whether no lane has been at a step for longer than that may take.
    func isMoving(at now: ContinuousClock.Instant) -> Bool {
        lanes.allSatisfy { now <= $0.dueAt }
    }

    /// nil until each lane has had a step.
    var line: String? {
        let parts = lanes.compactMap { lane in lane.words.map { "\(lane.name): \($0)" } }
        return parts.count == lanes.count && !parts.isEmpty ? parts.joined(separator: "; ") : nil
    }

    /// The time of day; the date of a hold is in `asinqd status`.
    private static func clock(_ instant: Timestamp) -> String {
        let seconds = instant.milliseconds / 1_000 % 86_400
        return [seconds / 3_600, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
