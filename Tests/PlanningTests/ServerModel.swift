/// A server's side of the limits, written plainly so that it shares no idea with the planner: a list of
/// arrivals, a loop that drips, a counter. Its instants are microseconds since 1970, finer than the
/// planner's, so that the effect of cut fractions shows.
final class TrailingMinute {
    var capacity: Int
    private var arrivals: [(at: Int64, tokens: Int)] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    func total(at now: Int64) -> Int {
        arrivals.filter { now - $0.at <= 60_000_000 }.map(\.tokens).reduce(0, +)
    }

    func admits(_ tokens: Int, at now: Int64) -> Bool {
        arrivals.removeAll { now - $0.at > 60_000_000 }
        guard total(at: now) + tokens <= capacity else { return false }
        arrivals.append((now, tokens))
        return true
    }
}

/// Whole tokens drip in one by one, the first one drip interval after the bucket was last full.
final class DrippingBucket {
    var capacity: Int
    var dripsPerMinute: Int64
    private var tokens: Int
    private var dripping: (since: Int64, drips: Int64)?

    init(capacity: Int, dripsPerMinute: Int) {
        self.capacity = capacity
        self.dripsPerMinute = Int64(dripsPerMinute)
        tokens = capacity
    }

    func level(at now: Int64) -> Int {
        while let (since, drips) = dripping {
            let next = since + ((drips + 1) * 60_000_000 + dripsPerMinute - 1) / dripsPerMinute
            guard next <= now else { break }
            tokens += 1
            dripping = tokens == capacity ? nil : (since, drips + 1)
        }
        return tokens
    }

    /// Whole seconds until it holds this many, as in the refusal.
    func seconds(until wanted: Int, at now: Int64) -> Int64 {
        let missing = Int64(wanted - level(at: now))
        guard missing > 0, let (since, drips) = dripping else { return 0 }
        let at = since + ((drips + missing) * 60_000_000 + dripsPerMinute - 1) / dripsPerMinute
        return (at - now + 999_999) / 1_000_000
    }

    func admits(_ wanted: Int, at now: Int64) -> Bool {
        guard wanted <= level(at: now) else { return false }
        tokens -= wanted
        if dripping == nil && wanted > 0 { dripping = (now, 0) }
        return true
    }
}

/// A counter that is reset at every 00:00 UTC.
final class DayCounter {
    static let day: Int64 = 86_400_000_000

    var allowance: Int
    private(set) var left: Int
    private var resetAt: Int64

    init(allowance: Int, from now: Int64) {
        self.allowance = allowance
        left = allowance
        resetAt = (now / Self.day + 1) * Self.day
    }

    func turn(to now: Int64) {
        while now >= resetAt {
            resetAt += Self.day
            left = allowance
        }
    }

    func admits(_ tokens: Int, at now: Int64) -> Bool {
        turn(to: now)
        guard tokens <= left else { return false }
        left -= tokens
        return true
    }

    /// As in `msBeforeNextDailyToken`.
    func millisecondsLeft(at now: Int64) -> Int64 {
        (resetAt - now) / 1_000
    }
}
