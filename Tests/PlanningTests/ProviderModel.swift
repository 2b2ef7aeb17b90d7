import Planning
import TestSupport

/// The provider's side of a virtual run: decides each call at one instant, in microseconds.
final class ProviderModel {
    private let window: TrailingMinute
    private let bucket: DrippingBucket
    let pool: DayCounter
    /// While one of these is in a request, the server fails or refuses all of it.
    var failing: Set<String> = []
    var unacceptable: Set<String> = []
    /// The server answers only errors, and counts nothing.
    var outage: Range<Int64> = 0..<0
    /// One in this many answers is lost on its way, though counted. 0: none.
    var losesOneIn = 0

    init(allowance: Int = 150_000, from now: Int64) {
        window = TrailingMinute(capacity: 500)
        bucket = DrippingBucket(capacity: 120, dripsPerMinute: 60)
        pool = DayCounter(allowance: allowance, from: now)
    }

    /// Subtracts the tokens of another client on the same key.
    func spendElsewhere(_ tokens: Int, at endpoint: String, _ now: Int64) {
        let isAdmitted =
            endpoint == "images" ? bucket.admits(tokens, at: now) : window.admits(tokens, at: now)
        if isAdmitted { _ = pool.admits(tokens, at: now) }
    }

    func judge(
        _ endpoint: String, _ products: [String], at now: Int64, _ random: inout SplitMix64
    ) -> CallOutcome {
        if outage.contains(now) { return .failed(status: 503, message: "down") }
        if products.contains(where: unacceptable.contains) {
            return .rejected(status: 400, message: "Bad ASIN")
        }
        if products.contains(where: failing.contains) {
            return .failed(status: 500, message: "oops")
        }
        pool.turn(to: now)
        let isImages = endpoint == "images"
        let tokens = isImages ? products.count : (products.count + 9) / 10 * 10
        guard tokens <= pool.left else {
            let minutes = pool.millisecondsLeft(at: now) / 60_000
            return .rateLimited(.day, hint: .seconds(minutes * 60), message: "Daily limit reached")
        }
        let isAdmitted =
            isImages ? bucket.admits(tokens, at: now) : window.admits(tokens, at: now)
        guard isAdmitted else {
            let seconds = isImages ? bucket.seconds(until: tokens, at: now) : 1
            return .rateLimited(.minute, hint: .seconds(seconds), message: "Not enough capacity")
        }
        _ = pool.admits(tokens, at: now)
        if losesOneIn > 0 && random.once(in: losesOneIn) {
            return .failed(status: nil, message: "cut off")
        }
        let items = products.map { ($0, Item(isFound: true, body: "{}")) }
        return .succeeded(
            Answer(
                items: Dictionary(uniqueKeysWithValues: items), dailyRemaining: pool.left,
                resetsIn: .milliseconds(pool.millisecondsLeft(at: now))))
    }
}
