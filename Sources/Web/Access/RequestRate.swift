internal import Planning
internal import Synchronization

/// The requests that each caller may send: a token bucket by the caller's name.
final class RequestRate: Sendable {
    static let perSecond = 200.0
    static let burst = 400.0

    private let buckets = Mutex<[String: (level: Double, at: Timestamp)]>([:])

    /// Takes one request from the bucket of `name`.
    /// - Returns: Whether it was there.
    func allows(_ name: String, at now: Timestamp) -> Bool {
        buckets.withLock { buckets in
            let last = buckets[name] ?? (Self.burst, now)
            let seconds = max(0, Double((now - last.at).milliseconds) / 1_000)
            let level = min(Self.burst, last.level + seconds * Self.perSecond)
            buckets[name] = (max(0, level - 1), now)
            return level >= 1
        }
    }
}
